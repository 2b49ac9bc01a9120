import ShellLanguage

/// An entry that arrives line by line and is not complete yet.
///
/// A long block must not be parsed again with each of its lines. Lines inside an open block are read by
/// themselves first: as long as they are whole statements they end nothing, and so each line is looked
/// at once.
struct OpenEntry {
  private(set) var text: String
  private let reason: Incompleteness
  /// In how many open blocks it stands.
  private let depth: Int
  /// The bytes of the line that came last.
  private var lastLine = 0
  /// The lines since the last whole statement inside, and what they wait for.
  private var inner: [OpenEntry] = []

  init(_ text: String, _ reason: Incompleteness, depth: Int = 0) {
    self.text = text
    self.reason = reason
    self.depth = depth
  }

  /// Takes one more line; tells whether the whole has to be read again.
  mutating func add(_ line: String) -> Bool {
    text += "\n" + line
    lastLine = line.utf8.count
    return mayEnd(with: line)
  }

  /// Whether the text ended in `|` before this line.
  private var isBehindPipe: Bool {
    let before = text.utf8.dropLast(lastLine + 1).reversed().drop { $0 <= 0x20 }
    return before.first == UInt8(ascii: "|") && before.dropFirst().first != UInt8(ascii: "|")
  }

  private mutating func mayEnd(with line: String) -> Bool {
    switch reason {
    case .block: break
    // What follows a pipe is sh's, whatever it ends with.
    case .operand where isBehindPipe: return true
    case .capture, .list, .singleQuote, .doubleQuote, .backslash, .operand:
      return reason.mayEnd(with: line)
    }
    let piece: String
    if inner.isEmpty {
      piece = line
    } else {
      guard inner[0].add(line) else { return false }
      piece = inner[0].text
    }
    // Read as it stands, in a block: a brace there ends the text of a shell command, too.
    let head = "try {\n"
    let parsed = Parser.parse(SourceText(name: "", text: head + piece))
    let isInQuote =
      parsed.incompleteness == .singleQuote || parsed.incompleteness == .doubleQuote
    let isStillOpen = parsed.closingMistakes.contains { $0.span.lower < head.utf8.count }
    guard let open = parsed.incompleteness, isInQuote || isStillOpen else {
      inner = []
      return true
    }
    guard isStillOpen, parsed.closingMistakes.count == 1 else {
      // Deeper than the parser goes: it is to say so, and not only when the input ends.
      guard depth < Parser.maximumDepth else { return true }
      inner = [OpenEntry(piece, open, depth: depth + 1)]
      return false
    }
    inner = []
    // What closes something else is told at once.
    return !parsed.mistakes.isEmpty && piece.utf8.contains { ")]".utf8.contains($0) }
  }
}
