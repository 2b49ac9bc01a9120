import DevLakeKit

/// What the options of one call say about the fields of one plugin.
struct GivenFields {
  /// Values by DevLake's field name.
  var values: [(field: String, value: JSONValue)] = []
  /// References to secrets by field name, but for `--token`, whose field depends on more.
  var secrets: [(field: PluginField, reference: SecretReference, given: ArgumentValue)] = []
  /// Headers with secret values, in their order.
  var headers: [Header] = []
  /// Whether the headers are the whole list, as a file's are, and not some of it.
  private(set) var replacesHeaders = false
  /// The field the caller says holds a secret.
  private let secretField: String?
  /// Options the plugin has no field for.
  var inapplicable: [String] = []
  /// Fields the catalog lacks, each with the one it may be a slip for; the row knows better.
  private(set) var doubtful: [(field: String, near: String, given: ArgumentValue)] = []
  private let isNew: Bool

  /// A header, and where its value is.
  struct Header {
    let name: String
    /// What names it for the person, in messages.
    let flag: String
    let reference: SecretReference
    let given: ArgumentValue
  }

  /// Reads the call; nothing is fetched and nobody is asked.
  ///
  /// Where a connection is made, an option without a value is none: its value may come from data
  /// that has nothing there.
  init(_ call: Call, of plugin: PluginDescriptor, in session: Session) throws(Failure) {
    secretField = call.text("secret-field")
    isNew = call.signature.name == CreateCommand.name
    for option in FieldOptions.all {
      guard let given = call.option(option.name) else { continue }
      if isNew, Self.isEmpty(given), option.name != "name" { continue }
      switch option.name {
      case "plugin", "token", "expires", "org", "field", "endpoint", "header-secret": continue
      default: try read(option, given, plugin, session)
      }
    }
    for given in call.all(option: "field") { try readField(given, plugin, session) }
    try readHeaders(call.all(option: "header-secret"), plugin, session)
    if let given = call.option("endpoint"), !(isNew && Self.isEmpty(given)) {
      try readEndpoint(given, plugin)
    }
  }

  private static func isEmpty(_ given: ArgumentValue) -> Bool { given.value == .text("") }

  subscript(field: String) -> JSONValue? { values.last { $0.field == field }?.value }

  private mutating func read(
    _ option: Signature.Option,
    _ given: ArgumentValue,
    _ plugin: PluginDescriptor,
    _ session: Session
  ) throws(Failure) {
    let field = plugin.fields.first { $0.option == option.name }
    guard let field else {
      inapplicable.append(option.name)
      return
    }
    if field.isSecret {
      let reference = try session.secretReference(of: given, flag: "--\(option.name)")
      secrets.append((field, reference, given))
    } else if option.kind == .flag {
      values.append((field.name, true))
    } else if option.name == "rate-limit", given.text == "ui" {
      guard let rate = plugin.interfaceRateLimit else {
        throw FieldOptions.unproposed(plugin, at: given)
      }
      values.append((field.name, .integer(rate)))
    } else if given.text.isEmpty, field.name != "name", field.requirement != .optional {
      throw .invalid(
        "'--\(option.name)' has no value",
        at: given,
        help: "give one, or leave it out"
      )
    } else {
      values.append((field.name, try value(given.text, field, given, named: "--\(option.name)")))
    }
  }

  private mutating func readField(
    _ given: ArgumentValue,
    _ plugin: PluginDescriptor,
    _ session: Session
  ) throws(Failure) {
    let (name, text) = try Self.parts(of: given)
    guard !["id", "createdAt", "updatedAt"].contains(name) else {
      throw .invalid("'\(name)' is set by DevLake", at: given)
    }
    let field = plugin.field(name)
    if field == nil, plugin.isKnown {
      if let near = Suggestion.closest(to: name, among: plugin.fields.map(\.name)) {
        doubtful.append((name, near, given))
        if isNew { try checkDoubtful(plugin) { _ in false } }
      }
      session.conversation.warn("the catalogue knows no field '\(name)' of \(plugin.displayName)")
    }
    if let field, field.isSecret, field.kind == .json, text.hasPrefix("@") {
      guard !replacesHeaders else { throw .usage("'--field \(name)' is given twice", at: given) }
      let file = try HeadersFile(String(text.dropFirst()), for: field, given, in: session)
      replacesHeaders = true
      headers = file.headers
      if headers.isEmpty { values.append((name, .array([]))) }
      return
    }
    // Which connection is meant, and so its plugin, comes later: the file is read then.
    if plugin.id.isEmpty, text.hasPrefix("@") { return values.append((name, .null)) }
    let isChosen = field == nil && secretField == name
    let isReference = field == nil && ["env:", "file:", "cmd:"].contains(where: text.hasPrefix)
    if isChosen || isReference || (field?.isSecret ?? SecretFields.isSecret(name, holding: text)) {
      let reference = try session.secretReference(
        of: given,
        text: text,
        flag: "--field \(name)"
      )
      let known = field ?? PluginField(name, .text, mask: .generic, help: name)
      secrets.append((known, reference, given))
    } else if given.fieldName != nil {
      throw .usage(
        "'--field \(name)' would show a secret; a secret can be used only where one is expected",
        at: given
      )
    } else if text.hasPrefix("@"), field == nil || field?.kind == .json {
      values.append((name, try Self.contents(of: String(text.dropFirst()), given, session)))
    } else if let field {
      values.append((name, try value(text, field, given)))
    } else {
      values.append((name, Self.guessed(text)))
    }
  }

