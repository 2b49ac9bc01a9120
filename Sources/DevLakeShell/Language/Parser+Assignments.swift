/// `let` and the names it and `for` introduce.
extension Parser {
  mutating func assignment() -> Statement? {
    let start = position
    position += "let".utf8.count
    let keyword = SourceSpan(lower: start, upper: position)
    let form = "let NAME = VALUE"
    skipBlanks()
    let isSecret = isKeyword("--secret")
    if isSecret { position += "--secret".utf8.count }
    skipBlanks()
    guard let name = newName(after: keyword, form: form), let sign = equalSign(after: name) else {
      return nil
    }
    skipLines()
    guard isAtWord else {
      noteEnd(.value)
      if isAtEnd {
        incomplete(.operand, "a value is missing after '='", sign)
      } else {
        mistake("a value is missing after '='", sign, help: form)
        skipStatement()
      }
      return nil
    }
    let value = word(as: .value)
    let span = SourceSpan(lower: start, upper: position)
    oneValueOnly(value)
    return .assignment(Assignment(name: name, isSecret: isSecret, value: value, span: span))
  }

  private mutating func oneValueOnly(_ value: Word) {
    skipBlanks()
    if value.span.upper < position { noteEnd(.nothing) }
    let start = position
    guard isAtWord else { return }
    let place = placeHere
    skipStatement()
    // What a brace begins was said at it.
    guard bytes[value.span.lower] != UInt8(ascii: "{") else { return }
    // An unquoted rest is shown as it should have been written.
    mistake(
      "only one value is allowed: quote it if it has spaces",
      place,
      help: position == start ? "quote it" : cure(value, from: start)
    )
  }

  /// What was probably meant by several words after `=`.
  private func cure(_ value: Word, from start: Int) -> String {
    let whole = text(value.span.lower, position)
    let rest = text(start, position)
    if let sign = rest.first, "+-*/%".contains(sign), rest.dropFirst().first == " " {
      return "write arithmetic as $(( \(whole) ))"
    }
    guard value.plain != nil, whole.utf8.count <= 120 else { return "quote it" }
    if whole.hasPrefix("["), whole.hasSuffix("]") {
      return "write a list as $(parse \(Quoting.quote(whole)) --as json)"
    }
    if rest.hasPrefix("-") { return "write a command's result as $(\(whole))" }
    return "write \(Quoting.quote(whole)), or $(\(whole)) for a command's result"
  }

  private mutating func equalSign(after name: Located<String>) -> SourceSpan? {
    skipBlanks()
    noteEnd(.keyword(["="]))
    let place = SourceSpan(lower: position, upper: position + 1)
    guard peek == UInt8(ascii: "="), operatorHere == nil else {
      mistake(
        "'=' is missing after '\(name.value)'",
        isAtStatementEnd ? name.span : placeHere,
        help: "let NAME = VALUE"
      )
      skipStatement()
      return nil
    }
    if name.span.upper == position || !isWordEnd(at: position + 1) {
      mistake("put spaces around '='", place)
    }
    position += 1
    noteEnd(.nothing, from: place.lower)
    return place
  }

  /// Reads the name of a new variable, or reports what is there and skips the statement.
  mutating func newName(
    after keyword: SourceSpan,
    form: String,
    mayTouchComma: Bool = false
  ) -> Located<String>? {
    let start = position
    noteEnd(.nothing)
    let written = text(keyword.lower, keyword.upper)
    if isAtStatementEnd {
      mistake("a name is missing after '\(written)'", keyword, help: form)
      return nil
    }
    if let name = identifier(),
      isWordEnd(at: position) || peek == UInt8(ascii: "=")
        || mayTouchComma && peek == UInt8(ascii: ",")
    {
      noteEnd(.nothing, from: start)
      return Located(value: name, span: SourceSpan(lower: start, upper: position))
    }
    position = start
    let place = placeHere
    switch peek {
    case UInt8(ascii: "$"):
      mistake("write the name after '\(written)' without '$'", place, help: form)
    case UInt8(ascii: "-"):
      let word = text(place.lower, place.upper)
      mistake("'\(written)' has no option '\(word)'", place, help: "let --secret NAME = VALUE")
    default:
      let word = text(place.lower, place.upper)
      mistake(
        "'\(word)' cannot be a variable's name",
        place,
        help: "a name has letters, digits and '_', and does not start with a digit"
      )
    }
    skipStatement()
    return nil
  }
}
