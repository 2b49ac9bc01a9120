import DevLakeKit
import ShellLanguage

/// A comparison of two values: `$x == 3`, `$name ~ acme`, `$1 > 2`.
struct ValueComparison {
  let left: Value
  let sign: Comparison
  let right: Value

  /// Whether it is true; `nil` when the two cannot be compared so.
  var outcome: Bool? {
    switch sign {
    case .equal: isEqual
    case .notEqual: !isEqual
    case .matches: matches
    case .less, .lessOrEqual, .greater, .greaterOrEqual: order
    }
  }

  /// Why there is no outcome; both are named.
  var mistake: String {
    let wanted = sign == .matches ? "two texts" : "two numbers or two strings"
    return "'\(sign.rawValue)' needs \(wanted), not \(left.shortDescription) and "
      + right.shortDescription
  }

  /// Values of different kinds are not equal, but for a text that spells a number or a boolean.
  private var isEqual: Bool {
    switch (left, right) {
    case (.secret(let left), .secret(let right)): left == right
    case (.secret(let secret), let other), (let other, .secret(let secret)):
      secret.reveal { $0 == other.text }
    case (.data(.number), _), (_, .data(.number)):
      if let (left, right) = numbers { left == right } else { left == right }
    case (.data(.bool(let flag)), let other), (let other, .data(.bool(let flag))):
      other.truth == flag
    default: left == right
    }
  }

  private var order: Bool? {
    if let (left, right) = numbers { return sign.holds(left, right) }
    guard case .data(.string(let left)) = left, case .data(.string(let right)) = right else {
      return nil
    }
    return sign.holds(left, right)
  }

  private var matches: Bool? {
    switch (left, right) {
    case (.data(.array), _), (.data(.object), _), (_, .data(.array)), (_, .data(.object)):
      return nil
    default:
      guard let text = left.text, let pattern = right.text else { return nil }
      return Wildcard.contains(text, pattern)
    }
  }

  /// Both as numbers; a text that spells one counts.
  private var numbers: (ComparedNumber, ComparedNumber)? {
    guard let left = ComparedNumber(left), let right = ComparedNumber(right) else { return nil }
    return (left, right)
  }
}

/// A number as it is compared: whole ones exactly, however large an id is.
struct ComparedNumber: Comparable {
  private let whole: Int?
  private let real: Double

  init?(_ value: Value) {
    let text: String
    switch value {
    case .data(.number(let spelling)): text = spelling
    case .data(.string(let spelling)) where Value.isNumber(spelling): text = spelling
    case .data, .secret: return nil
    }
    guard let real = Double(text) else { return nil }
    whole = Int(text)
    self.real = real
  }

  static func == (lhs: ComparedNumber, rhs: ComparedNumber) -> Bool {
    if let left = lhs.whole, let right = rhs.whole { return left == right }
    return lhs.real == rhs.real
  }

  static func < (lhs: ComparedNumber, rhs: ComparedNumber) -> Bool {
    if let left = lhs.whole, let right = rhs.whole { return left < right }
    return lhs.real < rhs.real
  }
}

extension Comparison {
  /// Whether it holds between two values that have an order.
  func holds<Operand: Comparable>(_ left: Operand, _ right: Operand) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .matches: false
    }
  }
}
