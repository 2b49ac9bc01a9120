/// An authenticated link from DevLake to a data source.
///
/// What DevLake tells of the secret, its mask, never leaves the kit: ``fields(organization:enterprise:)`` shows `***`.
public struct Connection: Sendable, Equatable {
  /// The plugin and the number by which DevLake knows it.
  public let key: ConnectionKey
  /// The name its owner gave it; any text, control characters included.
  public let name: String
  /// Everything DevLake sent, masks included.
  let stored: JSONObject

  private let names: FieldNames

  /// Reads a connection; `nil` when there is no id or no name.
  ///
  /// - Parameter names: The plugin's, where many connections share them.
  init?(_ value: JSONValue, of plugin: PluginDescriptor, names: FieldNames? = nil) {
    guard let object = value.object, let id = object["id"]?.int, id > 0,
      let name = object["name"]?.string
    else { return nil }
    key = ConnectionKey(plugin: plugin.id, id: id)
    self.name = name
    stored = object
    self.names = names ?? FieldNames(plugin)
  }

  /// Two connections are equal when DevLake says the same of them.
  public static func == (lhs: Connection, rhs: Connection) -> Bool {
    lhs.key == rhs.key && lhs.stored == rhs.stored
  }
}

extension Connection {
  /// The address of the service's API; `nil` when the plugin has none.
  public var endpoint: String? { stored["endpoint"]?.string }
  /// When it was last changed, RFC 3339 with 0 to 9 fraction digits.
  public var updatedAt: String? { stored["updatedAt"]?.string }
  /// How it authenticates, where the plugin stores a choice.
  public var authMethod: String? { stored["authMethod"]?.string }
  /// The organization DevLake keeps, whatever the field is called.
  public var organization: String? {
    let text = stored["organization"]?.string ?? stored["org"]?.string
    return text?.isEmpty == true ? nil : text
  }
  /// The enterprise DevLake keeps.
  public var enterprise: String? {
    let text = stored["enterprise"]?.string
    return text?.isEmpty == true ? nil : text
  }

  /// The secret DevLake gave in this answer and never again, found member by member.
  public func issuedSecret(at path: [String]) -> Secret? {
    var value = JSONValue.object(stored)
    for name in path {
      guard let next = value[name] else { return nil }
      value = next
    }
    guard let text = value.string, !text.isEmpty else { return nil }
    return Secret(text)
  }

  /// The fields in which DevLake has something else `now`, masks compared too; neither the time of the
  /// change itself counts nor the order of several tokens, which every PATCH shuffles (measured).
  public func fieldsChanged(in now: Connection) -> [String] {
    var names = stored.keys
    for key in now.stored.keys where !names.contains(key) { names.append(key) }
    return names.filter { name in
      guard name != "updatedAt", stored[name] != now.stored[name] else { return false }
      guard self.names.secret.contains(name), let old = stored[name]?.string,
        let new = now.stored[name]?.string
      else { return true }
      return old.split(separator: ",").sorted() != new.split(separator: ",").sorted()
    }
  }

  /// Whether a field's name tells that it holds a secret, or the catalog does.
  func holdsSecret(_ field: String) -> Bool {
    names.secret.contains(field)
      || (!names.known.contains(field) && SecretFields.namesSecret(field))
  }

  /// Whether two of the tokens in a field show the same mask.
  func hasEqualMasks(in field: String) -> Bool {
    let masks = stored[field]?.string?.split(separator: ",") ?? []
    return Set(masks).count < masks.count
  }

  /// The secrets as DevLake masks them, by field; those it shows nothing of are left out.
  func shownSecrets(of plugin: PluginDescriptor) -> [(field: String, text: String)] {
    plugin.fields.compactMap { field in
      guard field.mask == .generic || field.mask == .githubToken,
        let text = stored[field.name]?.string, !text.isEmpty
      else { return nil }
      return (field.name, text)
    }
  }

