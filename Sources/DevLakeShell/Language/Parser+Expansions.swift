/// `$name`, `${name.path[0]:-default}` and `$( … )`.
extension Parser {
  /// Reads what stands after `$`, or reports it and skips the `$` alone.
  mutating func expansion(isQuoted: Bool) -> Word.Part? {
    let start = position
    position += 1
    let kind: Word.Kind?
    switch peek {
    case UInt8(ascii: "{"):
      kind = braced(from: start).map { .variable($0, isQuoted: isQuoted) }
    case UInt8(ascii: "("):
      kind = .capture(capture(from: start), isQuoted: isQuoted)
    default:
      let name = variableName()
      kind = name.map { .variable(VariableReference(name: $0, path: []), isQuoted: isQuoted) }
      noteVariable(.variable, from: start + 1)
      if name == nil {
        let place = SourceSpan(lower: start, upper: start + 1)
        mistake(
          "a name is missing after '$'",
          place,
          help: "write '\\$' for the character itself"
        )
      }
    }
    let span = SourceSpan(lower: start, upper: position)
    return kind.map { Word.Part(kind: $0, span: span) }
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
    } else {
      incomplete(.capture, "this '$(' is never closed", place)
    }
    return script
  }

  private mutating func braced(from start: Int) -> VariableReference? {
    position += 1
    let nameStart = position
    let name = variableName()
    noteVariable(.variable, from: nameStart)
    guard let name else { return unreadable(from: start, "a name is missing after '${'") }
    var reference = VariableReference(name: name, path: [])
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "}"):
        position += 1
        return reference
      case UInt8(ascii: "."):
        position += 1
        let memberStart = position
        let member = identifier(allowsHyphen: true)
        noteVariable(.member(of: reference), from: memberStart)
        guard let member else { return unreadable(from: start, "a key is missing after '.'") }
        reference.path.append(.member(member))
      case UInt8(ascii: "["):
        position += 1
        guard let index = digits().flatMap({ Int($0) }), peek == UInt8(ascii: "]") else {
          return unreadable(from: start, "a whole number and ']' are missing after '['")
        }
        position += 1
        reference.path.append(.index(index))
      case UInt8(ascii: ":") where isText(":-"):
        position += 2
        reference.fallback = fallback()
        guard peek == UInt8(ascii: "}") else {
          return unreadable(from: start, "this '${' has no '}'")
        }
      default:
        return unreadable(from: start, "this '${' cannot be read")
      }
    }
    return unreadable(from: start, "this '${' has no '}'")
  }

  /// Reports a `${…}` and skips it to its brace, or to the next blank or quote.
  private mutating func unreadable(from start: Int, _ message: String) -> VariableReference? {
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
    mistake(message, place, help: "forms are ${name} ${name.key} ${name[0]} ${name:-default}")
    return nil
  }

  /// Reads the text after `:-` up to the closing brace; nothing is expanded in it.
  private mutating func fallback() -> String {
    var content: [UInt8] = []
    while let byte = peek, newlineLength(at: position) == 0 {
      let start = position
      switch byte {
      case UInt8(ascii: "}"):
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "'"):
        position += 1
        content.append(contentsOf: QuotedText.single(&self, openedAt: start).utf8)
      case UInt8(ascii: "\""):
        position += 1
        content.append(
          contentsOf: QuotedText.doubleWithoutExpansions(&self, openedAt: start).utf8
        )
      case UInt8(ascii: "\\") where newlineLength(at: position + 1) == 0:
        position += 1
        if !isAtEnd { skipScalar() }
        content.append(contentsOf: bytes[(start + 1)..<position])
      case UInt8(ascii: "$"):
        mistake(
          "a default is not expanded",
          SourceSpan(lower: start, upper: start + 1),
          help: "write '\\$' for the character itself"
        )
        position += 1
      default:
        content.append(byte)
        position += 1
      }
    }
    return String(decoding: content, as: UTF8.self)
  }
}
