import DevLakeKit

/// A value of the language: text, number, boolean, null, list, record, or a secret.
enum Value: Sendable, Equatable {
  case data(JSONValue)
  /// Prints as `***` and can be given only where a secret is wanted.
  case secret(Secret)

  static func text(_ text: String) -> Value { .data(.string(text)) }
}

extension Value {
  /// The value as text, the way it is in a word: records and lists as JSON; `nil` for a secret.
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
    case .secret: .string(Secret.placeholder)
    }
  }

  /// Whether it is true, for a condition; `nil` when it is neither true nor false.
  var truth: Bool? {
    switch self {
    case .data(.bool(let flag)): flag
    case .data(.string("true")): true
    case .data(.string("false")): false
    case .data, .secret: nil
    }
  }

  /// Whether a default is in for it: null, or an empty text.
  var isAbsent: Bool { self == .data(.null) || self == .data("") }

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

  /// What it is and, where that is short, which: `the text 'a'`, `a list`.
  var shortDescription: String {
    switch self {
    case .data(.string(let text)):
      "the text '\(text.prefix(40))\(text.count > 40 ? "…" : "")'"
    case .data(.number(let text)): "the number \(text)"
    case .data(.bool(let flag)): flag ? "true" : "false"
    case .data, .secret: kindName
    }
  }

  /// What an unquoted word means in `let` and comparisons: a number, `true`, `false`, `null`;
  /// `nil` for any other.
  static func typed(_ plain: String) -> Value? {
    switch plain {
    case "true": .data(true)
    case "false": .data(false)
    case "null": .data(nil)
    default: isNumber(plain) ? .data(.number(withoutLeadingZeros(plain))) : nil
    }
  }

  /// The spelling JSON has for a number: `007` is 7.
  private static func withoutLeadingZeros(_ number: String) -> String {
    let sign = number.hasPrefix("-") ? "-" : ""
    let digits = number.dropFirst(sign.count)
    let zeros = digits.prefix { $0 == "0" }
    let rest = digits.dropFirst(zeros.count)
    let needsZero = rest.first.map { $0 == "." } ?? true
    return sign + (needsZero ? "0" : "") + rest
  }

  /// Whether a word is `-?digits[.digits]`.
  static func isNumber(_ text: String) -> Bool {
    var digits = 0
    var hasPoint = false
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "-") where index == 0: continue
      case UInt8(ascii: ".") where !hasPoint && digits > 0:
        hasPoint = true
        digits = 0
      default: return false
      }
    }
    return digits > 0
  }
}
