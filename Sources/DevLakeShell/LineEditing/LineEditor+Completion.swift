extension LineEditor {
  /// Tab: inserts what is certain, else lists what is possible and leaves the line as it was.
  func complete() {
    let line = handle.line
    let answer = completions(line.text, line.utf8Cursor)
    let start = line.index(utf8Offset: answer.replaced.lowerBound)
    let end = max(start, line.index(utf8Offset: answer.replaced.upperBound))
    guard !answer.candidates.isEmpty else { return say(answer.note) }
    let offered = answer.candidates.filter { !$0.isOnlyListed }
    guard let first = offered.first else { return list(answer.candidates) }
    if answer.candidates.count == 1 {
      return replace(start..<end, with: first.text + (first.appendsBlank ? " " : ""))
    }
    guard offered.count > 1 else { return list(answer.candidates) }
    let common = Self.commonPrefix(offered.map(\.text))
    let listed = answer.candidates.filter(\.isOnlyListed).map(\.text)
    guard !listed.contains(common) else { return list(answer.candidates) }
    let present = EditedLine.string(line.scalars[start..<end])
    if Self.extends(present, common) { return replace(start..<end, with: common) }
    // Where only some need quotes, what all begin with can stand without.
    let plain = Self.commonPrefix(offered.map(\.display)).prefix(while: Self.isPlain)
    guard plain.count > present.count, plain.hasPrefix(present) else {
      return list(answer.candidates)
    }
    replace(start..<end, with: String(plain))
  }

  private func replace(_ range: Range<Int>, with text: String) {
    var line = handle.line
    line.scalars.replaceSubrange(range, with: text.unicodeScalars)
    line.cursor = range.lowerBound + text.unicodeScalars.count
    // A blank that stands there already is passed, not doubled.
    if text.last == " ", line.cursor < line.scalars.count, line.scalars[line.cursor] == " " {
      line.scalars.remove(at: line.cursor)
    }
    handle.line = line
  }

  /// Whether the common part is what stands there and more; case and an opening quote may differ.
  private static func extends(_ present: String, _ common: String) -> Bool {
    guard common != present else { return false }
    let wanted = present.lowercased()
    let offered = common.lowercased()
    let quotes: Set<Character> = ["'", "\""]
    return offered.hasPrefix(wanted)
      || !present.isEmpty && offered.first.map(quotes.contains) == true
        && offered.dropFirst().hasPrefix(wanted)
  }

  /// Whether a character means itself wherever it stands in a word.
  private static func isPlain(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "-_./:".contains(character)
  }

  private static func commonPrefix(_ texts: [String]) -> String {
    guard var common = texts.first else { return "" }
    for text in texts.dropFirst() {
      let same = zip(common, text).prefix { $0.0 == $0.1 }.count
      common = String(common.prefix(same))
    }
    return common
  }

  /// Shows the candidates below the line, a screenful at a time; the line comes again below.
  private func list(_ candidates: [CompletionAnswer.Candidate]) {
    let height = size.rows
    let rows = LineEditorListing.rows(candidates, columns: size.columns)
    let line = handle.line
    drawFinally()
    handle.line = line
    var room = height - 1
    for (index, row) in rows.enumerated() {
      if room == 0 {
        guard let more = askForMore(rows.count - index, screenful: height - 1) else { break }
        room = more
      }
      send(row + "\r\n")
      room -= 1
    }
    dumbWidth = 0
  }

  /// How many more rows to show; nil for no more.
  private func askForMore(_ left: Int, screenful: Int) -> Int? {
    let question = "-- \(left) more: space, enter, q --"
    overlay = (question, EditedLine())
    defer {
      overlay = nil
      write(above: "")
    }
    while let key = nextKey() {
      switch key {
      case .scalar(" "), .action(.complete): return screenful
      case .action(.accept), .action(.down): return 1
      case .action(.interrupt), .scalar("q"), .scalar("\u{4}"): return nil
      case .scalar, .action(.paste):
        // The person types on: that key is for the line.
        unread(key)
        return nil
      case .action, .sequence: continue
      }
    }
    return nil
  }

  /// Beeps, and says why nothing is proposed.
  private func say(_ note: String) {
    send("\u{7}")
    if !note.isEmpty { write(above: note + "\n") }
  }
}
