import ShellLanguage

/// An entry that arrives line by line and is not complete yet.
///
/// A long block must not be parsed anew with each of its lines. Lines inside an open block, `$( )` or
/// `$[ ]` are read by themselves first: as long as they are whole statements they end nothing, and so
/// each line is looked at once.
struct OpenEntry {
  private(set) var text: String
  private let reason: Incompleteness
  /// The lines since the last whole statement inside, and what they wait for.
  private var inner: [OpenEntry] = []

  init(_ text: String, _ reason: Incompleteness) {
    self.text = text
    self.reason = reason
  }

  /// Takes one more line; tells whether the whole has to be read again.
  mutating func add(_ line: String) -> Bool {
    text += "\n" + line
    return mayEnd(with: line)
  }

  private mutating func mayEnd(with line: String) -> Bool {
    switch reason {
    // Alone, the bracket that closes a list would be a word.
    case .list where line.utf8.contains(UInt8(ascii: "]")): return true
    case .block, .capture, .list: break
    case .singleQuote, .doubleQuote, .backslash, .operand: return reason.mayEnd(with: line)
    }
    let piece: String
    if inner.isEmpty {
      piece = line
    } else {
      guard inner[0].add(line) else { return false }
      piece = inner[0].text
    }
    let parsed = Parser.parse(SourceText(name: "", text: piece))
    if let open = parsed.incompleteness {
      inner = [OpenEntry(piece, open)]
      return false
    }
    inner = []
    // A brace or parenthesis that closes nothing here closes what is open.
    return !parsed.mistakes.isEmpty && piece.utf8.contains { "})]".utf8.contains($0) }
  }
}
