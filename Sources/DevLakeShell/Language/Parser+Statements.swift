/// Scripts, blocks and the statements that have a keyword.
extension Parser {
  /// Reads statements up to what closes the innermost opener, or to the end of the input.
  mutating func script() -> Script {
    var statements: [Statement] = []
    while true {
      skipSeparators()
      commandInProgress = CompletionContext.WrittenCommand()
      if isAtEnd {
        noteEnd(.command(.statement))
        break
      }
      if peek == UInt8(ascii: ")"), openCaptures > 0 { break }
      if peek == UInt8(ascii: "}"), openers.last == .block { break }
      let start = position
      if let statement = statement() { statements.append(statement) }
      endStatement()
      if position == start { position += 1 }
    }
    return Script(statements: statements)
  }

  private mutating func statement() -> Statement? {
    if peek == UInt8(ascii: "!") { return system() }
    if isKeyword("let") { return assignment() }
    if isKeyword("for") { return loop() }
    if isKeyword("if") { return conditional() }
    if isKeyword("try") || isText("try{") { return attempt() }
    return list().map { .list($0) }
  }

  /// Makes sure that nothing stands between a statement and its end.
  private mutating func endStatement() {
    skipBlanks()
    guard !isAtStatementEnd else { return }
    let sign = operatorHere
    mistake(
      sign == .openBrace ? "no block belongs here" : "';' or a new line is missing here",
      placeHere,
      help: sign.flatMap(Self.belongsToCommand)
    )
    skipStatement()
  }

  private static func belongsToCommand(_ sign: WordOperator) -> String? {
    switch sign {
    case .and, .or: "'\(sign.rawValue)' joins two commands"
    case .pipe, .greater, .append: "'\(sign.rawValue)' stands after one command, once"
    default: nil
    }
  }

  /// Skips the rest of a statement that has its mistake already; blocks in it are still checked.
  mutating func skipStatement() {
    let wasMuted = isMuted
    defer { isMuted = wasMuted }
    while true {
      isMuted = true
      skipBlanks()
      if isAtStatementEnd { return }
      switch operatorHere {
      case .openBrace:
        isMuted = wasMuted
        _ = block(of: SourceSpan(lower: position, upper: position + 1))
      case let sign?:
        position += sign.rawValue.utf8.count
      case nil:
        _ = word(as: .nothing)
      }
    }
  }

  /// Reads `{ … }`; `owner` is the place of the word that needs it.
  mutating func block(of owner: SourceSpan) -> Script? {
    skipLines()
    let start = position
    let place = SourceSpan(lower: start, upper: start + 1)
    if isAtEnd {
      noteEnd(.keyword(["{"]))
      incomplete(.operand, "this statement needs a block: '{ … }'", owner)
      return nil
    }
    guard peek == UInt8(ascii: "{") else {
      mistake("'{' is missing here", placeHere)
      return nil
    }
    // `else{` and `try{` are read as what they were meant to be.
    if operatorHere != .openBrace || owner.upper == start {
      mistake("put blanks around '{'", place)
    }
    position += 1
    guard open(.block, place) else { return nil }
    let script = script()
    close()
    if peek == UInt8(ascii: "}") {
      closeBrace()
    } else if isAtEnd {
      incomplete(.block, "this block is never closed", place)
    } else {
      mistake("this block is never closed", place)
    }
    return script
  }

  private mutating func blockOrSkip(of owner: SourceSpan) -> Script? {
    guard let block = block(of: owner) else {
      skipStatement()
      return nil
    }
    return block
  }

  private mutating func closeBrace() {
    let start = position
    let isAlone = isWordEnd(at: position + 1)
    position += 1
    noteEnd(.nothing, from: start)
    if !isAlone {
      mistake("put blanks around '}'", SourceSpan(lower: start, upper: position))
    }
  }

  private mutating func loop() -> Statement? {
    let start = position
    position += "for".utf8.count
    let keyword = SourceSpan(lower: start, upper: position)
    let form = "for NAME in WORD… { … }"
    skipBlanks()
    guard let name = newName(after: keyword, form: form) else { return nil }
    skipBlanks()
    noteEnd(.keyword(["in"]))
    guard isKeyword("in") else {
      mistake("'in' is missing here", isAtStatementEnd ? keyword : placeHere, help: form)
      skipStatement()
      return nil
    }
    position += "in".utf8.count
    let items = loopItems(after: SourceSpan(lower: position - 2, upper: position))
    guard let body = blockOrSkip(of: keyword) else { return nil }
    let span = SourceSpan(lower: start, upper: position)
    return .loop(Loop(name: name, items: items, body: body, span: span))
  }

  private mutating func loopItems(after keyword: SourceSpan) -> [Word] {
    var items: [Word] = []
    skipLines()
    while isAtWord {
      items.append(word(as: .value))
      skipBlanks()
    }
    guard items.isEmpty else { return items }
    noteEnd(.value)
    if isAtEnd {
      incomplete(.operand, "a list is missing after 'in'", keyword)
    } else {
      mistake("a list is missing after 'in'", keyword, help: "for NAME in WORD… { … }")
    }
    return items
  }

  private mutating func conditional() -> Statement? {
    let start = position
    var branches: [Conditional.Branch] = []
    var otherwise: Script?
    while true {
      let keyword = SourceSpan(lower: position, upper: position + 2)
      position = keyword.upper
      guard let condition = condition(after: keyword), let body = block(of: keyword) else {
        skipStatement()
        return nil
      }
      branches.append(Conditional.Branch(condition: condition, body: body))
      guard let elseKeyword = elseAfterBlock() else { break }
      skipBlanks()
      if isKeyword("if") { continue }
      otherwise = blockOrSkip(of: elseKeyword)
      break
    }
    let span = SourceSpan(lower: start, upper: position)
    return .conditional(Conditional(branches: branches, otherwise: otherwise, span: span))
  }

  private mutating func attempt() -> Statement? {
    let start = position
    position += "try".utf8.count
    let keyword = SourceSpan(lower: start, upper: position)
    guard let body = blockOrSkip(of: keyword) else { return nil }
    let otherwise = elseAfterBlock().flatMap { blockOrSkip(of: $0) }
    let span = SourceSpan(lower: start, upper: position)
    return .attempt(Attempt(body: body, otherwise: otherwise, span: span))
  }

  /// Reads `else` on the line of a closing brace, or nothing at all.
  private mutating func elseAfterBlock() -> SourceSpan? {
    let end = position
    skipBlanks()
    noteEnd(.keyword(["else"]))
    let start = position
    if isKeyword("else") || isText("else{") {
      position += "else".utf8.count
      return SourceSpan(lower: start, upper: position)
    }
    position = end
    return nil
  }
}
