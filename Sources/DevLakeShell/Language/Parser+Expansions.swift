/// `$name`, `${name.path[0]:-default}`, `${#name}`, `$( … )`, `$[ … ]` and `$(( … ))`.
extension Parser {
  /// Reads what is after `$`, or reports it and skips the `$` alone.
  mutating func expansion(isQuoted: Bool) -> Word.Part? {
    let start = position
    position += 1
    let kind: Word.Kind?
    switch peek {
    case UInt8(ascii: "{"):
      kind = braced(from: start, isQuoted: isQuoted)
    case UInt8(ascii: "(") where isText("(("):
      kind = arithmetic(from: start).map { .sum($0, isQuoted: isQuoted) }
    case UInt8(ascii: "("):
      kind = .capture(capture(from: start), isQuoted: isQuoted)
    case UInt8(ascii: "["):
      kind = .collection(collection(from: start), isQuoted: isQuoted)
    default:
      let name = variableName()
      kind = name.map { .variable(VariableReference(name: $0, path: []), isQuoted: isQuoted) }
      noteVariable(.variable, from: start + 1)
      if let name {
        refusePathOutsideBraces(of: name, from: start)
      } else {
        let place = SourceSpan(lower: start, upper: start + 1)
        mistake(
          "a name is missing after '$'",
          place,
          help: "write '\\$' for a literal '$'"
        )
      }
    }
    let span = SourceSpan(lower: start, upper: position)
    return kind.map { Word.Part(kind: $0, span: span) }
  }

  /// `$c.name` would be the whole of `$c` and the text `.name`: what is meant has braces.
  private mutating func refusePathOutsideBraces(of name: String, from start: Int) {
    guard Int(name) == nil, let sign = peek, position + 1 < bytes.count else { return }
    let before = position
    let next = bytes[position + 1]
    let help: String
    switch sign {
    case UInt8(ascii: "."):
      position += 1
      guard let member = identifier(allowsHyphen: true) else {
        position = before
        return
      }
      help =
        "write ${\(name).\(member)}; for the literal text '.\(member)' after it ${\(name)}.\(member)"
    case UInt8(ascii: "[") where next == UInt8(ascii: "$") || (0x30...0x39).contains(next):
      while let byte = peek, byte != UInt8(ascii: "]"), !isWordEnd(at: position) { position += 1 }
      if peek == UInt8(ascii: "]") { position += 1 }
      let step = text(before, position)
      help = "write ${\(name)\(step)}; for the literal text '\(step)' after it ${\(name)}\(step)"
    default: return
    }
    let written = text(start, position)
    mistake("'\(written)' needs braces", SourceSpan(lower: start, upper: position), help: help)
  }

  /// Reads a variable's name or the number of a script's argument.
  mutating func variableName() -> String? {
    digits() ?? identifier()
  }

  mutating func digits() -> String? {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position == start ? nil : text(start, position)
  }

