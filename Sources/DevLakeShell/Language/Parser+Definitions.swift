/// Commands of one's own: `def NAME PARAMETER… { … }`.
extension Parser {
  mutating func definition() -> Statement? {
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
}
