extension LineEditor {
  /// Tab: inserts what is certain, else lists what is possible and leaves the line as it was; the
  /// next Tab puts in the first of the list, and so on.
  func complete() {
    if walkOn(by: 1) { return }
    let line = handle.line
    let answer = completions(line.text, line.utf8Cursor)
    let start = line.index(utf8Offset: answer.replaced.lowerBound)
    let end = max(start, line.index(utf8Offset: answer.replaced.upperBound))
    guard !answer.candidates.isEmpty else { return say(answer.note) }
    let offered = answer.candidates.filter { !$0.isOnlyListed }
    guard let first = offered.first else {
      list(answer.candidates)
      return
    }
    if answer.candidates.count == 1 {
      return replace(start..<end, with: first.text + (first.appendsBlank ? " " : ""))
    }
    let common = Self.commonPrefix(offered.map(\.text))
    let listed = answer.candidates.filter(\.isOnlyListed).map(\.text)
    if offered.count > 1, !listed.contains(common) {
      let present = EditedLine.string(line.scalars[start..<end])
      if Self.extends(present, common) { return replace(start..<end, with: common) }
      // Where only some need quotes, what all begin with can be without.
      let plain = Self.commonPrefix(offered.map(\.display)).prefix(while: Self.isPlain)
      if plain.count > present.count, plain.hasPrefix(present) {
        return replace(start..<end, with: String(plain))
      }
    }
    // A list that was left before its end was not what the person looked for: Tab shows it again.
    guard list(answer.candidates) else { return }
    walk = CompletionWalk(line: line, range: start..<end, texts: offered.map(\.text))
  }

  /// Shift-Tab: the one before in a list that Tab walks through.
  func completeBack() { _ = walkOn(by: -1) }

  /// Goes on in the list that the last Tab has shown; false when something else was typed since.
  private func walkOn(by step: Int) -> Bool {
    guard var walk, walk.shown == handle.line, !walk.texts.isEmpty else {
      walk = nil
      return false
    }
    let count = walk.texts.count
    let index = walk.index.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
    var next = walk.line
    let text = walk.texts[index].unicodeScalars
    next.scalars.replaceSubrange(walk.range, with: text)
    next.cursor = walk.range.lowerBound + text.count
    (walk.index, walk.shown) = (index, next)
    handle.line = next
    self.walk = walk
    return true
  }

  private func replace(_ range: Range<Int>, with text: String) {
    var line = handle.line
    line.scalars.replaceSubrange(range, with: text.unicodeScalars)
    line.cursor = range.lowerBound + text.unicodeScalars.count
    // A blank that is there already is passed, not doubled.
    if text.last == " ", line.cursor < line.scalars.count, line.scalars[line.cursor] == " " {
      line.scalars.remove(at: line.cursor)
    }
    handle.line = line
  }

  /// Whether the common part is what is there and more; case and an opening quote may differ.
  private static func extends(_ present: String, _ common: String) -> Bool {
    guard common != present else { return false }
    let wanted = present.lowercased()
    let offered = common.lowercased()
    let quotes: Set<Character> = ["'", "\""]
    return offered.hasPrefix(wanted)
      || !present.isEmpty && offered.first.map(quotes.contains) == true
        && offered.dropFirst().hasPrefix(wanted)
  }

  /// Whether a character means itself wherever it is in a word.
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
  ///
  /// - Returns: Whether all of them were shown.
  @discardableResult
  private func list(_ candidates: [CompletionAnswer.Candidate]) -> Bool {
    let height = size.rows
    let rows = LineEditorListing.rows(candidates, columns: size.columns)
    let line = handle.line
    drawFinally()
    handle.line = line
    defer { dumbWidth = 0 }
    var room = height - 1
    for (index, row) in rows.enumerated() {
      if room == 0 {
        guard let more = askForMore(rows.count - index, screenful: height - 1) else {
          return false
        }
        room = more
      }
      send(row + "\r\n")
      room -= 1
    }
    return true
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

/// A list of candidates that further Tabs put in one after the other.
struct CompletionWalk {
  /// The line as it was typed, and the part of it that is replaced.
  let line: EditedLine
  let range: Range<Int>
  let texts: [String]
  /// The one that is in the line; `nil`: what was typed.
  var index: Int?
  var shown: EditedLine

  init(line: EditedLine, range: Range<Int>, texts: [String]) {
    (self.line, self.range, self.texts, shown) = (line, range, texts, line)
  }
}
