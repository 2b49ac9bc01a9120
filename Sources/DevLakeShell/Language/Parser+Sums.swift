/// `$(( … ))`: whole numbers.
extension Parser {
  mutating func arithmetic(from start: Int) -> Sum? {
    let place = SourceSpan(lower: start, upper: start + 3)
    position += 2
    guard open(.other, place) else { return nil }
    defer { close() }
    let outer = commandInProgress
    guard let sum = sum(in: place) else { return nil }
    skipLines()
    if isAtEnd {
      incomplete(.capture, "this '$((' is never closed", place)
      return nil
    }
    guard isText("))") else {
      unreadableSum("an operator or '))' is missing here")
      return nil
    }
    position += 2
    commandInProgress = outer
    return sum
  }

  private mutating func sum(in place: SourceSpan) -> Sum? {
    chain(of: [.plus, .minus], in: place) { parser in
      parser.chain(of: [.times, .over, .modulo], in: place) { $0.atom(in: place) }
    }
  }

  private mutating func chain(
    of signs: [Sum.Operator],
    in place: SourceSpan,
    _ operand: (inout Parser) -> Sum?
  ) -> Sum? {
    guard let first = operand(&self) else { return nil }
    var steps: [Sum.Step] = []
    while true {
      skipLines()
      guard let byte = peek, let sign = Sum.Operator(byte), signs.contains(sign) else {
        return steps.isEmpty ? first : .chain(first, steps)
      }
      let span = SourceSpan(lower: position, upper: position + 1)
      position += 1
      guard let next = operand(&self) else { return nil }
      steps.append(Sum.Step(sign: Located(value: sign, span: span), operand: next))
    }
  }

  private mutating func atom(in place: SourceSpan) -> Sum? {
    skipLines()
    let start = position
    if isAtEnd {
      incomplete(.capture, "this '$((' is never closed", place)
      return nil
    }
    switch peek {
    case UInt8(ascii: "-"):
      position += 1
      skipLines()
      if peek == UInt8(ascii: "-") {
        unreadableSum("a number is missing before this '-'")
        return nil
      }
      guard let inner = atom(in: place) else { return nil }
      return .negated(inner, SourceSpan(lower: start, upper: position))
    case UInt8(ascii: "("):
      return parenthesised(in: place)
    case UInt8(ascii: "$"):
      guard let part = expansion(isQuoted: false) else {
        skipSum()
        return nil
      }
      return .operand(part)
    case let byte? where (0x30...0x39).contains(byte):
      return number()
    default:
      unreadableSum("a number, a '$name' or '(' is missing here")
      return nil
    }
  }

  private mutating func number() -> Sum? {
    let start = position
    guard let digits = digits() else { return nil }
    let place = SourceSpan(lower: start, upper: position)
    guard let number = Int(digits) else {
      mistake("\(digits) is too large: the largest number is \(Int.max)", place)
      return .number(0)
    }
    if peek == UInt8(ascii: ".") {
      unreadableSum("'$((' works with whole numbers")
      return nil
    }
    return .number(number)
  }

  private mutating func parenthesised(in place: SourceSpan) -> Sum? {
    let parenthesis = SourceSpan(lower: position, upper: position + 1)
    position += 1
    guard open(.other, parenthesis) else { return nil }
    defer { close() }
    guard let inner = sum(in: place) else { return nil }
    skipLines()
    if isAtEnd {
      incomplete(.capture, "this '$((' is never closed", place)
      return nil
    }
    guard peek == UInt8(ascii: ")") else {
      unreadableSum("an operator or ')' is missing here")
      return nil
    }
    position += 1
    return inner
  }

  private mutating func unreadableSum(_ message: String) {
    let start = position
    var end = position
    while end < bytes.count, Self.isNameLike(bytes[end]) { end += 1 }
    let name = text(start, end)
    let isName = name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
    mistake(
      message,
      SourceSpan(lower: start, upper: max(end, min(start + 1, bytes.count))),
      help: isName
        ? "write a variable as $\(name)"
        : "write it like $(( ($n + 1) * 2 )); operators are + - * / %"
    )
    skipSum()
  }

  private static func isNameLike(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Skips to the end of a sum that has its mistake already.
  private mutating func skipSum() {
    var missing = 1 + openers.reversed().prefix { $0 == .other }.count
    while !isAtEnd, newlineLength(at: position) == 0, peek != UInt8(ascii: ";") {
      guard isText("))") else {
        position += 1
        continue
      }
      while peek == UInt8(ascii: ")"), missing > 0 {
        position += 1
        missing -= 1
      }
      return
    }
  }
}

extension Sum.Operator {
  fileprivate init?(_ byte: UInt8) { self.init(rawValue: String(UnicodeScalar(byte))) }
}
