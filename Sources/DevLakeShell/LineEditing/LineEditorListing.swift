/// Lays candidates out in columns, or a row each when they have descriptions.
struct LineEditorListing {
  private static let gap = 2

  /// The rows of the list, each narrower than the screen.
  static func rows(_ candidates: [CompletionAnswer.Candidate], columns: Int) -> [String] {
    let names = candidates.map { TerminalText.sanitized($0.display) }
    let width = (names.map { DisplayWidth.cells(of: $0) }.max() ?? 0) + gap
    guard candidates.allSatisfy(\.description.isEmpty) else {
      return described(zip(names, candidates.map(\.description)), columns: columns, width: width)
    }
    let perRow = max(1, (columns - 1 + gap) / width)
    let count = (names.count + perRow - 1) / perRow
    // Down the columns, as `ls` does.
    return (0..<count).map { row in
      let cells = stride(from: row, to: names.count, by: count).map { names[$0] }
      let padded = cells.dropLast().map { $0.padded(to: width) } + cells.suffix(1)
      return padded.joined().clipped(to: columns - 1)
    }
  }

  private static func described(
    _ entries: Zip2Sequence<[String], [String]>,
    columns: Int,
    width: Int
  ) -> [String] {
    entries.map { name, description in
      guard !description.isEmpty else { return name.clipped(to: columns - 1) }
      let column = max(min(width, columns / 2), DisplayWidth.cells(of: name) + gap)
      let row = name.padded(to: column) + TerminalText.sanitized(description)
      return row.clipped(to: columns - 1)
    }
  }
}
