import DevLakeKit
import LineEditing

/// A block of `field: value` lines for each record, the values aligned, blocks an empty line apart.
struct VerticalRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String {
    output.records.map { block($0, for: medium) }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func block(_ record: JSONValue, for medium: Medium) -> String {
    guard let members = record.object?.members else {
      return medium.cell(record.fieldText) + "\n"
    }
    let names = members.map { medium.cell($0.key) + ":" }
    let widths = names.map { DisplayWidth.cells(of: $0) }
    let column = (widths.max() ?? 0) + 1
    var text = ""
    for (index, member) in members.enumerated() {
      let value = medium.cell(member.value.fieldText)
      text += names[index]
      if !value.isEmpty {
        text.appendBlanks(column - widths[index])
        text += value
      }
      text += "\n"
    }
    return text
  }
}
