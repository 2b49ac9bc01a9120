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
    case .greater?, .append?: return redirected(command)
    case .pipe?: return pipedToShell(command)
    default: return PipedCommand(command: command)
    }
  }

  private mutating func pipedToShell(_ command: SimpleCommand) -> PipedCommand? {
    let place = take(.pipe)
    skipLines()
    noteEnd(.shell)
    if isAtEnd {
      incomplete(.operand, "a shell command is missing after '|'", place)
      return nil
    }
    let text = shellText()
    if text.value.isEmpty { mistake("a shell command is missing after '|'", place) }
    return PipedCommand(command: command, destination: .pipe(text))
  }

  /// Reads `> FILE` or `>> FILE`, the last thing in its command.
  mutating func redirected(_ command: SimpleCommand) -> PipedCommand? {
    guard let sign = operatorHere else { return nil }
    let place = take(sign)
    skipLines()
    noteEnd(.file)
    if isAtEnd {
      incomplete(.operand, "a file is missing after '\(sign.rawValue)'", place)
      return nil
    }
    guard isAtWord else {
      mistake("a file is missing after '\(sign.rawValue)'", place)
      return nil
    }
    let file = word(as: .file)
    return PipedCommand(
      command: command,
      destination: sign == .greater ? .file(file) : .appendedFile(file)
    )
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
      if let sign = operatorHere, isMisplaced(sign, in: place) {
        misplaced(sign, in: name.value)
        continue
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

  private func isMisplaced(
    _ sign: WordOperator,
    in place: CompletionContext.CommandPlace
  ) -> Bool {
    place == .condition || !sign.isOrdinaryOutsideConditions
  }

  /// Reports an operator among a command's words and skips it, a block with all it holds.
  private mutating func misplaced(_ sign: WordOperator, in name: String) {
    let place = SourceSpan(lower: position, upper: position + sign.rawValue.utf8.count)
    switch sign {
    case .openBrace:
      mistake("'\(name)' takes no block", place, help: "quote '{' to write it as a word")
      _ = block(of: place)
      return
    case .closeBrace:
      mistake("'}' closes nothing here", place, help: "quote it to write it as a word")
    case .pipe:
      mistake("a pipe cannot stand in a condition", place)
    case _ where commandInProgress.isInCondition:
      mistake(
        "'\(sign.rawValue)' cannot compare a command",
        place,
        help: "what is compared begins with '$', a quote or a digit"
      )
    default:
      mistake(
        "quote '\(sign.rawValue)'",
        place,
        help: sign == .less ? "no command reads its input from a file" : nil
      )
    }
    position = place.upper
  }

  private mutating func commandName(in place: CompletionContext.CommandPlace) -> Located<String>? {
    commandInProgress.isInCondition = place == .condition
    let start = placeHere
    if let sign = operatorHere {
      switch sign {
      case .closeBrace: mistake("'}' closes nothing here", start)
      case .openBrace: mistake("a block cannot stand here alone", start)
      default: mistake("a command is missing before '\(sign.rawValue)'", start)
      }
      return nil
    }
    if isKeyword("else") {
      mistake("'else' stands on the line of the '}' before it", start, help: "write '} else {'")
      return nil
    }
    if isKeyword("let") || isKeyword("for") || isKeyword("if") || isKeyword("try") {
      mistake("'\(text(start.lower, start.upper))' begins a statement of its own", start)
      return nil
    }
    if peek == UInt8(ascii: "!") {
      mistake("'!' begins a statement of its own", SourceSpan(lower: position, upper: position + 1))
      return nil
    }
    let word = word(as: .command(place))
    if let name = word.plain { return Located(value: name, span: word.span) }
    mistake(
      "a command's name is written without quotes, '\\' and '$'",
      word.span,
      help: isVariable(word) ? "'echo' shows a value" : nil
    )
    return nil
  }

  private func isVariable(_ word: Word) -> Bool {
    guard case .variable? = word.parts.first?.kind else { return false }
    return true
  }
}
