/// How many cells of a terminal a text takes.
package enum DisplayWidth {
  /// The distance of tab stops on every terminal that was not told otherwise.
  package static let tabDistance = 8

  /// The cells of one character; a tab counts none here, since its width depends on its place.
  package static func cells(of character: Character) -> Int {
    if let ascii = character.asciiValue { return ascii >= 0x20 && ascii != 0x7F ? 1 : 0 }
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    var width = cells(of: first)
    for scalar in scalars.dropFirst() {
      switch scalar.value {
      // The variation selector that asks for the coloured form, which takes two cells: ⚠️, 1️⃣.
      case 0xFE0F: width = 2
      // Two regional indicators are one flag.
      case 0x1F1E6...0x1F1FF: width = 2
      case 0x200D: continue
      default: width += cells(of: scalar)
      }
    }
    // Emoji joined or modified, and Hangul out of its parts, are drawn as one.
    return min(width, 2)
  }

  /// The cells of a text that starts at a column, counted from 0; tabs reach to the next stop.
  package static func cells(of text: some StringProtocol, from column: Int = 0) -> Int {
    if let count = printableASCII(text) { return count }
    var end = column
    for character in text {
      end += character == "\t" ? tabDistance - end % tabDistance : cells(of: character)
    }
    return end - column
  }

  /// The length of a text of printable ASCII, else `nil`.
  private static func printableASCII(_ text: some StringProtocol) -> Int? {
    let isPrintable = { (bytes: UnsafeBufferPointer<UInt8>) in
      bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? bytes.count : nil
    }
    // Nearly every text is in one piece, whose bytes are read without its generic view.
    if let count = text.utf8.withContiguousStorageIfAvailable(isPrintable) { return count }
    return text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? text.utf8.count : nil
  }

  private static func cells(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: return 0
    // Latin, Greek and Cyrillic letters; the soft hyphen, a format character, is drawn.
    case 0x20..<0x300, 0x370..<0x483: return 1
    // The second and third parts of a Hangul syllable add to the first.
    case 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
    default: return WideScalars.contains(scalar) ? 2 : 1
    }
  }
}

extension String {
  /// Appends blanks; none for a count below 1.
  package mutating func appendBlanks(_ count: Int) {
    var rest = count
    while rest >= 8 {
      self += "        "
      rest -= 8
    }
    while rest > 0 {
      self += " "
      rest -= 1
    }
  }
}

extension StringProtocol {
  /// The text with blanks up to a width in cells, longer text as it is.
  package func padded(to width: Int) -> String {
    var text = String(self)
    text.appendBlanks(width - DisplayWidth.cells(of: self))
    return text
  }

  /// The text if it fits a width in cells, else its beginning and an ellipsis.
  ///
  /// A wide character that would stand half outside is left out: the result may be a cell shorter.
  package func clipped(to width: Int, ellipsis: String = "…") -> String {
    guard DisplayWidth.cells(of: self) > width else { return String(self) }
    let room = width - DisplayWidth.cells(of: ellipsis)
    guard room >= 0 else { return String(repeating: ".", count: Swift.max(0, width)) }
    var used = 0
    var end = startIndex
    while end < endIndex {
      let next = used + DisplayWidth.cells(of: self[end...end], from: used)
      guard next <= room else { break }
      used = next
      end = index(after: end)
    }
    return self[..<end] + ellipsis
  }
}
