/// The entries Up, Down and the search go through, and the drafts made of them.
///
/// Every entry may be changed and left: the change is there again until the line is entered. That
/// is so at any length, unlike in libedit, which keeps 1024 characters of a draft.
struct LineEditorHistory {
  enum Direction {
    case older
    case newer
  }

  private(set) var entries: [String] = []
  /// The entry in the line; one behind the last is the new line.
  private var position = 0
  private var drafts: [Int: EditedLine] = [:]
  /// What was typed before Up: only entries that begin so are walked through.
  private var walked: (beginning: String, shown: String)?
  private static let limit = 10_000

  /// False when it is empty or repeats the last entry.
  mutating func remember(_ entry: String) -> Bool {
    guard !entry.isEmpty, entry != entries.last else { return false }
    entries.append(entry)
    if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
    return true
  }

  mutating func begin() {
    position = entries.count
    drafts = [:]
    walked = nil
  }

  /// The next entry in a direction that begins with what was typed before; nil at the end.
  mutating func step(_ direction: Direction, from line: EditedLine) -> EditedLine? {
    let text = line.text
    if position == entries.count { walked = text.isEmpty ? nil : (text, text) }
    // An entry that was changed is a new beginning of nothing: its neighbours come next.
    if walked?.shown != text { walked = nil }
    let found = indices(direction, from: position).first { index in
      walked.map { entries[index].hasPrefix($0.beginning) } ?? false && entries[index] != text
    }
    // Where no line begins so, the line before is better than none.
    if found == nil, position == entries.count { walked = nil }
    guard let walked else {
      return go(to: direction == .older ? position - 1 : position + 1, from: line)
    }
    guard let index = found ?? (direction == .newer ? entries.count : nil) else { return nil }
    let next = go(to: index, from: line)
    if let next { self.walked = (walked.beginning, next.text) }
    return next
  }

  mutating func farthest(_ direction: Direction, from line: EditedLine) -> EditedLine? {
    go(to: direction == .older ? 0 : entries.count, from: line)
  }

  /// The next other entry that begins with what is before the cursor, which stays there.
  mutating func match(_ direction: Direction, from line: EditedLine) -> EditedLine? {
    let start = EditedLine(scalars: Array(line.scalars[..<line.cursor])).text
    let text = line.text
    let found = indices(direction, from: position).first { index in
      entries[index].hasPrefix(start) && entries[index] != text
    }
    guard let found, var recalled = go(to: found, from: line) else { return nil }
    recalled.cursor = min(line.cursor, recalled.scalars.count)
    return recalled
  }

  mutating func go(to index: Int, from line: EditedLine) -> EditedLine? {
    guard index != position, (0...entries.count).contains(index) else { return nil }
    drafts[position] = line
    position = index
    return drafts[index] ?? EditedLine(index < entries.count ? entries[index] : "")
  }

  /// Where to look, nearest first.
  func indices(_ direction: Direction, from index: Int) -> [Int] {
    switch direction {
    case .older: Array((0..<min(index, entries.count)).reversed())
    case .newer: Array(min(index + 1, entries.count)..<entries.count)
    }
  }

  /// The entry the line came from, or one behind the last.
  var current: Int { position }
}

extension LineEditor {
  /// A row up or down within the line, else to the entry before or after it.
  func move(_ direction: LineEditorHistory.Direction) {
    guard menu == nil else {
      menu?.narrow(to: handle.line.text)
      menu?.move(by: direction == .older ? -1 : 1)
      return
    }
    if let moved = handle.line.movedRow(up: direction == .older) {
      moveCursor(to: moved.cursor)
    } else {
      recall(history.step(direction, from: handle.line))
    }
  }

  func recall(_ line: EditedLine?) {
    if let line { handle.line = line }
  }
}
