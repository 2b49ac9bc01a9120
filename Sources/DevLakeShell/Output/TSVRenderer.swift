/// Fields between tabs with a header; tab, line ends and backslash in a field are escaped.
struct TSVRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String {
    let grid = Grid(output, for: medium)
    guard !grid.header.isEmpty else { return "" }
    var text = ""
    for row in (output.hasHeader ? [grid.header] : []) + grid.rows {
      text += row.map(escaped).joined(separator: "\t")
      text += "\n"
    }
    return text
  }

  private func escaped(_ field: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in field.unicodeScalars {
      switch scalar {
      case "\t": text.append(contentsOf: "\\t".unicodeScalars)
      case "\n": text.append(contentsOf: "\\n".unicodeScalars)
      case "\r": text.append(contentsOf: "\\r".unicodeScalars)
      case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
      default: text.append(scalar)
      }
    }
    return String(text)
  }
}
