/// The text being edited and where the cursor stands, in code points.
struct EditedLine: Equatable {
  var scalars: [Unicode.Scalar] = []
  var cursor = 0

  init(scalars: [Unicode.Scalar] = [], cursor: Int = 0) {
    self.scalars = scalars
    self.cursor = cursor
  }

  /// `text` with the cursor at its end.
  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    cursor = scalars.count
  }

  var text: String { Self.string(scalars[...]) }

  var isAtEnd: Bool { cursor == scalars.count }

  /// The cursor as an offset in the text's UTF-8.
  var utf8Cursor: Int { scalars[..<cursor].reduce(0) { $0 + UTF8.width($1) } }

  /// The code point that begins at or after an offset in the text's UTF-8.
  func index(utf8Offset: Int) -> Int {
    var bytes = 0
    for (index, scalar) in scalars.enumerated() {
      if bytes >= utf8Offset { return index }
      bytes += UTF8.width(scalar)
    }
    return scalars.count
  }

  /// How many code points the character before the cursor has; 0 at the start.
  var lengthBefore: Int {
    // A cluster longer than this is not text; a person can press the key again.
    let window = scalars[..<cursor].suffix(32)
    return Self.string(window).last?.unicodeScalars.count ?? 0
  }

  /// How many code points the character after the cursor has; 0 at the end.
  var lengthAfter: Int {
    let window = scalars[cursor...].prefix(32)
    return Self.string(window).first?.unicodeScalars.count ?? 0
  }

  /// Where the row (what is between newlines) with the cursor begins.
  var rowStart: Int { (scalars[..<cursor].lastIndex(of: "\n") ?? -1) + 1 }

  /// Where the row with the cursor ends.
  var rowEnd: Int { scalars[cursor...].firstIndex(of: "\n") ?? scalars.count }

  /// Where a word ends after the cursor.
  var wordEnd: Int {
    var index = cursor
    while index < scalars.count, !scalars[index].isInWord { index += 1 }
    while index < scalars.count, scalars[index].isInWord { index += 1 }
    return index
  }

  /// Where a word begins before the cursor.
  var wordStart: Int {
    var index = cursor
    while index > 0, !scalars[index - 1].isInWord { index -= 1 }
    while index > 0, scalars[index - 1].isInWord { index -= 1 }
    return index
  }

  /// The line with the cursor one row up or down in about the same column; nil at the edge.
  func movedRow(up: Bool) -> EditedLine? {
    let start: Int
    if up {
      guard rowStart > 0 else { return nil }
      start = (scalars[..<(rowStart - 1)].lastIndex(of: "\n") ?? -1) + 1
    } else {
      guard rowEnd < scalars.count else { return nil }
      start = rowEnd + 1
    }
    let column = DisplayWidth.cells(of: Self.string(scalars[rowStart..<cursor]))
    var moved = EditedLine(scalars: scalars, cursor: start)
    let end = moved.rowEnd
    var cells = 0
    while moved.cursor < end, cells < column {
      let next = moved.cursor + moved.lengthAfter
      cells += DisplayWidth.cells(of: Self.string(scalars[moved.cursor..<next]), from: cells)
      moved.cursor = next
    }
    return moved
  }

  /// The text of a part; written out, as the standard library's own way takes ten times as long
  /// and entries can be long.
  static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(unsafeUninitializedCapacity: scalars.count * 4) { bytes in
      var count = 0
      for scalar in scalars {
        guard scalar.value >= 0x80 else {
          bytes[count] = UInt8(truncatingIfNeeded: scalar.value)
          count += 1
          continue
        }
        for byte in String(scalar).utf8 {
          bytes[count] = byte
          count += 1
        }
      }
      return count
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isInWord: Bool { properties.isAlphabetic || properties.numericType != nil }
}
