/// Reads one connection of a connections file, and finds everything wrong with it.
struct DesiredConnectionReader {
  let registry: PluginRegistry
  var mistakes: [ConnectionsFileMistake] = []
  var secretPlaces: [TextPlace] = []
  private var plugin = PluginDescriptor.generic("")
  private var values = JSONObject()
  private var secrets: [DesiredSecret] = []
  private var labels: [String: String] = [:]
  /// The fields that are there, with a mistake or without.
  private var given: Set<String> = []

  init(registry: PluginRegistry) { self.registry = registry }

  private static let madeByDevLake = ["id", "createdAt", "updatedAt"]

  mutating func read(_ value: PlacedValue) -> DesiredConnection? {
    guard let members = value.members else {
      mistake("a connection must be a mapping with 'plugin' and 'name'", at: value.place)
      return nil
    }
    hideSecrets(of: members)
    guard let pluginPlace = readPlugin(members, at: value.place) else { return nil }
    let name = text("name", of: members, at: value.place, isRequired: true)
    let old = text("renamedFrom", of: members, at: value.place, isRequired: false)
    let ownKeys = ["plugin", "name", "renamedFrom", "expires"]
    for member in members where !ownKeys.contains(member.key) {
      read(member)
    }
    let place = name?.place ?? value.place
    let method = authMethod(at: place)
    deriveEndpoint(method, at: place)
    var connection = DesiredConnection(
      plugin: plugin,
      name: name?.text ?? "",
      renamedFrom: old?.text == name?.text ? nil : old?.text,
      values: values,
      secrets: secrets,
      organization: labels["organization"],
      enterprise: labels["enterprise"],
      expires: expires(of: members),
      authMethod: method,
      place: place,
      pluginPlace: pluginPlace
    )
    connection.methodPlace = members.first { $0.key == "authMethod" }?.value.place
    check(connection)
    return name == nil ? nil : connection
  }

  /// Before anything can go wrong: no message may show one.
  private mutating func hideSecrets(of members: [PlacedValue.Member]) {
    let plugin = members.first { $0.key == "plugin" }.flatMap { $0.value.scalar?.string }
      .map { registry.descriptor(for: $0) }
    for member in members {
      if isHidden(member.key, of: plugin) {
        for value in Self.values(in: member.value) {
          let text = value.scalar?.string ?? ""
          if !["env:", "file:"].contains(where: text.hasPrefix) {
            secretPlaces.append(value.place)
          }
        }
      } else if let text = member.value.scalar?.string,
        ServerText.withoutCredentials(text) != text
      {
        secretPlaces.append(member.value.place)
      }
    }
  }

  /// The value, or everything in it that may be a secret: of a header its name is none.
  private static func values(in value: PlacedValue) -> [PlacedValue] {
    switch value.content {
    case .scalar: [value]
    case .list(let elements): elements.flatMap(values)
    case .mapping(let members): members.filter { $0.key != "key" }.flatMap { values(in: $0.value) }
    }
  }

  /// Whether the value of a key may be a secret: it is one, or nobody knows the key, which may be a
  /// mistyped one.
  private func isHidden(_ key: String, of plugin: PluginDescriptor?) -> Bool {
    if plugin?.secretFields.contains(key) == true || SecretFields.isSecret(key)
      || SecretNames.isSecret(key)
    {
      return true
    }
    let common = ["plugin", "name", "renamedFrom", "organization", "enterprise", "expires"]
    if common.contains(key) || Self.madeByDevLake.contains(key) { return false }
    guard let plugin else {
      return !registry.plugins.contains { $0.field(key) != nil }
    }
    return plugin.isKnown && plugin.field(key) == nil
  }

  private mutating func readPlugin(
    _ members: [PlacedValue.Member],
    at place: TextPlace
  ) -> TextPlace? {
    guard let found = text("plugin", of: members, at: place, isRequired: true) else { return nil }
    plugin = registry.descriptor(for: found.text)
    if !plugin.isKnown {
      mistakes.append(
        ConnectionsFileMistake(
          message: "no plugin named '\(ServerText.line(found.text))'",
          place: found.place,
          unknown: .init(word: found.text, known: registry.names, isPlugin: true),
          weight: .errorIfMistyped
        )
      )
    }
    return found.place
  }

  private mutating func text(
    _ key: String,
    of members: [PlacedValue.Member],
    at place: TextPlace,
    isRequired: Bool
  ) -> (text: String, place: TextPlace)? {
    guard let member = members.first(where: { $0.key == key }), !member.value.json.isNull else {
      if isRequired { mistake("the connection has no '\(key)'", at: place) }
      return nil
    }
    guard let text = Self.text(member.value) else {
      mistake("'\(key)' must be text", at: member.value.place, help: "write it in quotes")
      return nil
    }
    guard key != "plugin" else {
      if text.isEmpty { mistake("the plugin is empty; name one", at: member.value.place) }
      return text.isEmpty ? nil : (text, member.value.place)
    }
    do throws(FieldMistake) {
      // What it was called before may break today's rules.
      if key == "name" { try ConnectionName.check(text) }
      return (text, member.value.place)
    } catch {
      mistake(error.description, at: member.value.place)
      return nil
    }
  }

