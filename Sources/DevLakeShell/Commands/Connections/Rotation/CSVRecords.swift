import ShellLanguage

/// The records of a CSV text as RFC 4180 has them, with the place of every field.
///
/// Blank lines and lines that begin with `#` are none; blanks around a field do not count, but in
/// quotes. A quoted field may hold commas, line ends and, doubled, quotes.
struct CSVRecords {
  /// One value.
  struct Field: Equatable {
    let text: String
    /// With its quotes.
    let span: SourceSpan
  }

  /// One line, or several where a quoted field goes on.
  struct Record: Equatable {
    var fields: [Field] = []

    /// From its first field to its last.
    var span: SourceSpan {
      SourceSpan(lower: fields.first?.span.lower ?? 0, upper: fields.last?.span.upper ?? 0)
    }
  }

  /// What is wrong at a place.
  struct Mistake: Error, Equatable {
    let message: String
    let span: SourceSpan
    let help: String
  }

  private(set) var records: [Record] = []
  private(set) var mistakes: [Mistake] = []

  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
    while position < bytes.count {
      if let record = record() { records.append(record) }
    }
  }

  /// The next record; `nil` for a line that is none.
  private mutating func record() -> Record? {
    skipBlanks()
    if isAtEnd || peek == UInt8(ascii: "#") {
      skipLine()
      return nil
    }
    var record = Record()
    do throws(Mistake) {
      while true {
        skipBlanks()
        record.fields.append(try peek == UInt8(ascii: "\"") ? quoted() : plain())
        guard peek == UInt8(ascii: ",") else { break }
        position += 1
      }
    } catch {
      mistakes.append(error)
      skipLine()
      return nil
    }
    skipLine()
    return record
  }

  private mutating func plain() throws(Mistake) -> Field {
    let start = position
    while !isAtEnd, peek != UInt8(ascii: ",") { position += 1 }
    var end = position
    while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
    if let quote = bytes[start..<end].firstIndex(of: UInt8(ascii: "\"")) {
      throw Mistake(
        message: "a quote inside a field",
        span: SourceSpan(lower: quote, upper: quote + 1),
        help: "put the whole field in quotes, and write each quote inside it twice"
      )
    }
    return Field(
      text: String(decoding: bytes[start..<end], as: UTF8.self),
      span: SourceSpan(lower: start, upper: end)
    )
  }

  private mutating func quoted() throws(Mistake) -> Field {
    let start = position
    var text: [UInt8] = []
    position += 1
    while true {
      guard position < bytes.count else {
        throw Mistake(
          message: "this quote is not closed",
          span: SourceSpan(lower: start, upper: start + 1),
          help: "close it, or write a quote inside a field twice"
        )
      }
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\"") else {
        text.append(byte)
        continue
      }
      guard peek == UInt8(ascii: "\"") else { break }
      text.append(byte)
      position += 1
    }
    let span = SourceSpan(lower: start, upper: position)
    skipBlanks()
    guard isAtEnd || peek == UInt8(ascii: ",") else {
      throw Mistake(
        message: "text after the closing quote",
        span: SourceSpan(lower: position, upper: position + 1),
        help: "put the whole field in quotes, and write each quote inside it twice"
      )
    }
    return Field(text: String(decoding: text, as: UTF8.self), span: span)
  }

  /// The next byte of the text; `nil` at its end.
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Whether the line ends here.
  private var isAtEnd: Bool {
    switch peek {
    case nil, UInt8(ascii: "\n")?: true
    case UInt8(ascii: "\r")?: position + 1 == bytes.count || bytes[position + 1] == 0x0A
    default: false
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private mutating func skipBlanks() {
    while let byte = peek, Self.isBlank(byte) { position += 1 }
  }

  private mutating func skipLine() {
    while let byte = peek, byte != UInt8(ascii: "\n") { position += 1 }
    position += 1
  }
}
