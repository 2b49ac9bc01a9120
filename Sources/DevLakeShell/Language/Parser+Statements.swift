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

  /// Makes sure that nothing stands between a statement and its end.
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
      let written = text(owner.lower, owner.upper)
      let help: String? =
        switch written {
        case "for", "while", "if": "\(written) … { … }; there is no 'do' and no 'then'"
        case "else" where isKeyword("if"): nil
        case "else", "try": "\(written) { … }"
        default: nil
        }
      mistake("'{' is missing here", placeHere, help: help)
      return nil
    }
    // `else{` and `try{` are read as what they were meant to be.
    if operatorHere != .openBrace || owner.upper == start {
      mistake("put spaces around '{'", place)
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
      mistake("put spaces around '}'", SourceSpan(lower: start, upper: position))
    }
  }

  private mutating func loop() -> Statement? {
    let start = position
    position += "for".utf8.count
    let keyword = SourceSpan(lower: start, upper: position)
    let form = "for NAME in WORD… { … }"
    skipBlanks()
    guard let name = newName(after: keyword, form: form, mayTouchComma: true) else { return nil }
    skipBlanks()
    var second: Located<String>?
    if peek == UInt8(ascii: ",") {
      let comma = SourceSpan(lower: position, upper: position + 1)
      position += 1
      skipBlanks()
      guard let name = newName(after: comma, form: "for KEY, VALUE in WORD { … }") else {
        return nil
      }
      second = name
      skipBlanks()
    }
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
    if let second, items.count > 1 {
      mistake(
        "two names need one record or list",
        second.span,
        help: "for KEY, VALUE in WORD { … }"
      )
    }
    return .loop(Loop(name: name, second: second, items: items, body: body, span: span))
  }

  private mutating func repetition() -> Statement? {
    let start = position
    position += "while".utf8.count
    let keyword = SourceSpan(lower: start, upper: position)
    guard let condition = condition(after: keyword), let body = block(of: keyword) else {
      skipStatement()
      return nil
    }
    let span = SourceSpan(lower: start, upper: position)
    return .repetition(Repetition(condition: condition, body: body, span: span))
  }

  private mutating func definition() -> Statement? {
    let start = position
    position += "def".utf8.count
    let keyword = SourceSpan(lower: start, upper: position)
    skipBlanks()
    guard let name = definedName(after: keyword) else {
      skipStatement()
      return nil
    }
    var parameters: [Located<String>] = []
    skipLines()
    while isAtWord {
      guard let parameter = parameter() else {
        skipStatement()
        return nil
      }
      if parameters.contains(where: { $0.value == parameter.value }) {
        mistake("'\(parameter.value)' is already a parameter", parameter.span)
      }
      parameters.append(parameter)
      skipLines()
    }
    guard let body = blockOrSkip(of: keyword) else { return nil }
    let span = SourceSpan(lower: start, upper: position)
    return .definition(
      Definition(name: name, parameters: parameters, body: body, span: span)
    )
  }

  private mutating func definedName(after keyword: SourceSpan) -> Located<String>? {
    noteEnd(.nothing)
    let form = "def NAME PARAMETER { … }"
    if isAtEnd {
      mistake("a name is missing after 'def'", keyword, help: form)
      return nil
    }
    let start = position
    while let byte = peek, Self.isNameByte(byte, isFirst: position == start) { position += 1 }
    let place = SourceSpan(lower: start, upper: position)
    if position > start, isWordEnd(at: position) {
      noteEnd(.nothing, from: start)
      let name = text(start, position)
      guard !Self.keywords.contains(name) else {
        mistake("'\(name)' is a keyword", place, help: "choose another name")
        return nil
      }
      return Located(value: name, span: place)
    }
    if peek == UInt8(ascii: "("), position > start {
      mistake("write parameters without parentheses", placeHere, help: form)
      return nil
    }
    position = start
    guard !isAtStatementEnd, operatorHere == nil else {
      mistake("a name is missing after 'def'", keyword, help: form)
      return nil
    }
    let word = placeHere
    mistake(
      "'\(text(word.lower, word.upper))' cannot be a command's name",
      word,
      help: "a name has letters, digits, '_' and '-', and starts with a letter"
    )
    return nil
  }

  private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): !isFirst
    default: false
    }
  }

  /// The words that are no names of commands.
  static let keywords: Set<String> = [
    "let", "for", "while", "if", "else", "try", "def", "in", "and", "or", "not", "true", "false",
    "null",
  ]

  private mutating func parameter() -> Located<String>? {
    let start = position
    noteEnd(.nothing)
    if let name = identifier(), isWordEnd(at: position) {
      noteEnd(.nothing, from: start)
      return Located(value: name, span: SourceSpan(lower: start, upper: position))
    }
    position = start
    let place = placeHere
    let written = text(place.lower, place.upper)
    mistake(
      written.hasPrefix("$")
        ? "write a parameter without '$'" : "'\(written)' cannot be a parameter's name",
      place,
      help: "def NAME PARAMETER { … }; a name has letters, digits and '_'"
    )
    return nil
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