  /// When the secret ends.
  private mutating func expires(of members: [PlacedValue.Member]) -> CalendarDay? {
    guard let member = members.first(where: { $0.key == "expires" }), !member.value.json.isNull
    else { return nil }
    guard let day = Self.text(member.value).flatMap({ CalendarDay(written: $0) }) else {
      mistake("'expires' must be a date", at: member.value.place, help: "write it like 2027-01-31")
      return nil
    }
    return day
  }

  /// A number that is where a text is wanted is meant as it is spelled.
  private static func text(_ value: PlacedValue) -> String? {
    switch value.scalar {
    case .string(let text)?, .number(let text)?: text
    default: nil
    }
  }

  private mutating func read(_ member: PlacedValue.Member) {
    let (key, place) = (member.key, member.value.place)
    guard !Self.madeByDevLake.contains(key) else {
      return mistake("'\(key)' is set by DevLake; leave it out", at: member.place)
    }
    let field = plugin.field(key)
    if field == nil, ["organization", "enterprise"].contains(key), plugin.isKnown,
      plugin.organizationField == nil
    {
      if let text = Self.text(member.value) { labels[key] = text }
      return
    }
    if field == nil, plugin.isKnown {
      let known = ["name", "renamedFrom"] + plugin.fields.map(\.name).filter { $0 != "name" }
      mistakes.append(
        ConnectionsFileMistake(
          message: "\(plugin.displayName) has no field '\(ServerText.line(key))'",
          place: member.place,
          help: "it is sent as is; known fields are \(known.joined(separator: ", "))",
          unknown: .init(word: key, known: known),
          weight: .errorIfMistyped
        )
      )
    }
    if member.value.json.isNull { return }
    given.insert(key)
    if let field, field.isSecret, field.kind == .json, let list = member.value.elements {
      readHeaders(list, field, at: place)
    } else if field?.isSecret ?? Self.isUnknownSecret(key, member.value) {
      readSecret(member, field ?? PluginField(key, .text, mask: .generic, help: key))
    } else if let field, let text = member.value.scalar?.string, Self.isReference(text, to: field) {
      // DevLake shows it in clear, so it can be compared.
      readSecret(member, PluginField(key, .text, mask: PluginField.Mask.none, help: field.help))
    } else if let field {
      do throws(FieldMistake) {
        values[key] = try value(member.value, field)
      } catch {
        mistake(error.description, at: place)
      }
    } else if Self.values(in: member.value).contains(where: Self.isReference) {
      mistake(
        "'\(ServerText.line(key))' has a reference inside a list or record, which is not followed",
        at: place,
        help: "write the value itself"
      )
    } else if plugin.field(key) == nil, member.value.json.text.contains("***") {
      mistake(
        "'\(ServerText.line(key))' contains one of DevLake's masks, which would be stored in its place",
        at: place,
        help: "write where it is, such as env:NAME, or leave it out"
      )
    } else {
      values[key] = member.value.json
    }
  }

  /// Whether a field the catalog lacks holds a secret: its name says so, or what is written is where
  /// its value is.
  private static func isUnknownSecret(_ key: String, _ value: PlacedValue) -> Bool {
    guard value.scalar != nil else { return false }
    if case .bool? = value.scalar { return false }
    return SecretFields.isSecret(key) || isReference(value)
  }

  private static func isReference(_ value: PlacedValue) -> Bool {
    guard let text = value.scalar?.string else { return false }
    return ["env:", "file:", "cmd:"].contains(where: text.hasPrefix)
  }

  /// Whether a URL is given by a reference, as one with a password in it should be.
  private static func isReference(_ text: String, to field: PluginField) -> Bool {
    ["endpoint", "proxy"].contains(field.name)
      && ["env:", "file:", "cmd:"].contains(where: text.hasPrefix)
  }

  private func value(
    _ value: PlacedValue,
    _ field: PluginField
  ) throws(FieldMistake) -> JSONValue {
    if field.kind == .json { return value.json }
    let text: String
    switch value.scalar {
    case .string(let given)?, .number(let given)?: text = given
    case .bool(let flag)? where field.kind == .boolean: return .bool(flag)
    default:
      throw .wrongKind(field: field.name, wanted: "a text; write it in quotes")
    }
    switch field.name {
    // What a newer DevLake has may be known to that one; a slip is told by its likeness.
    case "authMethod" where Self.isForeign(text, to: field): return .string(text)
    case "proxy": try ProxyRules.check(text)
    case "endpoint":
      guard let rules = plugin.endpoint else { break }
      do throws(EndpointMistake) {
        return .string(try rules.normalized(text))
      } catch {
        throw .endpoint(error)
      }
    default: break
    }
    return try field.value(text)
  }

  /// Whether a word is none of a choice's, nor one of them in other letters.
  private static func isForeign(_ text: String, to field: PluginField) -> Bool {
    guard case .choice(let words) = field.kind else { return false }
    return !text.isEmpty && !words.contains { $0.lowercased() == text.lowercased() }
  }

