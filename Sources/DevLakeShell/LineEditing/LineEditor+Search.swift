extension LineEditor {
  /// Searches the history while the person types what to look for: Ctrl-R and Ctrl-S.
  ///
  /// Not libedit's own search: that one takes Cyrillic capitals for commands, arrow keys for
  /// text, and a `[` for half a pattern. Here the pattern is plain text; capitals in it count.
  /// True when the line was entered or given up.
  func search(_ direction: LineEditorHistory.Direction) -> Bool {
    var search = HistorySearch(direction: direction, start: history.current, line: handle.line)
    defer { overlay = nil }
    while true {
      overlay = (search.prompt, search.shown)
      guard let key = nextKey() else { return false }
      switch key {
      case .scalar("\u{12}"): search.again(.older, in: history)
      case .scalar("\u{13}"): search.again(.newer, in: history)
      case .scalar("\u{7}"): return false
      case .scalar("\u{8}"), .scalar("\u{7F}"), .action(.backspace): search.shorten(in: history)
      case .scalar(let scalar) where scalar.value >= 0x20: search.extend(scalar, in: history)
      case .action(.paste):
        for scalar in pastedText.unicodeScalars { search.extend(scalar, in: history) }
      case .action(.interrupt): return interrupt()
      case .action(.accept):
        take(search)
        return accept()
      default:
        take(search)
        unread(key)
        return false
      }
    }
  }

  private func take(_ search: HistorySearch) {
    overlay = nil
    guard let index = search.found else { return }
    recall(history.go(to: index, from: handle.line))
    handle.line = search.shown
  }
}

/// A search under way: the pattern, the entry found and where in it.
struct HistorySearch {
  private(set) var found: Int?
  private(set) var shown: EditedLine
  private var pattern = ""
  private var direction: LineEditorHistory.Direction
  private var isFailing = false
  private let start: Int
  private let draft: EditedLine
  private static let names = (older: "reverse-i-search", newer: "i-search")

  init(direction: LineEditorHistory.Direction, start: Int, line: EditedLine) {
    (self.direction, self.start, shown, draft) = (direction, start, line, line)
  }

  var prompt: String {
    let name = direction == .older ? Self.names.older : Self.names.newer
    return "(\(isFailing ? "failing " : "")\(name))`\(TerminalText.sanitized(pattern))': "
  }

  mutating func extend(_ scalar: Unicode.Scalar, in history: LineEditorHistory) {
    pattern.unicodeScalars.append(scalar)
    find(in: history, includingFound: true)
  }

  mutating func shorten(in history: LineEditorHistory) {
    _ = pattern.popLast()
    (found, shown) = (nil, draft)
    find(in: history, includingFound: true)
  }

  mutating func again(
    _ direction: LineEditorHistory.Direction,
    in history: LineEditorHistory
  ) {
    self.direction = direction
    find(in: history, includingFound: false)
  }

  private mutating func find(in history: LineEditorHistory, includingFound: Bool) {
    guard !pattern.isEmpty else {
      isFailing = false
      return
    }
    let ignoresCase = !pattern.contains(where: \.isUppercase)
    var indices = history.indices(direction, from: found ?? start)
    if includingFound, let found { indices.insert(found, at: 0) }
    for index in indices {
      let entry = history.entries[index]
      let text = ignoresCase ? entry.lowercased() : entry
      guard let place = text.range(of: pattern) else { continue }
      // The same text twice in a row is one step.
      if !includingFound, entry == shown.text { continue }
      let count = text[..<place.lowerBound].unicodeScalars.count
      (found, isFailing) = (index, false)
      shown = EditedLine(entry)
      shown.cursor = min(count, shown.scalars.count)
      return
    }
    isFailing = true
  }
}

extension String {
  /// Where `text` is in this one first.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
