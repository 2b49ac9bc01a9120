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

  private let secretFields: Set<String>
  /// Secrets DevLake masks so that an empty text means there is none.
  private let tellingSecretFields: Set<String>
  private let knownFields: Set<String>

  /// Reads a connection; `nil` when there is no id or no name.
  init?(_ value: JSONValue, of plugin: PluginDescriptor) {
    guard let object = value.object, let id = object["id"]?.int, id > 0,
      let name = object["name"]?.string
    else { return nil }
    key = ConnectionKey(plugin: plugin.id, id: id)
    self.name = name
    stored = object
    let secrets = plugin.fields.filter(\.isSecret)
    secretFields = Set(secrets.map(\.name))
    tellingSecretFields = Set(
      plugin.isKnown ? secrets.filter { $0.mask != .empty }.map(\.name) : []
    )
    knownFields = Set(plugin.fields.map(\.name))
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

  /// How many tokens, joined by commas, a field holds.
  public func tokenCount(in field: String) -> Int {
    stored[field]?.string?.split(separator: ",").count ?? 0
  }

  /// Whether two of the tokens in a field show the same mask.
  func hasEqualMasks(in field: String) -> Bool {
    let masks = stored[field]?.string?.split(separator: ",") ?? []
    return Set(masks).count < masks.count
  }

  /// What to send so that DevLake replaces one of several tokens and keeps the others.
  ///
  /// The others go back as the masks DevLake shows, which it takes for the stored tokens (measured).
  ///
  /// - Parameters:
  ///   - number: Which one, from 1, in the order of a test's results.
  ///   - field: The field with the tokens, separated by commas.
  ///   - secret: The token that takes its place.
  public func replacing(token number: Int, in field: String, with secret: Secret) -> Secret? {
    guard let text = stored[field]?.string else { return nil }
    var tokens = text.split(separator: ",").map(String.init)
    guard tokens.indices.contains(number - 1) else { return nil }
    tokens[number - 1] = secret.reveal { $0 }
    return Secret(tokens.joined(separator: ","))
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
    var object = JSONObject()
    object["plugin"] = .string(key.plugin)
    object["id"] = .integer(key.id)
    object["name"] = .string(name)
    if let endpoint { object["endpoint"] = .string(endpoint) }
    if let text = self.organization ?? organization { object["organization"] = .string(text) }
    if let text = self.enterprise ?? enterprise { object["enterprise"] = .string(text) }
    for member in stored.members where object[member.key] == nil {
      object[member.key] = shown(member.value, named: member.key)
    }
    return object
  }

  private func shown(_ value: JSONValue, named name: String) -> JSONValue {
    if value == "", tellingSecretFields.contains(name) { return value }
    if secretFields.contains(name) { return SecretFields.hidden(value) }
    guard knownFields.contains(name) else { return SecretFields.hiding(value, named: name) }
    // A proxy's URL may hold a password.
    return value.string.map { .string(ServerText.withoutCredentials($0)) } ?? value
  }
}

/// The plugin and the number by which DevLake knows a connection.
public struct ConnectionKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The plugin's name in URLs.
  public let plugin: String
  /// The number, from 1.
  public let id: Int

  /// Takes both.
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
  public static func id(_ text: some StringProtocol) -> Int? {
    guard let first = text.utf8.first, first != UInt8(ascii: "0"),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int(text)
  }
}
