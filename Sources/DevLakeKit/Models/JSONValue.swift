/// A JSON value as DevLake sent it: member order and number spelling are kept.
///
/// FoundationEssentials' `JSONDecoder` loses the order of members and reads `9223372036854775807`
/// or `1.50` only through a type chosen beforehand; an administrator wants back what the server said.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// A number in its source spelling, for example `42` or `1.50`.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// A whole number.
  public static func integer(_ value: some BinaryInteger) -> JSONValue { .number("\(value)") }
}

extension JSONValue {
  /// The text of a string; `nil` for every other value.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The truth value of a boolean.
  public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  /// The value of a number that is whole and fits.
  public var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  /// The value of any number.
  public var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }
  /// The elements of an array.
  public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The members of an object.
  public var object: JSONObject? { if case .object(let members) = self { members } else { nil } }
  /// Whether this is `null`.
  public var isNull: Bool { self == .null }

  /// The value with every text in it put through `change`; names stay.
  func mapStrings(_ change: (String) -> String) -> JSONValue {
    switch self {
    case .string(let text): .string(change(text))
    case .array(let elements): .array(elements.map { $0.mapStrings(change) })
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, $0.value.mapStrings(change)) }))
    case .null, .bool, .number: self
    }
  }

  /// A member of an object; `nil` for a missing member and for what is not an object.
  public subscript(key: String) -> JSONValue? { object?[key] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .number(String(value)) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object whose members are in the order written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements))
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}

/// The members of a JSON object in their order; of a repeated name the last counts, as for DevLake.
public struct JSONObject: Sendable {
  /// One member.
  public struct Member: Sendable, Equatable {
    /// The member's name.
    public var key: String
    /// The member's value.
    public var value: JSONValue
  }

  /// The members, in order, names unique.
  public private(set) var members: [Member] = []

  /// An object without members.
  public init() {}

  /// An object with `pairs`, in order.
  public init(_ pairs: some Sequence<(String, JSONValue)>) {
    for (key, value) in pairs { self[key] = value }
  }

  /// Creates a JSON object with members that are known to have unique names.
  init(unique members: [Member]) { self.members = members }

  /// The value of a member; setting appends a new one, setting `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get { members.last { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The names, in order.
  public var keys: [String] { members.map(\.key) }
  /// Whether there is no member.
  public var isEmpty: Bool { members.isEmpty }
}

extension JSONObject: Equatable {
  /// Equal members, whatever their order.
  public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
    lhs.members.count == rhs.members.count
      && lhs.members.allSatisfy { rhs[$0.key] == $0.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object whose members are in the order written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
