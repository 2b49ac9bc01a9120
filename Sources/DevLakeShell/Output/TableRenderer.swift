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
    case .lines(let lines): lines.map { medium.line($0) + "\n" }.joined()
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
    func append(_ cells: [String]) {
      var line = ""
      // Blanks wait for the next text: none stand at the end of a line.
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
      text += line
      text += "\n"
    }
    if !layout.columns.isEmpty {
      append(layout.columns.map(\.title))
      let rule = medium.isUTF8 ? "─" : "-"
      append(layout.widths.map { String(repeating: rule, count: $0) })
      for row in layout.rows { append(row) }
    }
    for line in table.footer { text += medium.line(line) + "\n" }
    for note in layout.notes {
      for line in medium.line(note).wrapped(to: medium.width) { text += line + "\n" }
    }
    return text
  }
}

extension String {
  /// The text in lines that fit, broken at blanks.
  fileprivate func wrapped(to width: Int?) -> [String] {
    guard let width else { return [self] }
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, DisplayWidth.cells(of: last + " " + word) <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
