/// Scripts, and which statement begins where.
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
      if closesList { break }
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
    if isKeyword("def") { return definition() }
    let start = position
    if isKeyword("for") { return going(loop(), from: start) }
    if isKeyword("while") { return going(repetition(), from: start) }
    if isKeyword("if") { return going(conditional(), from: start) }
    if isKeyword("try") || isText("try{") { return going(attempt(), from: start) }
    if operatorHere == .openBrace { return bareBlock() }
    if peek == UInt8(ascii: "$") { return going(value(), from: start) }
    if let cure = foreignStatement() {
      mistake(cure.message, placeHere, help: cure.help)
      skipStatement()
      return nil
    }
    return list().map { .list($0) }
  }

  /// Reads where the results of a statement go, if that is said.
  private mutating func going(_ statement: Statement?, from start: Int) -> Statement? {
    guard let statement else { return nil }
    let end = position
    skipBlanks()
    switch operatorHere {
    case .greater?, .append?, .pipe?:
      guard let destination = destination() else {
        skipStatement()
        return nil
      }
      let span = SourceSpan(lower: start, upper: position)
      return .redirected(
        Redirected(statement: statement, destination: destination, span: span)
      )
    default:
      position = end
      return statement
    }
  }

  /// `{ … } > FILE`: a block alone only where its results go somewhere.
  private mutating func bareBlock() -> Statement? {
    let start = position
    let place = SourceSpan(lower: start, upper: start + 1)
    guard let body = block(of: place) else {
      skipStatement()
      return nil
    }
    let block = Block(body: body, span: SourceSpan(lower: start, upper: position))
    guard let statement = going(.block(block), from: start) else { return nil }
    if case .block = statement {
      mistake(
        "a block is not allowed here",
        place,
        help: "'{ … } > FILE' and '{ … } | COMMAND' send its results somewhere"
      )
      return nil
    }
    return statement
  }

  /// `$x`, `$( … )`: a word that is one expansion gives its value.
  private mutating func value() -> Statement? {
    let word = word(as: .value)
    guard word.onlyExpansion != nil else {
      // What could not be read has its mistake already.
      if !word.parts.isEmpty { notACommand(word) }
      skipStatement()
      return nil
    }
    skipBlanks()
    switch operatorHere {
    case .greater?, .append?, .pipe?: return .value(word)
    case _ where isAtStatementEnd: return .value(word)
    default:
      let written = text(word.span.lower, word.span.upper)
      let name = written.dropFirst()
      let isAssigned = peek == UInt8(ascii: "=") && isWordEnd(at: position + 1)
      mistake(
        isAssigned
          ? "set a variable with 'let', and without '$'"
          : "a value must be a statement of its own",
        isAssigned ? word.span : placeHere,
        help: isAssigned
          ? "let \(name) = …"
          : "a command starts with its name; 'echo \(written) …' writes values"
      )
      skipStatement()
      return nil
    }
  }

  /// What people write who think in another shell, and what it is here.
  private func foreignStatement() -> (message: String, help: String)? {
    guard let byte = peek, byte >= UInt8(ascii: "A") else { return nil }
    if isKeyword("function") {
      return ("define a command with 'def'", "def NAME PARAMETER { … }")
    }
    if isKeyword("elif") || isKeyword("elseif") {
      return (
        "'\(text(placeHere.lower, placeHere.upper))' must be 'else if'",
        "'} else if CONDITION {' must be on the line of the preceding '}'"
      )
    }
    if isKeyword("catch") || isKeyword("except") {
      return (
        "'\(text(placeHere.lower, placeHere.upper))' must be 'else'", "try { … } else { … }"
      )
    }
    if isKeyword("do") || isKeyword("done") || isKeyword("then") || isKeyword("fi") {
      return (
        "'\(text(placeHere.lower, placeHere.upper))' is sh syntax",
        "write blocks as '{ … }' and sh code with ';' as !( … )"
      )
    }
    return nil
  }

  /// A word that is not a name of a command.
  mutating func notACommand(_ word: Word) {
    let written = text(word.span.lower, word.span.upper)
    // What a parenthesis has nothing to do with was said at it.
    guard written.first != "(" else { return }
    let name = written.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let rest = written.dropFirst(name.count)
    if !name.isEmpty, rest.first == "=", rest.count > 1 {
      return mistake(
        "set a variable with 'let'",
        word.span,
        help: "let \(name) = \(rest.dropFirst())"
      )
    }
    mistake(
      "write a command's name without quotes, '\\' and '$'",
      word.span,
      help: word.parts.contains { !$0.kind.isText } || word.parts.first?.kind.isQuoted == true
        ? "'echo' shows a value" : nil
    )
  }

  /// Makes sure that nothing is between a statement and its end.
  private mutating func endStatement() {
    skipBlanks()
    guard !isAtStatementEnd else { return }
    let sign = operatorHere
    mistake(
      sign == .openBrace ? "unexpected block" : "';' or a new line is missing here",
      placeHere,
      help: sign.flatMap(Self.belongsToCommand) ?? foreignStatement()?.help
    )
    skipStatement()
  }

  private static func belongsToCommand(_ sign: WordOperator) -> String? {
    switch sign {
    case .and, .or: "'\(sign.rawValue)' joins two commands"
    case .pipe, .greater, .append: "'\(sign.rawValue)' is allowed once, after one command"
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

  /// The words that are not names of commands.
  static let keywords: Set<String> = [
    "let", "for", "while", "if", "else", "try", "def", "in", "and", "or", "not", "true", "false",
    "null",
  ]
}
