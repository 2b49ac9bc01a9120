/// What is after `if`.
extension Parser {
  mutating func condition(after keyword: SourceSpan) -> Condition? {
    var alternatives: [Condition] = []
    var chain: [Condition] = []
    var sign = keyword
    while true {
      guard let test = test(after: sign) else { return nil }
      chain.append(test)
      skipBlanks()
      noteEnd(.keyword(["and", "or", "{"]))
      if let next = conjunction() {
        sign = next
      } else if let next = disjunction() {
        alternatives.append(chain.joined { .both($0, $1) })
        chain = []
        sign = next
      } else {
        alternatives.append(chain.joined { .both($0, $1) })
        return alternatives.joined { .either($0, $1) }
      }
    }
  }

  private mutating func conjunction() -> SourceSpan? {
    if operatorHere == .and { return take(.and) }
    return keyword("and")
  }

  private mutating func disjunction() -> SourceSpan? {
    if operatorHere == .or { return take(.or) }
    return keyword("or")
  }

  private mutating func keyword(_ keyword: StaticString) -> SourceSpan? {
    guard isKeyword(keyword) else { return nil }
    let start = position
    position += keyword.utf8CodeUnitCount
    return SourceSpan(lower: start, upper: position)
  }

  private mutating func test(after sign: SourceSpan) -> Condition? {
    var negations = 0
    var sign = sign
    skipLines()
    while let next = keyword("not") {
      negations += 1
      sign = next
      guard negations <= Self.maximumDepth else {
        abort(next)
        return nil
      }
      skipLines()
    }
    guard testFollows(sign) else { return nil }
    let test = isAtOperand ? comparison() : commandTest()
    return test.map { test in (0..<negations).reduce(test) { test, _ in .not(test) } }
  }

  private mutating func testFollows(_ sign: SourceSpan) -> Bool {
    commandInProgress = CompletionContext.WrittenCommand()
    noteEnd(.command(.condition))
    let written = text(sign.lower, sign.upper)
    if isAtEnd {
      incomplete(.operand, "a condition is missing after '\(written)'", sign)
      return false
    }
    guard !isAtStatementEnd, operatorHere == nil, !isKeyword("and"), !isKeyword("or") else {
      mistake("a condition is missing after '\(written)'", sign)
      return false
    }
    return true
  }

  /// Whether a value is here, and not a command's name.
  private var isAtOperand: Bool {
    switch peek {
    case UInt8(ascii: "$"), UInt8(ascii: "'"), UInt8(ascii: "\""): return true
    default: return isKeyword("true") || isKeyword("false") || isKeyword("null") || isAtNumber
    }
  }

  private var isAtNumber: Bool {
    var end = position
    func skipDigits() -> Bool {
      let start = end
      while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
      return end > start
    }
    if peek == UInt8(ascii: "-") { end += 1 }
    guard skipDigits() else { return false }
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      end += 1
      guard skipDigits() else { return false }
    }
    return isWordEnd(at: end)
  }

  private mutating func comparison() -> Condition? {
    let left = word(as: .value)
    skipBlanks()
    noteEnd(.keyword(Comparison.allCases.map(\.rawValue) + ["and", "or", "{"]))
    guard let sign = operatorHere, let comparison = sign.comparison else {
      return onlyValue(left)
    }
    let place = take(sign)
    skipLines()
    noteEnd(.value)
    if isAtEnd {
      incomplete(.operand, "a value is missing after '\(sign.rawValue)'", place)
      return nil
    }
    guard isAtWord else {
      mistake("a value is missing after '\(sign.rawValue)'", place)
      return nil
    }
    return .comparison(left, Located(value: comparison, span: place), word(as: .value))
  }

  private mutating func onlyValue(_ value: Word) -> Condition? {
    let isFollowedRightly: Bool
    switch operatorHere {
    case .and?, .or?, .openBrace?: isFollowedRightly = true
    case .pipe?, .append?: isFollowedRightly = false
    default: isFollowedRightly = isAtStatementEnd || isKeyword("and") || isKeyword("or")
    }
    if isFollowedRightly { return .value(value) }
    let signs = Comparison.allCases.map(\.rawValue).joined(separator: " ")
    let help = isKeyword("=") ? "'==' compares" : "comparisons are \(signs)"
    mistake("a comparison or '{' is missing here", placeHere, help: help)
    return nil
  }

  private mutating func commandTest() -> Condition? {
    guard let command = command(in: .condition) else { return nil }
    switch operatorHere {
    case .greater?, .append?:
      return destination().map { .command(PipedCommand(command: command, destination: $0)) }
    default:
      return .command(PipedCommand(command: command))
    }
  }
}
