/// `'…'` and `"…"`.
extension Parser {
  /// Reads `'…'`, in which nothing is special.
  mutating func singleQuoted() -> Word.Part {
    let start = position
    position += 1
    let content = QuotedText.single(&self, openedAt: start)
    mark(.quoted, from: start)
    return Word.Part(kind: .quoted(content), span: SourceSpan(lower: start, upper: position))
  }

  /// Reads `"…"`: pieces of text and the expansions between them.
  mutating func doubleQuoted(_ parts: inout [Word.Part]) {
    let start = position
    let countBefore = parts.count
    position += 1
    var run: [UInt8] = []
    var runStart = start
    var isClosed = false
    while let byte = peek, !isClosed {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        isClosed = true
      case UInt8(ascii: "\\"):
        QuotedText.escape(&self, &run)
      case UInt8(ascii: "$"):
        let expansionStart = position
        guard let part = expansion(isQuoted: true) else { continue }
        append(run, from: runStart, to: expansionStart, &parts)
        run.removeAll()
        runStart = position
        parts.append(part)
      default:
        QuotedText.copy(&self, &run)
      }
    }
    // An empty string is a part too: the word "" is there, and it is text.
    if !run.isEmpty || parts.count == countBefore {
      let span = SourceSpan(lower: runStart, upper: position)
      parts.append(Word.Part(kind: .quoted(String(decoding: run, as: UTF8.self)), span: span))
    }
    if !isClosed { unclosed(.doubleQuote, start) }
    mark(.quoted, from: start)
  }

  private func append(
    _ run: [UInt8],
    from lower: Int,
    to upper: Int,
    _ parts: inout [Word.Part]
  ) {
    guard !run.isEmpty else { return }
    let span = SourceSpan(lower: lower, upper: upper)
    parts.append(Word.Part(kind: .quoted(String(decoding: run, as: UTF8.self)), span: span))
  }

  mutating func unclosed(_ quote: Incompleteness, _ start: Int) {
    if incompleteness == nil { openQuote = quote == .singleQuote ? .single : .double }
    let place = SourceSpan(lower: start, upper: start + 1)
    incomplete(quote, "this quote is never closed", place)
  }
}

/// The inside of quotes, shared by words and by the default in `${name:-default}`.
enum QuotedText {
  /// Reads up to the closing `'` and over it.
  static func single(_ parser: inout Parser, openedAt start: Int) -> String {
    var content: [UInt8] = []
    while let byte = parser.peek {
      if byte == UInt8(ascii: "'") {
        parser.position += 1
        return String(decoding: content, as: UTF8.self)
      }
      copy(&parser, &content)
    }
    parser.unclosed(.singleQuote, start)
    return String(decoding: content, as: UTF8.self)
  }

  /// Takes one byte as it is; CRLF counts as LF, so that a script means the same in both.
  static func copy(_ parser: inout Parser, _ content: inout [UInt8]) {
    if parser.isReplacement { parser.foreignBytes() }
    let newline = parser.newlineLength(at: parser.position)
    content.append(newline > 0 ? UInt8(ascii: "\n") : parser.bytes[parser.position])
    parser.position += max(newline, 1)
  }

  /// Reads `\n`, `\t`, `\\`, `\"`, `\$`, `\e` or `\u{…}`; any other is a mistake.
  static func escape(_ parser: inout Parser, _ content: inout [UInt8]) {
    let start = parser.position
    parser.position += 1
    guard let byte = parser.peek else { return }
    switch byte {
    case UInt8(ascii: "n"): content.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): content.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "e"): content.append(0x1B)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "$"): content.append(byte)
    case UInt8(ascii: "u"): return codePoint(&parser, &content, from: start)
    default: return unknownEscape(&parser, &content, from: start)
    }
    parser.position += 1
  }

  private static func codePoint(_ parser: inout Parser, _ content: inout [UInt8], from start: Int) {
    parser.position += 1
    var digits: [UInt8] = []
    var isClosed = false
    if parser.peek == UInt8(ascii: "{") {
      parser.position += 1
      while let byte = parser.peek, UnicodeScalar(byte).properties.isASCIIHexDigit {
        digits.append(byte)
        parser.position += 1
      }
      isClosed = parser.peek == UInt8(ascii: "}")
      if isClosed { parser.position += 1 }
    }
    guard !parser.isAtEnd || isClosed else { return }
    if isClosed, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
      let scalar = UnicodeScalar(code)
    {
      content.append(contentsOf: String(scalar).utf8)
      return
    }
    let place = SourceSpan(lower: start, upper: parser.position)
    parser.mistake(
      "'\(parser.text(start, parser.position))' is not a character",
      place,
      help: "write its hexadecimal code: \\u{1f600}"
    )
  }

  private static func unknownEscape(
    _ parser: inout Parser,
    _ content: inout [UInt8],
    from start: Int
  ) {
    let newline = parser.newlineLength(at: parser.position)
    if newline > 0 {
      parser.position += newline
    } else {
      parser.skipScalar()
    }
    let written = newline > 0 ? "\\" : parser.text(start, parser.position)
    content.append(contentsOf: parser.bytes[start..<parser.position])
    parser.mistake(
      newline > 0 ? "a backslash cannot end a line inside quotes" : "'\(written)' is not an escape",
      SourceSpan(lower: start, upper: newline > 0 ? start + 1 : parser.position),
      help: "escapes in double quotes are \\n \\t \\e \\\\ \\\" \\$ \\u{…}; '…' is literal"
    )
  }
}
