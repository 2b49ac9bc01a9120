import DevLakeKit
import LineEditing

/// What people see: the command's own view of its result.
struct TableRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String {
    switch output.view {
    case .table(let table): render(table, for: medium)
    case .text(let text):
      text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { (medium.isTerminal ? medium.line(String($0)) : String($0)) + "\n" }.joined()
    case .lines(let lines): lines.flatMap(medium.rows).map { $0 + "\n" }.joined()
    case .page(let lines):
      PageLayout.rows(lines.map(medium.line), width: medium.width)
        .map { $0 + "\n" }.joined()
    case .records: VerticalRenderer().render(output, for: medium)
    case .json: JSONRenderer().render(output, for: medium)
    case .none: ""
    }
  }

  /// Header, a rule under every column, the rows, two blanks between columns, none at the end.
  private func render(_ table: Table, for medium: Medium) -> String {
    let layout = TableLayout(table, for: medium)
    var text = ""
    func append(_ cells: [String], _ style: TextStyle? = nil) {
      var line = ""
      // Blanks wait for the next text: none are at the end of a line.
      var blanks = 0
      for (index, column) in layout.columns.enumerated() {
        let cell = cells[index].clipped(to: layout.widths[index], ellipsis: medium.ellipsis)
        let missing = layout.widths[index] - DisplayWidth.cells(of: cell)
        if index > 0 { blanks += 2 }
        if column.alignment == .trailing { blanks += missing }
        if !cell.isEmpty {
          line.appendBlanks(blanks)
          line += cell
          blanks = 0
        }
        if column.alignment == .leading { blanks += missing }
      }
      while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
      text += style?.applied(to: line, isOn: medium.hasColor) ?? line
      text += "\n"
    }
    if !layout.columns.isEmpty {
      append(layout.columns.map(\.title), .bold)
      let rule = medium.isUTF8 ? "─" : "-"
      append(layout.widths.map { String(repeating: rule, count: $0) })
      for (index, row) in layout.rows.enumerated() { append(row, table.styles[index]) }
    }
    for line in table.footer {
      for row in medium.rows(line) { text += row + "\n" }
    }
    for note in layout.notes.map(medium.line) {
      let rows = TextRows.rows(note, width: medium.width ?? .max, hang: 0)
      for row in rows { text += TextStyle.faint.applied(to: row, isOn: medium.hasColor) + "\n" }
    }
    return text
  }
}
