/// Blocks, and the statements with a keyword that have one.
extension Parser {
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

  mutating func blockOrSkip(of owner: SourceSpan) -> Script? {
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

  mutating func loop() -> Statement? {
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

  mutating func repetition() -> Statement? {
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

  private mutating func loopItems(after keyword: SourceSpan) -> [Word] {
    var items: [Word] = []
    skipLines()
    while isAtWord {
      items.append(word(as: .value))
      skipBlanks()
    }
    if let first = items.first, let last = items.last {
      // As other languages write a list: the brackets would be part of the first word and the last.
      if text(first.span.lower, first.span.lower + 1) == "[",
        text(last.span.upper - 1, last.span.upper) == "]"
      {
        mistake(
          "the words of a list stand without brackets",
          SourceSpan(lower: first.span.lower, upper: last.span.upper),
          help: "for NAME in WORD… { … }; quote a word that begins with '['"
        )
      }
      return items
    }
    noteEnd(.value)
    if isAtEnd {
      incomplete(.operand, "a list is missing after 'in'", keyword)
    } else {
      mistake("a list is missing after 'in'", keyword, help: "for NAME in WORD… { … }")
    }
    return items
  }

  mutating func conditional() -> Statement? {
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

  mutating func attempt() -> Statement? {
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