  /// Whether DevLake has a value for a field, be it one that is not shown.
  public func holds(_ field: String) -> Bool {
    switch stored[field] {
    case nil, .null?, .string("")?, .number("0")?: false
    default: true
    }
  }

  /// A field's value as it may be shown.
  public func shown(_ field: String) -> JSONValue? {
    stored[field].map { shown($0, named: field) }
  }

  /// Every field as it may be shown: `plugin`, `id`, `name`, `endpoint`, `organization`,
  /// `enterprise` first, then the others as DevLake orders them; secrets are `***`, those that are
  /// not set empty where DevLake tells.
  ///
  /// - Parameters:
  ///   - organization: What is known of the organization where DevLake keeps none.
  ///   - enterprise: The same for the enterprise.
  public func fields(organization: String? = nil, enterprise: String? = nil) -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(stored.members.count + 3)
    func add(_ name: String, _ value: JSONValue) { members.append(.init(key: name, value: value)) }
    add("plugin", .string(key.plugin))
    add("id", .integer(key.id))
    add("name", .string(name))
    if let endpoint { add("endpoint", .string(endpoint)) }
    if let text = self.organization ?? organization { add("organization", .string(text)) }
    if let text = self.enterprise ?? enterprise { add("enterprise", .string(text)) }
    let first = members.count
    for member in stored.members where !members[..<first].contains(where: { $0.key == member.key })
    {
      add(member.key, shown(member.value, named: member.key))
    }
    return JSONObject(unique: members)
  }

  private func shown(_ value: JSONValue, named name: String) -> JSONValue {
    if value == "", names.telling.contains(name) { return value }
    if names.secret.contains(name) { return SecretFields.whollyHidden(value) }
    guard names.known.contains(name) else { return SecretFields.hiding(value, named: name) }
    // A proxy's URL may hold a password.
    return value.string.map { .string(ServerText.withoutCredentials($0)) } ?? value
  }
}

/// The names of a plugin's fields; so few that looking through them is faster than hashing.
struct FieldNames: Sendable {
  let secret: [String]
  /// Secrets DevLake masks so that an empty text means there is none.
  let telling: [String]
  let known: [String]

  /// What no request can set.
  static let madeByDevLake = ["id", "createdAt", "updatedAt"]

  init(_ plugin: PluginDescriptor) {
    let secrets = plugin.fields.filter(\.isSecret)
    secret = secrets.map(\.name)
    telling = plugin.isKnown ? secrets.filter { $0.mask != .empty }.map(\.name) : []
    known = plugin.fields.map(\.name)
  }
}

/// The plugin and the number by which DevLake knows a connection.
public struct ConnectionKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The plugin's name in URLs.
  public let plugin: String
  /// The number, from 1.
  public let id: Int

  /// Creates a connection key.
  public init(plugin: String, id: Int) {
    self.plugin = plugin
    self.id = id
  }

  /// `github/1`.
  public var description: String { "\(plugin)/\(id)" }

  /// By plugin, then number.
  public static func < (lhs: ConnectionKey, rhs: ConnectionKey) -> Bool {
    (lhs.plugin, lhs.id) < (rhs.plugin, rhs.id)
  }

  /// Reads an id as DevLake's databases all understand it.
  ///
  /// MySQL takes the leading digits of `50abc` for the id, so that a DELETE hits connection 50
  /// (measured): only `[1-9][0-9]*` up to 2^63-1 is an id.
  public static func id(_ text: Substring) -> Int? {
    var number = 0
    for byte in text.utf8 {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"),
        number > 0 || byte != UInt8(ascii: "0")
      else { return nil }
      let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (next, overflows) = tenfold.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !isTooLarge, !overflows else { return nil }
      number = next
    }
    return number > 0 ? number : nil
  }

  /// The same for a whole text.
  public static func id(_ text: String) -> Int? { id(text[...]) }
}
