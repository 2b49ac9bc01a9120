/// Words: plain characters, escapes and quotes.
extension Parser {
  /// Reads one word; the caller made sure that one begins here.
  mutating func word(as role: CompletionContext.Role) -> Word {
    let start = position
    var pieces = WordPieces(start: start)
    var nesting = Nesting()
    reading: while let byte = peek {
      switch byte {
      case UInt8(ascii: "\\"):
        escaped(&pieces)
      case UInt8(ascii: "'"):
        pieces.end(at: position)
        pieces.parts.append(singleQuoted())
        pieces.begin(at: position)
      case UInt8(ascii: "\""):
        pieces.end(at: position)
        doubleQuoted(&pieces.parts)
        pieces.begin(at: position)
      case UInt8(ascii: "$"):
        pieces.end(at: position)
        let part = expansion(isQuoted: false)
        pieces.begin(at: position)
        if let part { pieces.parts.append(part) }
      case _ where Self.isOrdinary[Int(byte)]:
        pieces.add(byte)
        position += 1
      default:
        if isWordEnd(at: position), !nesting.holds(byte) { break reading }
        if position > start, endsBeforeBrace(byte, nesting) {
          forbidden(&nesting)
          break reading
        }
        forbidden(&nesting)
        nesting.count(byte)
        pieces.add(byte)
        position += 1
      }
    }
    pieces.end(at: position)
    let word = Word(parts: pieces.parts, span: SourceSpan(lower: start, upper: position))
    noteEnd(role, of: word)
    return word
  }

  /// A backslash: joins lines, or takes the next character as it is.
  private mutating func escaped(_ pieces: inout WordPieces) {
    let start = position
    if joinLines() { return }
    pieces.end(at: start)
    position += 1
    let scalar = position
    skipScalar()
    pieces.addEscaped(text(scalar, position), from: start, to: position)
    pieces.begin(at: position)
  }

  mutating func skipScalar() {
    position += 1
    while let byte = peek, byte & 0xC0 == 0x80 { position += 1 }
  }

  /// Reports the first forbidden character of a word; the rest of the word goes without saying.
  private mutating func forbidden(_ nesting: inout Nesting) {
    guard !nesting.hasMistake, let byte = peek else { return }
    nesting.hasMistake = true
    let place = SourceSpan(lower: position, upper: position + 1)
    switch byte {
    case UInt8(ascii: "`"):
      mistake("quote '`'", place, help: "a command's result is written '$(…)'")
    case 0x21...0x7E:
      let sign = String(UnicodeScalar(byte))
      mistake("quote '\(sign)', or put blanks around it", place, help: hint(for: byte))
    default:
      let code = String(byte, radix: 16, uppercase: true)
      mistake(
        "a control character (U+\(String(repeating: "0", count: 4 - code.count))\(code)) stands here",
        place,
        help: "write it in double quotes, as \\u{\(code)}"
      )
    }
  }

  private func hint(for byte: UInt8) -> String? {
    guard let sign = operatorHere else {
      return byte == UInt8(ascii: "&") && isWordEnd(at: position + 1)
        ? "'&&' runs the next command if this one succeeds" : nil
    }
    return sign.comparison == nil ? nil : "'\(sign.rawValue)' compares after 'if'"
  }

  /// Whether a brace at a word's end was meant as the block's, as in `if x{` and `{ echo a}`.
  private func endsBeforeBrace(_ byte: UInt8, _ nesting: Nesting) -> Bool {
    guard nesting.braces == 0, isWordEnd(at: position + 1) else { return false }
    return byte == UInt8(ascii: "{")
      || byte == UInt8(ascii: "}") && openers.last == .block
  }

  /// Which bytes stand for themselves in an unquoted word.
  private static let isOrdinary: [Bool] = (0...255).map { (byte: UInt8) in
    byte > 0x20 && byte != 0x7F && !"{}()<>|&;`'\"\\$".utf8.contains(byte)
  }
}

/// The brackets and mistakes inside one unquoted word.
private struct Nesting {
  var hasMistake = false
  private(set) var braces = 0
  private var parentheses = 0

  /// Whether a `)` belongs to a `(` of the same word.
  func holds(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ")") && parentheses > 0 }

  mutating func count(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"): braces += 1
    case UInt8(ascii: "}"): braces = max(0, braces - 1)
    case UInt8(ascii: "("): parentheses += 1
    case UInt8(ascii: ")"): parentheses = max(0, parentheses - 1)
    default: break
    }
  }
}

/// The parts of a word, and the run of plain characters that is being read.
struct WordPieces {
  var parts: [Word.Part] = []
  private var plain: [UInt8] = []
  private var start: Int

  init(start: Int) { self.start = start }

  mutating func begin(at position: Int) { start = position }

  mutating func add(_ byte: UInt8) { plain.append(byte) }

  /// Ends the run of plain characters, if there is one.
  mutating func end(at position: Int) {
    guard !plain.isEmpty else { return }
    let text = String(decoding: plain, as: UTF8.self)
    plain.removeAll(keepingCapacity: true)
    let span = SourceSpan(lower: start, upper: position)
    parts.append(Word.Part(kind: .plain(text, isEscaped: false), span: span))
  }

  /// Adds an escaped character to the run of escaped ones just before it.
  mutating func addEscaped(_ character: String, from lower: Int, to upper: Int) {
    if let last = parts.last, last.span.upper == lower,
      case .plain(let before, isEscaped: true) = last.kind
    {
      parts[parts.count - 1] = Word.Part(
        kind: .plain(before + character, isEscaped: true),
        span: SourceSpan(lower: last.span.lower, upper: upper)
      )
    } else {
      let span = SourceSpan(lower: lower, upper: upper)
      parts.append(Word.Part(kind: .plain(character, isEscaped: true), span: span))
    }
  }
}
