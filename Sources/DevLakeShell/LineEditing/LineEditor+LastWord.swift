extension LineEditor {
  /// Alt-.: puts in the last word of the entry before; again, that of the one before that.
  func insertLastWord() {
    guard dot == nil, menu == nil else { return }
    var line = handle.line
    var entry = history.entries.count
    var start = line.cursor
    // Only right behind the last time: else it begins again.
    if let last = lastWord, last.line == line {
      (entry, start) = (last.entry, last.start)
      line.scalars.removeSubrange(start..<line.cursor)
    }
    while entry > 0 {
      entry -= 1
      let word = Self.lastWord(of: history.entries[entry])
      guard !word.isEmpty else { continue }
      line.scalars.insert(contentsOf: word.unicodeScalars, at: start)
      line.cursor = start + word.unicodeScalars.count
      handle.line = line
      lastWord = (entry, line, start)
      return
    }
    send("\u{7}")
  }

  /// The last word as it is written, with its quotes; blanks in quotes or behind a backslash are
  /// part of it.
  static func lastWord(of entry: String) -> String {
    var word = ""
    var last = ""
    var quote: Character?
    var isEscaped = false
    for character in entry {
      let isBlank = character == " " || character == "\t" || character.isNewline
      if isBlank, quote == nil, !isEscaped {
        if !word.isEmpty { last = word }
        word = ""
        continue
      }
      word.append(character)
      if isEscaped {
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      }
    }
    return word.isEmpty ? last : word
  }
}
