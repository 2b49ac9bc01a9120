import DevLakeKit

/// A value of the language: text, number, boolean, null, list, record, or a secret.
enum Value: Sendable, Equatable {
  case data(JSONValue)
  /// Prints as `***` and can be given only where a secret is wanted.
  case secret(Secret)

  static func text(_ text: String) -> Value { .data(.string(text)) }
}

extension Value {
  /// The value as text, the way it stands in a word: records and lists as JSON; `nil` for a secret.
  var text: String? {
    switch self {
    case .data(.string(let text)), .data(.number(let text)): text
    case .data(.bool(let flag)): flag ? "true" : "false"
    case .data(.null): ""
    case .data(let value): value.text
    case .secret: nil
    }
  }

  /// The value as it may be shown.
  var shown: JSONValue {
    switch self {
    case .data(let value): value
    case .secret: "***"
    }
  }

  /// What it is, for messages.
  var kindName: String {
    switch self {
    case .data(.null): "null"
    case .data(.bool): "a boolean"
    case .data(.number): "a number"
    case .data(.string): "a text"
    case .data(.array): "a list"
    case .data(.object): "a record"
    case .secret: "a secret"
    }
  }
}
