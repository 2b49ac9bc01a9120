/// Commands, what joins them and where their results go.
extension Parser {
  /// Reads `a && b || c`.
  mutating func list() -> CommandList? {
    var alternatives: [CommandList] = []
    var chain: [CommandList] = []
    var place = CompletionContext.CommandPlace.statement
    while let command = piped(in: place) {
      place = .list
      chain.append(.command(command))
      skipBlanks()
      let sign = operatorHere
      guard let sign, sign == .and || sign == .or else {
        alternatives.append(chain.joined { .both($0, $1) })
        return alternatives.joined { .either($0, $1) }
      }
      if sign == .or {
        alternatives.append(chain.joined { .both($0, $1) })
        chain = []
      }
      guard commandFollows(sign, take(sign)) else { return nil }
    }
    return nil
  }

  private mutating func commandFollows(_ sign: WordOperator, _ place: SourceSpan) -> Bool {
    skipLines()
    commandInProgress = CompletionContext.WrittenCommand()
    noteEnd(.command(.list))
    if isAtEnd {
      incomplete(.operand, "a command is missing after '\(sign.rawValue)'", place)
      return false
    }
    guard !isAtStatementEnd else {
      mistake("a command is missing after '\(sign.rawValue)'", place)
      return false
    }
    return true
  }

  private mutating func piped(in place: CompletionContext.CommandPlace) -> PipedCommand? {
    guard let command = command(in: place) else {
      skipStatement()
      return nil
    }
    switch operatorHere {
    case .greater?, .append?, .pipe?:
      return destination().map { PipedCommand(command: command, destination: $0) }
    default: return PipedCommand(command: command)
    }
  }

  /// Reads `> FILE`, `>> FILE` or `| TEXT`.
  mutating func destination() -> Destination? {
    switch operatorHere {
    case .greater?, .append?: fileDestination()
    case .pipe?: shellDestination()
    default: nil
    }
  }

  private mutating func shellDestination() -> Destination? {
    let place = take(.pipe)
    skipLines()
    noteEnd(.shell)
    if isAtEnd {
      incomplete(.operand, "a shell command is missing after '|'", place)
      return nil
    }
    let text = shellText()
    if text.value.isEmpty { mistake("a shell command is missing after '|'", place) }
    return .pipe(text)
  }

  private mutating func fileDestination() -> Destination? {
    guard let sign = operatorHere else { return nil }
    let place = take(sign)
    skipLines()
    noteEnd(.file)
    // Before a cursor a `~` alone begins a path; it is the operator everywhere else.
    if isCompleting, operatorHere == .matches, position + 1 == bytes.count {
      let start = position
      position += 1
      noteEnd(.file, from: start)
      return nil
    }
    if isAtEnd {
      incomplete(.operand, "a file is missing after '\(sign.rawValue)'", place)
      return nil
    }
    guard isAtWord else {
      mistake("a file is missing after '\(sign.rawValue)'", place)
      return nil
    }
    let file = word(as: .file)
    return sign == .greater ? .file(file) : .appendedFile(file)
  }

  /// Reads a name and its words.
  mutating func command(in place: CompletionContext.CommandPlace) -> SimpleCommand? {
    guard let name = commandName(in: place) else { return nil }
    commandInProgress.name = name
    var words: [Word] = []
    while true {
      let end = position
      skipBlanks()
      noteEnd(.argument)
      if isAtCommandEnd(in: place) {
        return SimpleCommand(
          name: name,
          words: words,
          span: SourceSpan(lower: name.span.lower, upper: end)
        )
      }
      if let sign = operatorHere {
        misplaced(sign, in: name.value)
        continue
      }
      if words.isEmpty, let assigned = assigned(name) {
        mistake("set a variable with 'let'", name.span, help: "let \(assigned)")
        skipStatement()
        return nil
      }
      let word = word(as: .argument)
      words.append(word)
      if isCompleting { commandInProgress.words.append(word) }
    }
  }

