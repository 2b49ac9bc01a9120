/// The rows the editor has on the terminal, and how they become other rows.
///
/// A value that writes nothing itself: each change gives the bytes to send. Only what differs is
/// sent, so nothing flickers; rows that wrap are sent as one long line, so that the terminal
/// copies and reflows them as one.
struct LineEditorScreen {
  /// A row as it was sent.
  struct Row: Equatable {
    var text: String
    var width: Int
    var wraps: Bool

    mutating func append(_ tail: Row) {
      text += tail.text
      width += tail.width
    }
  }

  private(set) var rows: [Row] = []
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0

  /// Forgets the rows: what was drawn stays where it is.
  mutating func forget() { self = LineEditorScreen() }

  /// The bytes that show `next`, with the cursor at a place in it.
  mutating func show(_ next: [Row], cursorRow row: Int, column: Int, columns: Int) -> String {
    var output = ""
    if next != rows {
      let first = firstDifference(from: next)
      output += vertical(from: cursorRow, to: first) + "\r"
      output += Self.drawing(next[first...], columns: columns, erasesBelow: rows.count > next.count)
      output += vertical(from: next.count - 1, to: row)
    } else {
      guard row != cursorRow || column != cursorColumn else { return "" }
      output += vertical(from: cursorRow, to: row)
    }
    output += "\r" + (column > 0 ? "\u{1B}[\(column)C" : "")
    (rows, cursorRow, cursorColumn) = (next, row, column)
    return output
  }

  /// The bytes that erase everything, with the cursor where the first row began.
  mutating func erase() -> String {
    // Not from the first column: there tmux takes the top row for a whole screen to be kept.
    let output = vertical(from: cursorRow, to: 0) + "\r\u{1B}[K \u{1B}[J\r"
    forget()
    return output
  }

  /// How many rows a terminal of another width makes of what is drawn.
  func rowCount(columns: Int) -> Int {
    var (count, width) = (0, 0)
    for row in rows {
      width += row.width
      if row.wraps { continue }
      count += max(1, (width + columns - 1) / columns)
      width = 0
    }
    return count
  }

  /// The terminal has moved the cursor's row, as it wraps the rows at another width.
  mutating func reflow(cursorRow row: Int) { cursorRow = row }

  private func firstDifference(from next: [Row]) -> Int {
    guard !rows.isEmpty else { return 0 }
    var first = 0
    while first < rows.count - 1, first < next.count - 1, rows[first] == next[first] { first += 1 }
    // A row that begins or ceases to wrap is joined to the next one by the terminal.
    while first > 0, next[first - 1].wraps { first -= 1 }
    return first
  }

  private func vertical(from: Int, to: Int) -> String {
    if to < from { return "\u{1B}[\(from - to)A" }
    return to > from ? "\u{1B}[\(to - from)B" : ""
  }

  private static func drawing(
    _ rows: ArraySlice<Row>,
    columns: Int,
    erasesBelow: Bool
  ) -> String {
    var output = ""
    for (index, row) in zip(rows.indices, rows) {
      output += row.text
      // Erasing behind a full row would erase its last character.
      let isFull = row.width >= columns
      if !isFull { output += "\u{1B}[K" }
      guard index < rows.endIndex - 1 else { continue }
      // The next character wraps by itself, also a wide one before the last column: so the
      // terminal takes the rows for one line.
      let continues = row.wraps && !rows[index + 1].text.isEmpty
      if !continues { output += "\r\n" }
    }
    guard erasesBelow, let last = rows.last else { return output }
    return output + (last.width >= columns ? "\r\n\u{1B}[J\u{1B}[A" : "\u{1B}[J")
  }
}
