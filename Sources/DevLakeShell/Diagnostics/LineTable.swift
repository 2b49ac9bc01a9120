import ShellLanguage

/// Finds lines and columns in one source text, after one pass over it.
struct LineTable {
  let source: SourceText
  /// The first byte of every line.
  private let starts: [Int]

  init(_ source: SourceText) {
    self.source = source
    var starts = [0]
    // Over the bytes themselves: a large file is read through many times faster than by index.
    var text = source.text
    text.withUTF8 { bytes in
      for offset in bytes.indices where bytes[offset] == 0x0A { starts.append(offset + 1) }
    }
    self.starts = starts
  }

  var lineCount: Int { starts.count }

  /// The number of the line a byte is in, from 0; a line end belongs to the line it ends.
  func line(at offset: Int) -> Int {
    var lower = 0
    var upper = starts.count
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if starts[middle] <= offset { lower = middle } else { upper = middle }
    }
    return lower
  }

  /// The bytes of a line, without its end.
  func bytes(ofLine line: Int) -> Range<Int> {
    let start = starts[line]
    guard line + 1 < starts.count else { return start..<source.text.utf8.count }
    let end = starts[line + 1] - 1
    let hasReturn = end > start && slice(end - 1..<end) == "\r"
    return start..<(hasReturn ? end - 1 : end)
  }

  /// The text of a range of bytes that starts and ends between scalars.
  func slice(_ range: Range<Int>) -> Substring {
    let utf8 = source.text.utf8
    let lower = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
    let upper = utf8.index(lower, offsetBy: range.count)
    return source.text[lower..<upper]
  }

  /// The start of the scalar a byte belongs to.
  func scalarStart(at offset: Int) -> Int {
    let utf8 = source.text.utf8
    var index = utf8.index(utf8.startIndex, offsetBy: offset)
    var start = offset
    while start > 0, index < utf8.endIndex, utf8[index] & 0xC0 == 0x80 {
      index = utf8.index(before: index)
      start -= 1
    }
    return start
  }
}

extension LineTable {
  /// A span as people count: lines and characters from 1, both ends inclusive.
  ///
  /// Of a span over several lines it is the part on the first one.
  struct Place: Equatable {
    var line: Int
    var column: Int
    var endColumn: Int
    /// The bytes of the line.
    var lineBytes: Range<Int>
    /// The bytes of the part of the span on that line.
    var bytes: Range<Int>

    /// `3:5-10`, or `3:5` for one column.
    var text: String {
      endColumn > column ? "\(line):\(column)-\(endColumn)" : "\(line):\(column)"
    }
  }

  func place(of span: SourceSpan) -> Place {
    let count = source.text.utf8.count
    let lower = scalarStart(at: min(max(0, span.lower), count))
    let upper = min(max(lower, span.upper), count)
    let line = line(at: lower)
    let whole = bytes(ofLine: line)
    let start = min(lower, whole.upperBound)
    let bytes = start..<max(start, scalarStart(at: min(upper, whole.upperBound)))
    let before = characters(in: whole.lowerBound..<bytes.lowerBound)
    let inside = characters(in: bytes)
    return Place(
      line: line + source.firstLine,
      column: before + 1,
      endColumn: before + max(1, inside),
      lineBytes: whole,
      bytes: bytes
    )
  }

  /// Counts characters; in ASCII, which most scripts are, a byte is one.
  private func characters(in range: Range<Int>) -> Int {
    let text = slice(range)
    return text.utf8.contains { $0 >= 0x80 || $0 == 0x0D } ? text.count : range.count
  }
}