  private func isAtCommandEnd(in place: CompletionContext.CommandPlace) -> Bool {
    if isAtStatementEnd { return true }
    if place == .condition, isKeyword("and") || isKeyword("or") { return true }
    switch operatorHere {
    case .and?, .or?, .greater?, .append?: return true
    case .pipe?: return place != .condition
    case .openBrace?: return place == .condition
    default: return false
    }
  }

  /// `x = 3`, `export X=3` and `local X=3`, as they are written here.
  private func assigned(_ name: Located<String>) -> String? {
    let rest = text(position, placeHere.upper)
    if rest == "=" {
      var copy = self
      copy.isMuted = true
      copy.position += 1
      copy.skipBlanks()
      let value = copy.isAtWord ? copy.text(copy.position, copy.placeHere.upper) : "…"
      return "\(name.value) = \(value)"
    }
    guard ["export", "local", "declare", "readonly"].contains(name.value),
      let sign = rest.firstIndex(of: "=")
    else { return nil }
    let variable = rest[..<sign]
    let isName = variable.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    guard isName, !variable.isEmpty else { return nil }
    let value = rest[rest.index(after: sign)...]
    return "\(variable) = \(value.isEmpty ? "…" : value)"
  }

  /// Reports an operator among a command's words and skips it, a block with all it holds.
  private mutating func misplaced(_ sign: WordOperator, in name: String) {
    let place = SourceSpan(lower: position, upper: position + sign.rawValue.utf8.count)
    switch sign {
    case .openBrace:
      mistake("'\(name)' cannot have a block", place, help: "quote '{' to write it as a word")
      _ = block(of: place)
      return
    case .closeBrace:
      mistake("unexpected '}'", place, help: "quote it to write it as a word")
    case .pipe:
      mistake("a pipe is not allowed in a condition", place)
    case _ where commandInProgress.isInCondition:
      mistake(
        "'\(sign.rawValue)' cannot compare a command",
        place,
        help: "a comparison starts with '$', a quote or a digit"
      )
    case .equal, .notEqual, .matches:
      mistake(
        "quote '\(sign.rawValue)'",
        place,
        help: "'\(sign.rawValue)' compares after 'if' and 'while'; a --where condition is one "
          + "word: 'name \(sign.rawValue) …'"
      )
    default:
      mistake(
        "quote '\(sign.rawValue)'",
        place,
        help: sign == .less ? "commands do not read their input from a file" : nil
      )
    }
    position = place.upper
  }

  private mutating func commandName(in place: CompletionContext.CommandPlace) -> Located<String>? {
    commandInProgress.isInCondition = place == .condition
    let start = placeHere
    if let sign = operatorHere {
      switch sign {
      case .closeBrace: mistake("unexpected '}'", start)
      case .openBrace:
        mistake(
          "a block is not allowed here",
          start,
          help: "'if COMMAND { … }' and 'if not COMMAND { … }' run one by a command's success"
        )
      default: mistake("a command is missing before '\(sign.rawValue)'", start)
      }
      return nil
    }
    if isKeyword("else") {
      mistake("'else' must be on the line of the preceding '}'", start, help: "write '} else {'")
      return nil
    }
    if isKeyword("let") || isKeyword("for") || isKeyword("while") || isKeyword("if")
      || isKeyword("try") || isKeyword("def")
    {
      mistake("'\(text(start.lower, start.upper))' must start a statement", start)
      return nil
    }
    if peek == UInt8(ascii: "!") {
      mistake("'!' must start a statement", SourceSpan(lower: position, upper: position + 1))
      return nil
    }
    let word = word(as: .command(place))
    if let name = word.plain {
      if isAssignment(name) {
        notACommand(word)
        return nil
      }
      return Located(value: name, span: word.span)
    }
    notACommand(word)
    return nil
  }

  /// Whether it is `NAME=VALUE`.
  private func isAssignment(_ text: String) -> Bool {
    let name = text.utf8.prefix { byte in
      byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte)
    }
    return !name.isEmpty && name.count + 1 < text.utf8.count
      && text.utf8.dropFirst(name.count).first == UInt8(ascii: "=")
  }
}
