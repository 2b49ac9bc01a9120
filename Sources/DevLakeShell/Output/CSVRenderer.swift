/// RFC 4180 with a header, but lines end as the system's do.
struct CSVRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String {
    let grid = Grid(output, for: medium)
    guard !grid.header.isEmpty else { return "" }
    var text = ""
    for row in (output.hasHeader ? [grid.header] : []) + grid.rows {
      // A lone empty field would be an empty line, which readers skip.
      text += row == [""] ? "\"\"" : row.map(quoted).joined(separator: ",")
      text += "\n"
    }
    return text
  }

  private func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard needsQuotes else { return field }
    var text = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { text += "\"" }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}
