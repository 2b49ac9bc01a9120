import LineEditing

/// Decides what of a table is shown in the width there is.
///
/// On a terminal less important columns without any text in them are not columns. When the table is too
/// wide, the other empty ones go first; then cells of columns that can shrink are cut, the widest first;
/// when that is not enough the least important column goes, and the rest is laid out again.
struct TableLayout {
  private(set) var columns: [Table.Column] = []
  /// The cells of the columns that are shown, harmless for a terminal.
  private(set) var rows: [[String]] = []
  private(set) var widths: [Int] = []
  /// What is not shown, in one sentence; empty when all is.
  private(set) var notes: [String] = []

  /// Cut cells keep this many cells: shorter ones tell nothing.
  private static let shortest = 8
  private static let gap = 2

  init(_ table: Table, for medium: Medium) {
    let kept = table.columns.indices.filter { index in
      !medium.isTerminal || table.columns[index].priority >= Table.Column.usual
        || table.rows.isEmpty || table.rows.contains { index < $0.count && !$0[index].isEmpty }
    }
    let columns = kept.map { index in
      var column = table.columns[index]
      column.title = medium.line(column.title)
      return column
    }
    let rows = table.rows.map { row in
      kept.map { $0 < row.count ? medium.cell(row[$0]) : "" }
    }
    var natural = columns.map { DisplayWidth.cells(of: $0.title) }
    for row in rows {
      for (index, cell) in row.enumerated() {
        natural[index] = max(natural[index], DisplayWidth.cells(of: cell))
      }
    }
    let empty = columns.indices.filter { index in
      !rows.isEmpty && rows.allSatisfy { $0[index].isEmpty }
    }
    let (shown, widths) = Self.fit(columns, natural, without: empty, into: medium.width)
    self.columns = shown.map { columns[$0] }
    self.rows = shown.count == columns.count ? rows : rows.map { row in shown.map { row[$0] } }
    self.widths = widths
    let cut = zip(shown, widths).filter { natural[$0] > $1 }.map { columns[$0.0].title }
    let hidden = columns.indices.filter { !shown.contains($0) }.map { columns[$0].title }
    self.notes = Self.notes(cut: cut, hidden: hidden)
  }

  /// The columns that are shown, and their widths.
  ///
  /// The widest column gives up a cell at a time until the table fits, so that IDs and dates, which
  /// are narrow, stay whole; in proportion every column would lose its end. No column shrinks below its
  /// title. Where even that is too wide, the least important column is left out and all begin again.
  private static func fit(
    _ columns: [Table.Column],
    _ natural: [Int],
    without empty: [Int],
    into width: Int?
  ) -> (shown: [Int], widths: [Int]) {
    var shown = Array(columns.indices)
    guard let width else { return (shown, natural) }
    var useless = shown.filter(empty.contains)
    while shown.map({ natural[$0] + gap }).reduce(-gap, +) > width,
      let least = leastImportant(of: useless, columns)
    {
      let index = useless.remove(at: least)
      shown.removeAll { $0 == index }
    }
    while true {
      let floors = shown.map { index in
        let title = DisplayWidth.cells(of: columns[index].title)
        return columns[index].canShrink ? min(natural[index], max(title, shortest)) : natural[index]
      }
      // No cell needs more than the whole width, and the loop below no more than a few steps.
      var widths = zip(shown, floors).map { max($1, min(natural[$0], width)) }
      var excess = widths.reduce(0, +) + gap * max(0, shown.count - 1) - width
      while excess > 0, let widest = widest(widths, above: floors) {
        widths[widest] -= 1
        excess -= 1
      }
      guard excess > 0, shown.count > 1, let least = leastImportant(of: shown, columns) else {
        return (shown, widths)
      }
      shown.remove(at: least)
    }
  }

  private static func widest(_ widths: [Int], above floors: [Int]) -> Int? {
    widths.indices.filter { widths[$0] > floors[$0] }.max { widths[$0] < widths[$1] }
  }

  /// Among equals the last one.
  private static func leastImportant(of shown: [Int], _ columns: [Table.Column]) -> Int? {
    shown.indices.reversed().min {
      columns[shown[$0]].priority < columns[shown[$1]].priority
    }
  }

  private static func notes(cut: [String], hidden: [String]) -> [String] {
    var parts: [String] = []
    if !cut.isEmpty { parts.append("cut: " + cut.joined(separator: ", ")) }
    if !hidden.isEmpty { parts.append("not shown: " + hidden.joined(separator: ", ")) }
    guard !parts.isEmpty else { return [] }
    return ["(" + parts.joined(separator: "; ") + "; --output vertical shows all)"]
  }
}
