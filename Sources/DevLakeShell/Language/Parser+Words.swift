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
        if isWordEnd(at: position) { break reading }
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
      case 0x80... where invisibleCharacter != nil:
        invisible(&nesting)
        skipScalar()
      case 0xEF where isReplacement:
        foreignBytes()
        pieces.add(byte, at: position)
        position += 1
      case _ where Self.isOrdinary[Int(byte)]:
        nesting.isStreamNumber = position == start && (0x30...0x39).contains(byte)
        pieces.add(byte, at: position)
        position += 1
      default:
        if isWordEnd(at: position), !nesting.holds(byte) { break reading }
        if position > start, endsBeforeBrace(byte, nesting) {
          forbidden(&nesting)
          break reading
        }
        forbidden(&nesting)
        nesting.count(byte)
        pieces.add(byte, at: position)
        position += 1
      }
    }
    pieces.end(at: position)
    let word = Word(parts: pieces.parts, span: SourceSpan(lower: start, upper: position))
    mark(word, as: role)
    noteEnd(role, of: word)
    return word
  }

  /// A backslash takes the next character as it is.
  private mutating func escaped(_ pieces: inout WordPieces) {
    let start = position
    position += 1
    let character = position
    skipScalar()
    pieces.addEscaped(bytes[character..<position], at: start)
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
      mistake("quote '`'", place, help: "write a command's result as $(…), a program's as $(!…)")
    case 0x21...0x7E:
      let sign = String(UnicodeScalar(byte))
      mistake(
        "quote '\(sign)', or put spaces around it",
        place,
        help: nesting.isStreamNumber && byte == UInt8(ascii: ">")
          ? Self.streamHelp : hint(for: byte)
      )
    default:
      let code = String(byte, radix: 16, uppercase: true)
      mistake(
        "unexpected control character (U+\(String(repeating: "0", count: 4 - code.count))\(code))",
        place,
        help: "write it in double quotes, as \\u{\(code)}"
      )
    }
  }

  /// A blank or mark that a paste brings along and that looks like nothing or like a blank.
  private var invisibleCharacter: String? {
    switch peek {
    case 0xC2 where isText("\u{A0}"): "U+00A0"
    case 0xE2 where isText("\u{200B}"): "U+200B"
    case 0xEF where isText("\u{FEFF}"): "U+FEFF"
    case 0xE2: typographicSign.map { "'\($0)'" }
    default: nil
    }
  }

  /// Whether U+FFFD is here, as for every byte that is not UTF-8 when a text is read.
  var isReplacement: Bool { isText("\u{FFFD}") }

  /// Says once that the source was not written in UTF-8: what it would send is not what it says.
  mutating func foreignBytes() {
    guard !hasForeignBytes else { return }
    hasForeignBytes = true
    mistake(
      "this character is not UTF-8",
      SourceSpan(lower: position, upper: position + 3),
      help: "save the script as UTF-8; U+FFFD itself is written \"\\u{fffd}\""
    )
  }

  /// A quote or dash of typography, which a word processor makes of ours.
  private var typographicSign: Character? {
    guard peek == 0xE2, position + 2 < bytes.count else { return nil }
    switch (bytes[position + 1], bytes[position + 2]) {
    // Dashes U+2010 to U+2015, quotes U+2018 to U+201F, the minus sign U+2212.
    case (0x80, 0x90...0x95), (0x80, 0x98...0x9F), (0x88, 0x92):
      return text(position, position + 3).first
    default: return nil
    }
  }

  private mutating func invisible(_ nesting: inout Nesting) {
    guard !nesting.hasMistake, let name = invisibleCharacter else { return }
    nesting.hasMistake = true
    if let sign = typographicSign {
      let isDash = bytes[position + 1] == 0x88 || bytes[position + 2] < 0x98
      let isSingle = (0x98...0x9B).contains(bytes[position + 2])
      let plain = isDash ? "-" : isSingle ? "'" : "\""
      return mistake(
        "'\(sign)' is a typographic \(isDash ? "dash" : "quote")",
        SourceSpan(lower: position, upper: position + 3),
        help: "write \(plain), or quote it to keep it"
      )
    }
    let length = name == "U+00A0" ? 2 : 3
    mistake(
      "unexpected invisible character (\(name))",
      SourceSpan(lower: position, upper: position + length),
      help: "write a space, or quote it"
    )
  }

  private static let streamHelp =
    "messages cannot be redirected here: -q suppresses notes; 'devlake-shell … 2> FILE' does it outside"

  private func hint(for byte: UInt8) -> String? {
    if byte == UInt8(ascii: "{"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "\"")
    {
      return "quote the JSON: '{…}'"
    }
    if byte == UInt8(ascii: "("), isConditionsFirst {
      return "write a condition without parentheses: 'if $x == 1 { … }'"
    }
    if byte == UInt8(ascii: "{"), position + 1 < bytes.count {
      switch bytes[position + 1] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        return "write the words themselves: 1 2 3, or $(parse $(!seq 1 3) --as lines)"
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        if isAfter("=") { return "write data as $(parse '{\"NAME\": \"VALUE\"}' --as json)" }
      default: break
      }
    }
    guard let sign = operatorHere else {
      return byte == UInt8(ascii: "&") && isWordEnd(at: position + 1)
        ? "'&&' runs the next command if this one succeeds" : nil
    }
    switch sign {
    case .greater, .append: return "'COMMAND \(sign.rawValue) FILE' writes the result to a file"
    default: return sign.comparison == nil ? nil : "'\(sign.rawValue)' compares after 'if'"
    }
  }

  /// Whether a condition begins here.
  private var isConditionsFirst: Bool { isAfter("if") || isAfter("while") }

  /// Whether `word` and one blank stand before the present place.
  private func isAfter(_ word: String) -> Bool {
    let expected = Array((word + " ").utf8)
    return position >= expected.count
      && bytes[..<position].suffix(expected.count) == expected[...]
  }

  /// Whether a brace at a word's end was meant as the block's, as in `if x{` and `{ echo a}`.
  private func endsBeforeBrace(_ byte: UInt8, _ nesting: Nesting) -> Bool {
    guard nesting.braces == 0, isWordEnd(at: position + 1) else { return false }
    return byte == UInt8(ascii: "{")
      || byte == UInt8(ascii: "}") && openers.last == .block
  }

  /// Which bytes stand for themselves in an unquoted word.
  static let isOrdinary: [Bool] = (0...255).map { (byte: UInt8) in
    byte > 0x20 && byte != 0x7F && !"{}()<>|&;`'\"\\$".utf8.contains(byte)
  }
}

