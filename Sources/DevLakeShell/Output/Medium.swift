import LineEditing

/// What a text is drawn for.
struct Medium: Sendable, Equatable {
  /// The cells of a line of the terminal; `nil` for files and pipes, which get full width.
  var width: Int?
  /// Whether the locale can show more than ASCII.
  var isUTF8: Bool
  /// Whether control characters would be obeyed.
  var isTerminal: Bool
  var hasColor: Bool

  init(width: Int? = nil, isUTF8: Bool = true, isTerminal: Bool = false, hasColor: Bool = false) {
    self.width = width
    self.isUTF8 = isUTF8
    self.isTerminal = isTerminal
    self.hasColor = hasColor
  }

  /// A pipe or file that takes UTF-8.
  static let file = Medium()
}

extension Medium {
  /// One line of text for people as this medium can show it, harmless for a terminal.
  func line(_ text: String) -> String {
    let clean = TerminalText.sanitized(text)
    return isUTF8 ? clean : Symbols.ascii(clean)
  }

  /// A value in a row: as it was where no terminal shows it, but on one line, which a row is.
  func cell(_ text: String) -> String {
    guard !isTerminal else { return line(text) }
    guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return text }
    let ends: Set<Character> = ["\n", "\r", "\r\n"]
    return String(text.map { ends.contains($0) ? " " : $0 })
  }

  /// What stands for text that was cut.
  var ellipsis: String { isUTF8 ? "…" : "..." }
}
