/// The JSON object a request carries; secrets stay secrets until it is written.
public struct RequestBody: Sendable, Equatable {
  /// One member's value.
  public enum Value: Sendable, Equatable {
    case json(JSONValue)
    case secret(Secret)
  }

  /// The members in the order they are sent.
  public private(set) var members: [(name: String, value: Value)] = []

  /// What is sent where that is not an object.
  private var whole: JSONValue?

  /// A body without members: `{}`.
  public init() {}

  /// A body someone else wrote; what its names call secret is one here, too.
  public init(_ value: JSONValue) {
    guard case .object(let object) = value else {
      whole = value
      return
    }
    for member in object.members {
      let secret = member.value.string == nil ? nil : Self.secrets(member.value, member.key).first
      members.append((member.key, secret.map(Value.secret) ?? .json(member.value)))
    }
  }

  /// The value of a member; setting appends or replaces, `nil` removes.
  public subscript(name: String) -> Value? {
    get { members.first { $0.name == name }?.value }
    set {
      let index = members.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((name, value))
      case (nil, nil): break
      }
    }
  }

  /// Whether nothing would be sent but `{}`.
  public var isEmpty: Bool { members.isEmpty && whole == nil }

  /// Whether it is an object, to which members can be added.
  public var isObject: Bool { whole == nil }

  /// What may be shown of it: every secret is `***`.
  public var shown: JSONValue {
    let fields = PluginRegistry.standard.secretFields
    if let whole { return SecretFields.hiding(whole, and: fields) }
    return .object(
      JSONObject(
        members.map { member in
          switch member.value {
          // What is empty hides nothing, and that it is sent empty must be seen.
          case .json(.string("")): (member.name, "")
          case .secret(let secret) where secret.reveal(\.isEmpty): (member.name, "")
          case .json(let value):
            (member.name, SecretFields.hiding(value, named: member.name, and: fields))
          case .secret: (member.name, .string(Secret.placeholder))
          }
        }
      )
    )
  }

  /// Whether a secret is in it.
  public var holdsSecret: Bool { !secrets.isEmpty }

  /// The members that are secrets.
  var secretNames: Set<String> {
    Set(members.filter { if case .secret = $0.value { true } else { false } }.map(\.name))
  }

  /// The secrets in it.
  var secrets: [Secret] {
    (whole.map { Self.secrets($0) } ?? [])
      + members.flatMap { member in
        switch member.value {
        case .secret(let secret): [secret] + secret.reveal { Self.parts(of: $0, as: member.name) }
        case .json(let value): Self.secrets(value, member.name)
        }
      }
  }

  /// A secret that is JSON of its own, such as a list of headers, goes out as that.
  private static func written(_ secret: String, as name: String) -> JSONValue {
    guard PluginRegistry.standard.structuredSecretFields.contains(name) else {
      return .string(secret)
    }
    // What is not JSON was refused before; DevLake would say so, too.
    return (try? JSONValue(parsing: Array(secret.utf8))) ?? .string(secret)
  }

  /// The secrets inside such a one.
  private static func parts(of secret: String, as name: String) -> [Secret] {
    let value = written(secret, as: name)
    return value.string == nil ? secrets(value, name) : []
  }

  private static func secrets(_ value: JSONValue, _ name: String = "") -> [Secret] {
    SecretFields.secrets(in: value, named: name, and: PluginRegistry.standard.secretFields)
  }

  /// The bytes that go over the wire; the only place where its secrets are in clear.
  var bytes: [UInt8] {
    if let whole { return Array(whole.text.utf8) }
    var object = JSONObject()
    for (name, value) in members {
      switch value {
      case .json(let value): object[name] = value
      case .secret(let secret): object[name] = secret.reveal { Self.written($0, as: name) }
      }
    }
    return Array(JSONValue.object(object).text.utf8)
  }

  /// Equal members in the same order.
  public static func == (lhs: RequestBody, rhs: RequestBody) -> Bool {
    lhs.whole == rhs.whole && lhs.members.map(\.name) == rhs.members.map(\.name)
      && lhs.members.map(\.value) == rhs.members.map(\.value)
  }
}