  /// A list of `{key, value}`, each value a reference of its own.
  private mutating func readHeaders(
    _ list: [PlacedValue],
    _ field: PluginField,
    at place: TextPlace
  ) {
    var names: [String] = []
    for element in list {
      let members = element.members ?? []
      guard let key = members.first(where: { $0.key == "key" }).flatMap({ Self.text($0.value) }),
        let value = members.first(where: { $0.key == "value" }), members.count == 2,
        !key.trimmingBlanks.isEmpty
      else {
        mistake(
          "'\(field.name)' must be a list of headers, each with 'key' and 'value'",
          at: element.place,
          help: "write '- key: NAME' and below it 'value: env:NAME'"
        )
        continue
      }
      guard !names.contains(key.lowercased()) else {
        mistake("the header '\(ServerText.line(key))' appears twice", at: element.place)
        continue
      }
      names.append(key.lowercased())
      readSecret(value, field, header: key)
    }
    if list.isEmpty { values[field.name] = .array([]) }
  }

  private mutating func readSecret(
    _ member: PlacedValue.Member,
    _ field: PluginField,
    header: String? = nil
  ) {
    let place = member.value.place
    let write = "write a reference: env:NAME, file:PATH or cmd:COMMAND"
    guard let text = Self.text(member.value) else {
      return mistake(
        "'\(header ?? field.name)' must be a reference to a secret",
        at: place,
        help: write
      )
    }
    guard text != Secret.placeholder else {
      return mistake("'***' is a placeholder, not a secret", at: place, help: write)
    }
    do throws(SecretReferenceError) {
      let reference = try SecretReference(text)
      secrets.append(
        DesiredSecret(field: field, reference: reference, place: place, header: header)
      )
      guard reference.isSpelledOut else { return }
      mistakes.append(
        ConnectionsFileMistake(
          message: "the secret itself is written in the file",
          place: place,
          help: write,
          weight: .warning
        )
      )
    } catch {
      mistake("\(field.name): \(error.description)", at: place, help: write)
    }
  }

  mutating func mistake(_ message: String, at place: TextPlace, help: String? = nil) {
    mistakes.append(ConnectionsFileMistake(message: message, place: place, help: help))
  }

  /// What DevLake makes of another field; a file that says otherwise would never be satisfied.
  private mutating func deriveEndpoint(_ method: AuthMethod?, at place: TextPlace) {
    guard let derivation = plugin.endpoint?.derivation, method?.name == derivation.authMethod,
      let id = values[derivation.field]?.string, !id.isEmpty
    else { return }
    do throws(FieldMistake) {
      let endpoint = try derivation.endpoint(for: id)
      values[derivation.field] = .string(try derivation.checked(id))
      guard let given = values["endpoint"]?.string, given != endpoint else {
        values["endpoint"] = .string(endpoint)
        return
      }
      mistake(
        "DevLake derives the endpoint from '\(derivation.field)' and ignores any other",
        at: place,
        help: "remove 'endpoint', or write \(endpoint)"
      )
    } catch {
      mistake(error.description, at: place)
    }
  }

  /// The authentication the file names, or what it gives tells; the usual one where there is one.
  private mutating func authMethod(at place: TextPlace) -> AuthMethod? {
    guard plugin.storesAuthMethod, let field = plugin.field("authMethod") else {
      return plugin.authMethods.first
    }
    if let name = values["authMethod"]?.string { return plugin.authMethod(named: name) }
    let given = values.keys + secrets.map(\.field.name)
    let method =
      plugin.decidedMethod(given: given)
      ?? values["endpoint"]?.string.flatMap { plugin.endpoint?.choice(for: $0)?.authMethod }
      .flatMap { plugin.authMethod(named: $0) }
      ?? field.standard?.string.flatMap { plugin.authMethod(named: $0) }
    if let method { values["authMethod"] = .string(method.name) }
    return method
  }
}

/// What a connection of the file needs.
extension DesiredConnectionReader {
  fileprivate mutating func check(_ connection: DesiredConnection) {
    var missing: [String] = []
    for field in plugin.fields where connection.requires(field) && !field.isSecret {
      if field.name != "name", connection.secret(field.name) == nil,
        connection.values[field.name].map({ $0 == "" }) ?? true,
        !plugin.hasStandard(field)
      {
        let isMistaken = given.contains(field.name) && connection.values[field.name] == nil
        if !isMistaken { missing.append("'\(field.name)'") }
      }
    }
    if plugin.needsOrganizationOrEnterprise,
      ["organization", "enterprise"].allSatisfy({ (connection.values[$0] ?? "") == "" })
    {
      missing.append("'organization' or 'enterprise'")
    }
    if !missing.isEmpty {
      let names = missing.joined(separator: ", ")
      mistake("a \(plugin.displayName) connection needs \(names)", at: connection.place)
    }
    for secret in connection.secrets where !connection.uses(secret.field) {
      let method = connection.authMethod
      mistake(
        "'\(secret.field.name)' is not used with \(method?.name ?? "this authentication")",
        at: secret.place,
        help: method.map { "its secret is '\($0.secretField)'" }
      )
    }
  }
}
