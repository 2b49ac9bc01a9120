import DevLakeKit

/// What people see: the command's own view of its result.
struct TableRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String {
    switch output.view {
    case .table(let table): render(table, for: medium)
    case .lines(let lines): lines.map { medium.line($0) + "\n" }.joined()
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
      for (index, column) in layout.columns.enumerated() {
        if index > 0 { line += "  " }
        line += cells[index].clipped(to: layout.widths[index], ellipsis: medium.ellipsis)
          .padded(to: layout.widths[index], alignment: column.alignment)
      }
      text += line.withoutTrailingBlanks
      text += "\n"
    }
    if !layout.columns.isEmpty {
      append(layout.columns.map(\.title))
      let rule = medium.isUTF8 ? "─" : "-"
      append(layout.widths.map { String(repeating: rule, count: $0) })
      for row in layout.rows { append(row) }
    }
    for line in table.footer + layout.notes { text += medium.line(line) + "\n" }
    return text
  }
}

extension String {
  fileprivate var withoutTrailingBlanks: Substring {
    self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]
  }
}