  /// Refuses a field that is near one of the catalog and that no row has.
  func checkDoubtful(
    _ plugin: PluginDescriptor,
    isThere: (String) -> Bool
  ) throws(Failure) {
    guard let slip = doubtful.first(where: { !isThere($0.field) }) else { return }
    throw .invalid(
      "\(plugin.displayName) has no field '\(slip.field)'",
      at: slip.given,
      help: "did you mean '\(slip.near)'?"
    )
  }

  /// The list or record in a file.
  private static func contents(
    of name: String,
    _ given: ArgumentValue,
    _ session: Session
  ) throws(Failure) -> JSONValue {
    let text: String
    do throws(Failure) {
      text = try ScriptFile.read(session.secretSources().path(name), shownAs: name)
    } catch {
      throw .invalid(error.diagnostic.message, at: given)
    }
    let value: JSONValue
    do throws(YAMLMistake) {
      value = try YAML.parse(text)
    } catch {
      throw .invalid(
        "\(ServerText.line(name)):\(error.line): neither JSON nor YAML: \(error.reason)",
        at: given
      )
    }
    guard value.array != nil || value.object != nil else {
      throw .invalid("'\(ServerText.line(name))' holds neither a list nor a record", at: given)
    }
    guard !holdsReference(value) else {
      throw .invalid(
        "'\(ServerText.line(name))' has a reference inside a list or record, which is not followed",
        at: given,
        help: "write the value itself in the file, which only you should be able to read"
      )
    }
    return value
  }

  /// Whether a text in it says where a secret is.
  private static func holdsReference(_ value: JSONValue) -> Bool {
    switch value {
    case .string(let text): ["env:", "file:", "cmd:"].contains { text.hasPrefix($0) }
    case .array(let elements): elements.contains(where: holdsReference)
    case .object(let object): object.members.contains { holdsReference($0.value) }
    case .null, .bool, .number: false
    }
  }

  /// `--header-secret NAME=REF`: the headers of a plugin that authenticates by some.
  private mutating func readHeaders(
    _ all: [ArgumentValue],
    _ plugin: PluginDescriptor,
    _ session: Session
  ) throws(Failure) {
    // Of a connection that is not known yet the plugin is not either.
    if plugin.isKnown { try checkHeaders(all, plugin) }
    if replacesHeaders, let first = all.first {
      throw .usage(
        "'--header-secret' and '--field' with a list of headers exclude each other",
        at: first,
        help: "add the header to the file, or leave the file out"
      )
    }
    for given in all {
      let (name, text) = try Self.parts(of: given)
      guard !name.allSatisfy(\.isWhitespace) else {
        throw .invalid("'--header-secret' takes NAME=REF", at: given)
      }
      guard !headers.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
        throw .usage("the header '\(name)' is given twice", at: given)
      }
      let reference = try session.secretReference(
        of: given,
        text: text,
        flag: "--header-secret \(name)"
      )
      headers.append(
        Header(name: name, flag: "--header-secret \(name)", reference: reference, given: given)
      )
    }
  }

  /// Refuses headers of a plugin that has no place for them.
  func checkHeaders(
    _ all: [ArgumentValue]? = nil,
    _ plugin: PluginDescriptor
  ) throws(Failure) {
    guard plugin.headersField == nil, let first = (all ?? headers.map(\.given)).first else {
      return
    }
    throw .invalid("\(plugin.displayName) connections take no headers", at: first)
  }

  /// NAME and VALUE; the value is empty when it is a secret.
  private static func parts(
    of given: ArgumentValue
  ) throws(Failure) -> (name: String, value: String) {
    if let name = given.fieldName { return (name, "") }
    let parts = given.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .invalid("it takes NAME=VALUE", at: given) }
    return (String(parts[0]), String(parts[1]))
  }

  private mutating func readEndpoint(
    _ given: ArgumentValue,
    _ plugin: PluginDescriptor
  ) throws(Failure) {
    if plugin.endpoint != nil {
      guard let rules = plugin.endpoint else { return }
      do throws(EndpointMistake) {
        values.append(("endpoint", .string(try rules.normalized(given.text))))
      } catch {
        throw .invalid(error.description, at: given)
      }
    } else if let address = plugin.organizationAddress {
      // Accepted as the documents have it; DevLake has no such field.
      guard plugin.organization(inAddress: given.text) != nil else {
        throw .invalid(
          "the endpoint of \(plugin.displayName) is \(address)<org>",
          at: given,
          help: "remove --endpoint; --org says it all"
        )
      }
    } else {
      inapplicable.append("endpoint")
    }
  }

  private func value(
    _ text: String,
    _ field: PluginField,
    _ given: ArgumentValue,
    named name: String? = nil
  ) throws(Failure) -> JSONValue {
    do throws(FieldMistake) {
      switch field.name {
      case "name": try ConnectionName.check(text)
      case "proxy": try ProxyRules.check(text)
      default: break
      }
      return try field.value(text)
    } catch {
      throw .invalid(error.named(name ?? field.name).description, at: given)
    }
  }

  /// Of a field nobody knows: numbers and booleans are taken for what they look like.
  private static func guessed(_ text: String) -> JSONValue {
    switch text {
    case "true": true
    case "false": false
    case "null": nil
    default: Int(text).map { .integer($0) } ?? structure(text) ?? .string(text)
    }
  }

  /// A list or a record that is written out.
  private static func structure(_ text: String) -> JSONValue? {
    guard text.hasPrefix("[") || text.hasPrefix("{") else { return nil }
    // What only begins like one is a text.
    return try? JSONValue(parsing: Array(text.utf8))
  }
}
