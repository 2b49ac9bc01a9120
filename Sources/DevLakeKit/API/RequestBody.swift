/// The JSON object a request carries; secrets stay secrets until it is written.
public struct RequestBody: Sendable, Equatable {
  /// One member's value.
  public enum Value: Sendable, Equatable {
    case json(JSONValue)
    case secret(Secret)
  }

  /// The members in the order they are sent.
  public private(set) var members: [(name: String, value: Value)] = []

  /// A body without members: `{}`.
  public init() {}

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
  public var isEmpty: Bool { members.isEmpty }

  /// What may be shown of it: every secret is `***`.
  public var shown: JSONObject {
    JSONObject(
      members.map { member in
        switch member.value {
        case .json(let value):
          (member.name, value.string.map { .string(ServerText.withoutCredentials($0)) } ?? value)
        case .secret: (member.name, .string("***"))
        }
      }
    )
  }

  /// Whether a secret is in it.
  public var holdsSecret: Bool { !secrets.isEmpty }

  /// The secrets in it.
  var secrets: [Secret] {
    members.compactMap { if case .secret(let secret) = $0.value { secret } else { nil } }
  }

  /// The bytes that go over the wire; the only place where its secrets are in clear.
  var bytes: [UInt8] {
    var object = JSONObject()
    for (name, value) in members {
      switch value {
      case .json(let value): object[name] = value
      case .secret(let secret): object[name] = secret.reveal { .string($0) }
      }
    }
    return Array(JSONValue.object(object).text.utf8)
  }

  /// Equal members in the same order.
  public static func == (lhs: RequestBody, rhs: RequestBody) -> Bool {
    lhs.members.map(\.name) == rhs.members.map(\.name)
      && lhs.members.map(\.value) == rhs.members.map(\.value)
  }
}