  mutating func identifier(allowsHyphen: Bool = false) -> String? {
    let start = position
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "_"):
        position += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9") where position > start:
        position += 1
      case UInt8(ascii: "-") where position > start && allowsHyphen:
        position += 1
      default:
        return position == start ? nil : text(start, position)
      }
    }
    return position == start ? nil : text(start, position)
  }

  private mutating func capture(from start: Int) -> Script {
    position += 1
    let place = SourceSpan(lower: start, upper: start + 2)
    guard open(.capture, place) else { return Script(statements: []) }
    let outer = commandInProgress
    let script = script()
    close()
    if peek == UInt8(ascii: ")") {
      position += 1
      commandInProgress = outer
    } else if isAtEnd {
      incomplete(.capture, "this '$(' is never closed", place)
    } else {
      mistake("this '$(' is never closed", place)
    }
    return script
  }

  private mutating func collection(from start: Int) -> Script {
    position += 1
    let place = SourceSpan(lower: start, upper: start + 2)
    guard open(.list, place) else { return Script(statements: []) }
    let outer = commandInProgress
    let script = script()
    let isClosed = closesList
    close()
    if isClosed {
      position += 1
      commandInProgress = outer
    } else if isAtEnd {
      incomplete(.list, "this '$[' is never closed", place)
    } else {
      mistake(
        "this '$[' is never closed",
        place,
        help: "the closing ']' must be a separate word"
      )
    }
    return script
  }

  private mutating func braced(from start: Int, isQuoted: Bool) -> Word.Kind? {
    position += 1
    let isLength = peek == UInt8(ascii: "#")
    if isLength { position += 1 }
    let nameStart = position
    let name = variableName()
    noteVariable(.variable, from: nameStart)
    guard let name else {
      return unreadable(from: start, "a name is missing after '\(isLength ? "${#" : "${")'")
    }
    var reference = VariableReference(name: name, path: [])
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "}"):
        position += 1
        return isLength
          ? .length(reference, isQuoted: isQuoted) : .variable(reference, isQuoted: isQuoted)
      case UInt8(ascii: "."):
        position += 1
        let memberStart = position
        let member = identifier(allowsHyphen: true)
        noteVariable(.member(of: reference), from: memberStart)
        guard let member else { return unreadable(from: start, "a key is missing after '.'") }
        reference.path.append(.member(member))
      case UInt8(ascii: "["):
        guard let step = subscriptStep() else {
          return unreadable(from: start, "a whole number or a '$name', and ']', follow '['")
        }
        reference.path.append(step)
      case UInt8(ascii: ":") where isText(":-") && !isLength:
        position += 2
        guard let fallback = fallback(of: start) else { return nil }
        reference.fallback = fallback
        guard peek == UInt8(ascii: "}") else {
          return unreadable(from: start, "this '${' has no '}'")
        }
      case UInt8(ascii: "-") where !isLength:
        return unreadable(
          from: start,
          "a default follows ':-'",
          help: "write ${\(text(nameStart, position)):-default}"
        )
      default:
        return unreadable(from: start, "malformed '${'")
      }
    }
    return unreadable(from: start, "this '${' has no '}'")
  }

  /// Reads `[0]` or `[$name]`.
  private mutating func subscriptStep() -> VariableReference.Step? {
    position += 1
    let step: VariableReference.Step
    if peek == UInt8(ascii: "$") {
      position += 1
      let nameStart = position
      let name = variableName()
      noteVariable(.variable, from: nameStart)
      guard let name else { return nil }
      step = .variable(name)
    } else {
      guard let index = digits().flatMap({ Int($0) }) else { return nil }
      step = .index(index)
    }
    guard peek == UInt8(ascii: "]") else { return nil }
    position += 1
    return step
  }

  /// Reports a `${…}` and skips it to its brace, or to the next blank or quote.
  private mutating func unreadable(
    from start: Int,
    _ message: String,
    help: String = "forms are ${name} ${name.key} ${name[0]} ${name[$i]} ${name:-default} ${#name}"
  ) -> Word.Kind? {
    skipping: while let byte = peek, !isWordEnd(at: position) {
      switch byte {
      case UInt8(ascii: "}"):
        position += 1
        break skipping
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        break skipping
      default:
        position += 1
      }
    }
    let place = SourceSpan(lower: start, upper: position)
    mistake(message, place, help: help)
    return nil
  }

  /// Reads the word after `:-` up to the closing brace; blanks belong to it.
  private mutating func fallback(of reference: Int) -> Word? {
    guard open(.other, SourceSpan(lower: reference, upper: reference + 2)) else { return nil }
    defer { close() }
    let start = position
    var pieces = WordPieces(start: start)
    reading: while let byte = peek, newlineLength(at: position) == 0 {
      switch byte {
      case UInt8(ascii: "}"): break reading
      case UInt8(ascii: "'"):
        pieces.end(at: position)
        pieces.parts.append(singleQuoted())
        pieces.begin(at: position)
      case UInt8(ascii: "\""):
        pieces.end(at: position)
        doubleQuoted(&pieces.parts)
        pieces.begin(at: position)
      case UInt8(ascii: "\\") where newlineLength(at: position + 1) == 0:
        let escape = position
        position += 1
        let character = position
        if !isAtEnd { skipScalar() }
        pieces.addEscaped(bytes[character..<position], at: escape)
      case UInt8(ascii: "$"):
        pieces.end(at: position)
        let part = expansion(isQuoted: false)
        pieces.begin(at: position)
        if let part { pieces.parts.append(part) }
      default:
        pieces.add(byte, at: position)
        position += 1
      }
    }
    pieces.end(at: position)
    return Word(parts: pieces.parts, span: SourceSpan(lower: start, upper: position))
  }
}
