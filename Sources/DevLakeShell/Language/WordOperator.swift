/// The operators of the language, which are words of their own; the raw value is the spelling.
enum WordOperator: String, Sendable {
  case openBrace = "{"
  case closeBrace = "}"
  case and = "&&"
  case or = "||"
  case pipe = "|"
  case append = ">>"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case matches = "~"

  static let firstBytes = Array("{}&|><=!~".utf8)

  init?(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"): self = .openBrace
    case UInt8(ascii: "}"): self = .closeBrace
    case UInt8(ascii: "|"): self = .pipe
    case UInt8(ascii: "<"): self = .less
    case UInt8(ascii: ">"): self = .greater
    case UInt8(ascii: "~"): self = .matches
    default: return nil
    }
  }

  init?(_ first: UInt8, _ second: UInt8) {
    switch (first, second) {
    case (UInt8(ascii: "&"), UInt8(ascii: "&")): self = .and
    case (UInt8(ascii: "|"), UInt8(ascii: "|")): self = .or
    case (UInt8(ascii: ">"), UInt8(ascii: ">")): self = .append
    case (UInt8(ascii: "="), UInt8(ascii: "=")): self = .equal
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): self = .notEqual
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): self = .lessOrEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): self = .greaterOrEqual
    default: return nil
    }
  }

  /// The comparison it is in a condition.
  var comparison: Comparison? { Comparison(rawValue: rawValue) }
}
