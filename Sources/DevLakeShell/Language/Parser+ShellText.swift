/// Text for `/bin/sh`: `!TEXT` and `| TEXT`.
extension Parser {
  mutating func system() -> Statement? {
    let place = SourceSpan(lower: position, upper: position + 1)
    position += 1
    skipBlanks()
    noteEnd(.shell)
    let text = shellText()
    if text.value.isEmpty { mistake("a shell command is missing after '!'", place) }
    return .system(text)
  }

  /// Reads up to the end of the statement as `/bin/sh` would see it; nothing is expanded.
  ///
  /// Quotes and parentheses hide what would end it. Blanks at the end and a comment are left out.
  mutating func shellText() -> Located<String> {
    let start = position
    var end = position
    var parentheses: [Int] = []
    // `[` and `]` as words of their own are a pair of sh's.
    var brackets = 0
    var isWordStart = true
    reading: while let byte = peek {
      if parentheses.isEmpty, isWordStart {
        if byte == UInt8(ascii: "["), isWordEnd(at: position + 1) {
          brackets += 1
        } else if byte == UInt8(ascii: "]"), isWordEnd(at: position + 1), brackets > 0 {
          brackets -= 1
        } else if isAtStatementEnd {
          break
        }
      }
      if isReplacement { foreignBytes() }
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        position += 1
        isWordStart = true
        continue
      case UInt8(ascii: "#") where isWordStart:
        skipComment()
        continue
      case UInt8(ascii: "'"), UInt8(ascii: "\""): skipShellQuote(byte)
      case UInt8(ascii: "\\"): skipShellEscape()
      case UInt8(ascii: "("):
        parentheses.append(position)
        position += 1
      case UInt8(ascii: ")"):
        if parentheses.popLast() == nil, openCaptures > 0 { break reading }
        position += 1
      case UInt8(ascii: ";") where parentheses.isEmpty: break reading
      default:
        let newline = newlineLength(at: position)
        if newline > 0, parentheses.isEmpty { break reading }
        position += max(newline, 1)
      }
      isWordStart = isShellWordStart(after: byte)
      end = position
    }
    if let open = parentheses.last {
      incomplete(.capture, "this '(' is never closed", SourceSpan(lower: open, upper: open + 1))
    }
    noteEnd(.shell, from: start)
    refuseLoneReturn(from: start, to: end)
    let written = text(start, end)
    // Swift sees CRLF as one character, so this leaves a lone carriage return alone.
    let text = String(written.map { $0 == "\r\n" ? "\n" : $0 })
    return Located(value: text, span: SourceSpan(lower: start, upper: end))
  }

  private func isShellWordStart(after byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: "&"),
      UInt8(ascii: ";"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      true
    default: false
    }
  }

  private mutating func skipShellQuote(_ quote: UInt8) {
    let start = position
    position += 1
    while let byte = peek {
      if isReplacement { foreignBytes() }
      position += 1
      if byte == quote { return }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), !isAtEnd { position += 1 }
    }
    unclosed(quote == UInt8(ascii: "'") ? .singleQuote : .doubleQuote, start)
  }

  /// Skips a backslash and what it escapes; the shell itself joins the lines.
  private mutating func skipShellEscape() {
    if joinLines() { return }
    position += 1
    skipScalar()
  }

  /// A carriage return alone hides from the eye what is run.
  private mutating func refuseLoneReturn(from lower: Int, to upper: Int) {
    let isLone = { (index: Int) in
      bytes[index] == UInt8(ascii: "\r") && newlineLength(at: index) == 0
    }
    guard let index = (lower..<upper).first(where: isLone) else { return }
    mistake(
      "unexpected control character (U+000D)",
      SourceSpan(lower: index, upper: index + 1)
    )
  }
}
