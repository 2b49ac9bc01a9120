/// Reads the text of a condition, in which an expansion is one character nobody can write.
struct RowConditionReader {
  private enum Unit {
    case byte(UInt8)
    case expansion(Int)
  }

  private static let help =
    "write it like 'name ~ acme' or 'rateLimitPerHour > 0 and plugin == jira'"
  private static let maximumDepth = 200

  private let word: Word
  private var units: [Unit] = []
  private var places: [SourceSpan] = []
  private var position = 0
  private var depth = 0

  init(_ word: Word) {
    self.word = word
    for (index, part) in word.parts.enumerated() {
      switch part.kind {
      case .plain(let text, _), .quoted(let text): add(text, part, isFirst: index == 0)
      case .variable, .capture, .collection, .sum, .length:
        units.append(.expansion(index))
        places.append(part.span)
      }
    }
  }

  /// The bytes of a text, each with its place where no escape hides it.
  private mutating func add(_ text: String, _ part: Word.Part, isFirst: Bool) {
    let count = text.utf8.count
    let extra = part.span.upper - part.span.lower - count
    let shift: Int? =
      switch extra {
      case 0: 0
      case 1: isFirst ? 1 : 0
      case 2: 1
      default: nil
      }
    for (offset, byte) in text.utf8.enumerated() {
      units.append(.byte(byte))
      guard let shift else {
        places.append(part.span)
        continue
      }
      let start = part.span.lower + shift + offset
      places.append(SourceSpan(lower: start, upper: start + 1))
    }
  }

  mutating func whole() throws(SyntaxMistake) -> RowCondition {
    skipBlanks()
    guard !isAtEnd else {
      throw SyntaxMistake(message: "a condition is missing", span: word.span, help: Self.help)
    }
    let condition = try alternatives()
    guard isAtEnd else { throw mistake("unexpected ')'", help: Self.help) }
    return condition
  }

  private mutating func alternatives() throws(SyntaxMistake) -> RowCondition {
    var conditions = [try conjunction()]
    while takeKeyword("or") { conditions.append(try conjunction()) }
    return conditions.count == 1 ? conditions[0] : .either(conditions)
  }

  private mutating func conjunction() throws(SyntaxMistake) -> RowCondition {
    var conditions = [try test()]
    while takeKeyword("and") { conditions.append(try test()) }
    return conditions.count == 1 ? conditions[0] : .both(conditions)
  }

  private mutating func test() throws(SyntaxMistake) -> RowCondition {
    depth += 1
    defer { depth -= 1 }
    skipBlanks()
    guard depth <= Self.maximumDepth else {
      throw mistake("nested more than \(Self.maximumDepth) levels deep")
    }
    if takeKeyword("not") { return .not(try test()) }
    guard byte == UInt8(ascii: "(") else { return .test(try comparison()) }
    let start = places[position]
    position += 1
    let inner = try alternatives()
    guard byte == UInt8(ascii: ")") else {
      throw SyntaxMistake(message: "this '(' is never closed", span: start, help: nil)
    }
    position += 1
    try end(after: nil)
    return inner
  }

  private mutating func comparison() throws(SyntaxMistake) -> RowCondition.Test {
    let field = try field()
    skipBlanks()
    let sign = try sign(after: field)
    skipBlanks()
    let operand = try operand(after: sign)
    try end(after: operand)
    return RowCondition.Test(field: field, sign: sign, operand: operand)
  }

  private mutating func field() throws(SyntaxMistake) -> Located<String> {
    let start = position
    while let byte, Self.isFieldByte(byte) { position += 1 }
    guard position > start else {
      if case .expansion? = unit {
        throw mistake(
          "write the field's name literally; an expansion is a value to compare with",
          help: "write it like \"name == $name\""
        )
      }
      throw mistake("a field's name is missing here", help: Self.help)
    }
    return Located(value: text(start, position), span: span(start, position))
  }

  private static func isFieldByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private mutating func sign(
    after field: Located<String>
  ) throws(SyntaxMistake) -> Located<
    Comparison
  > {
    let start = position
    while let byte, "=!<>~".utf8.contains(byte) { position += 1 }
    let written = text(start, position)
    if let sign = Comparison(rawValue: written) {
      return Located(value: sign, span: span(start, position))
    }
    let signs = Comparison.allCases.map(\.rawValue).joined(separator: " ")
    guard !written.isEmpty else {
      position = start
      throw SyntaxMistake(
        message: "a comparison is missing after '\(field.value)'",
        span: isAtEnd ? field.span : placeHere,
        help: "comparisons are \(signs)"
      )
    }
    throw SyntaxMistake(
      message: "'\(written)' is not a comparison",
      span: span(start, position),
      help: written == "="
        ? "'==' compares"
        : "comparisons are \(signs); quote a value that starts with one of them"
    )
  }

