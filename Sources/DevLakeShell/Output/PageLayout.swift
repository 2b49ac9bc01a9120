import LineEditing

/// Lays a page of help out on a screen: what is too long goes on below where its text began.
///
///     --where 'FIELD OP VALUE'  only connections of which
///                               this is true (repeatable)
enum PageLayout {
  /// The heading below which lines are commands, which stay whole to be copied.
  static let examples = "Examples"
  /// Paragraphs are no wider: longer rows are hard to read.
  private static let widest = 78
  /// The cells a second column needs beside the first one; with fewer it goes below.
  private static let least = 24

  /// The lines in rows that fit; where no screen is, only paragraphs are wrapped.
  static func rows(_ lines: [String], width: Int?) -> [String] {
    let end = lines.firstIndex(of: examples) ?? lines.count
    return lines[..<end].flatMap { rows($0, width) } + lines[end...]
  }

  private static func rows(_ line: String, _ screen: Int?) -> [String] {
    let width = screen ?? .max
    guard DisplayWidth.cells(of: line) > min(width, widest) else { return [line] }
    let indent = line.prefix { $0 == " " }.count
    let text = line.dropFirst(indent)
    // Two blanks in the text are between its columns.
    guard let gap = text.firstRange(of: "  ") else {
      let margin = String(repeating: " ", count: indent)
      return wrapped(text[...], behind: margin, min(width, widest))
    }
    guard DisplayWidth.cells(of: line) > width else { return [line] }
    let second = text[gap.upperBound...].drop { $0 == " " }
    let head = String(line[..<second.startIndex])
    guard width - DisplayWidth.cells(of: head) >= least else {
      let below = String(repeating: " ", count: indent + 4)
      return [String(line[..<gap.lowerBound])] + wrapped(second, behind: below, width)
    }
    return wrapped(second, behind: head, width)
  }

  /// The text broken at blanks behind what its first row begins with, and below its first column.
  private static func wrapped(_ text: Substring, behind head: String, _ width: Int) -> [String] {
    let start = DisplayWidth.cells(of: head)
    var rows = [head]
    var isEmpty = true
    for word in text.split(separator: " ") {
      let row = rows[rows.count - 1]
      if isEmpty {
        rows[rows.count - 1] += word
      } else if DisplayWidth.cells(of: row) + 1 + DisplayWidth.cells(of: String(word)) <= width {
        rows[rows.count - 1] += " " + word
      } else {
        rows.append(String(repeating: " ", count: start) + word)
      }
      isEmpty = false
    }
    return rows
  }
}