/// The brackets and mistakes inside one unquoted word.
private struct Nesting {
  var hasMistake = false
  /// Whether a single digit is before this, as in `2>`.
  var isStreamNumber = false
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

/// The parts of a word, and the run of unquoted characters that is being read.
struct WordPieces {
  var parts: [Word.Part] = []
  private var run: [UInt8] = []
  private var isEscaped = false
  private var start: Int

  init(start: Int) { self.start = start }

  mutating func begin(at position: Int) { start = position }

  /// Adds a plain byte; a run of escaped characters before it is a part of its own.
  mutating func add(_ byte: UInt8, at position: Int) {
    if isEscaped { end(at: position) }
    run.append(byte)
  }

  /// Adds an escaped character, whose backslash is at `position`.
  mutating func addEscaped(_ character: ArraySlice<UInt8>, at position: Int) {
    if !isEscaped { end(at: position) }
    isEscaped = true
    run.append(contentsOf: character)
  }

  /// Ends the run, if there is one; the next begins here.
  mutating func end(at position: Int) {
    if !run.isEmpty {
      let kind = Word.Kind.plain(String(decoding: run, as: UTF8.self), isEscaped: isEscaped)
      parts.append(Word.Part(kind: kind, span: SourceSpan(lower: start, upper: position)))
    }
    run.removeAll(keepingCapacity: true)
    isEscaped = false
    start = position
  }
}