  private mutating func operand(
    after sign: Located<Comparison>
  ) throws(SyntaxMistake) -> RowCondition.Operand {
    let start = position
    if let quote = byte, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      position += 1
      while !isAtEnd, byte != quote { position += 1 }
      guard byte == quote else {
        throw SyntaxMistake(
          message: "this quote is never closed",
          span: places[start],
          help: nil
        )
      }
      position += 1
      return RowCondition.Operand(
        pieces: pieces(start + 1, position - 1),
        isQuoted: true,
        span: span(start, position)
      )
    }
    var parentheses = 0
    while !isAtEnd, !isBlank {
      if byte == UInt8(ascii: "(") { parentheses += 1 }
      if byte == UInt8(ascii: ")") {
        guard parentheses > 0 else { break }
        parentheses -= 1
      }
      position += 1
    }
    guard position > start else {
      throw SyntaxMistake(
        message: "a value is missing after '\(sign.value.rawValue)'",
        span: sign.span,
        help: "write empty text as \"\""
      )
    }
    return RowCondition.Operand(
      pieces: pieces(start, position),
      isQuoted: false,
      span: span(start, position)
    )
  }

  /// Makes sure that nothing but `and`, `or`, `)` or the end follows.
  private mutating func end(after operand: RowCondition.Operand?) throws(SyntaxMistake) {
    let isTouching = !isAtEnd && !isBlank && byte != UInt8(ascii: ")")
    skipBlanks()
    if isAtEnd || byte == UInt8(ascii: ")") { return }
    if !isTouching, isKeyword("and") || isKeyword("or") { return }
    let rest = placeHere
    let written = text(position, wordEnd)
    if written == "&&" || written == "||" {
      throw SyntaxMistake(
        message: "'\(written)' cannot join conditions",
        span: rest,
        help: "write '\(written == "&&" ? "and" : "or")'"
      )
    }
    guard let operand else {
      throw SyntaxMistake(message: "'and' or 'or' is missing here", span: rest, help: nil)
    }
    throw SyntaxMistake(
      message: "only one value is allowed: quote it if it has spaces",
      span: SourceSpan(lower: operand.span.lower, upper: max(rest.upper, operand.span.upper)),
      help: "write it like name == \"GitHub - my-org\", or join tests with 'and' and 'or'"
    )
  }

  private var isAtEnd: Bool { position >= units.count }

  private var unit: Unit? { isAtEnd ? nil : units[position] }

  private var byte: UInt8? {
    guard case .byte(let byte)? = unit else { return nil }
    return byte
  }

  private var isBlank: Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"): true
    default: false
    }
  }

  private mutating func skipBlanks() { while isBlank { position += 1 } }

  private func isKeyword(_ keyword: String) -> Bool {
    var index = position
    for expected in keyword.utf8 {
      guard index < units.count, case .byte(expected) = units[index] else { return false }
      index += 1
    }
    guard index < units.count else { return true }
    guard case .byte(let next) = units[index] else { return false }
    return " \t\n()".utf8.contains(next)
  }

  private mutating func takeKeyword(_ keyword: String) -> Bool {
    skipBlanks()
    guard isKeyword(keyword) else { return false }
    position += keyword.utf8.count
    return true
  }

  private var wordEnd: Int {
    var end = position
    while end < units.count {
      if case .byte(let byte) = units[end], " \t\n".utf8.contains(byte) { break }
      end += 1
    }
    return end
  }

  private var placeHere: SourceSpan { span(position, wordEnd) }

  private func span(_ lower: Int, _ upper: Int) -> SourceSpan {
    guard lower < upper, upper <= places.count else { return word.span }
    return SourceSpan(lower: places[lower].lower, upper: places[upper - 1].upper)
  }

  private func text(_ lower: Int, _ upper: Int) -> String {
    let bytes = units[lower..<upper].compactMap { unit -> UInt8? in
      if case .byte(let byte) = unit { byte } else { nil }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func pieces(_ lower: Int, _ upper: Int) -> [RowCondition.Piece] {
    var pieces: [RowCondition.Piece] = []
    var run = lower
    for index in lower..<max(lower, upper) {
      guard case .expansion(let part) = units[index] else { continue }
      if run < index { pieces.append(.text(text(run, index))) }
      pieces.append(.expansion(part))
      run = index + 1
    }
    if run < upper { pieces.append(.text(text(run, upper))) }
    return pieces
  }

  private func mistake(_ message: String, help: String? = nil) -> SyntaxMistake {
    SyntaxMistake(message: message, span: isAtEnd ? word.span : placeHere, help: help)
  }
}
