/// The answer to a question as it grows, and what a terminal must be sent to show it.
///
/// Knows where the cursor stands, so that Backspace works across the terminal's right edge.
struct TerminalAnswer {
  private var characters: [(character: Character, cells: Int)] = []
  private var column: Int
  private let width: Int
  /// What a secret shows for each character; `nil`: it is no secret.
  private let dot: Character?

  /// An answer that begins behind `question` on a terminal `width` cells wide.
  init(after question: String, width: Int, dot: Character?) {
    let lastLine = question.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    column = DisplayWidth.cells(of: String(lastLine))
    self.width = max(width, 2)
    self.dot = dot
  }

  var isEmpty: Bool { characters.isEmpty }

  /// The answer without blanks around it, as a paste often brings them.
  var text: String {
    var text = ""
    for (character, _) in characters { text.append(character) }
    return String(text.trimmed)
  }

  /// What shows all of it, for a question that is asked again on a row of its own.
  var shown: String {
    let text = characters.map { Self.shown($0.character, dot) }.joined()
    return text + (!isEmpty && column % width == 0 ? " \r" : "")
  }

  /// Whether it is the beginning of a private key, of which more lines are to come.
  var isUnfinishedKey: Bool {
    guard dot != nil, characters.first?.character == "-" else { return false }
    let text = text
    return text.hasPrefix("-----BEGIN ") && !text.contains("-----END ")
  }

  /// Takes one character more.
  mutating func append(_ character: Character) -> String {
    let shown = Self.shown(character, dot)
    let cells = DisplayWidth.cells(of: shown)
    // A wide character that does not fit goes to the next row as a whole.
    let room = width - column % width
    let taken = cells > room ? cells + room : cells
    characters.append((character, taken))
    column += taken
    // A terminal stays behind its last column until something follows.
    return shown + (taken > 0 && column % width == 0 ? " \r" : "")
  }

  /// Takes what was pasted, whatever keys its characters would be.
  mutating func append(pasted text: String) -> String {
    var written = ""
    for scalar in text.unicodeScalars {
      written += scalar == "\n" ? breakLine() : append(Character(scalar))
    }
    return written
  }

  /// What stands for a character: a control character must not reach the terminal as it is.
  private static func shown(_ character: Character, _ dot: Character?) -> String {
    if let dot { return String(dot) }
    guard let byte = character.asciiValue, byte < 0x20 || byte == 0x7F else {
      return character.unicodeScalars.contains(where: TerminalText.isHarmful)
        ? "\u{FFFD}" : String(character)
    }
    return "^" + String(Unicode.Scalar(byte ^ 0x40))
  }

  /// Takes a line break of a pasted text: kept in a secret, a blank in anything else.
  mutating func breakLine() -> String { append(dot == nil ? " " : "\n") }

  /// Takes the last character away.
  mutating func erase() -> String {
    guard let last = characters.popLast() else { return "" }
    var text = ""
    for _ in 0..<last.cells {
      text +=
        column % width == 0 ? "\u{1B}[A\u{1B}[\(width)G \u{1B}[\(width)G" : "\u{8} \u{8}"
      column -= 1
    }
    return text
  }
}

extension String {
  fileprivate var trimmed: Substring {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return rest
  }
}
