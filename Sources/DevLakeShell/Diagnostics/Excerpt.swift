import LineEditing
import ShellLanguage

/// One line of a source as it is drawn, and the marks below it.
///
/// Tabs are drawn as blanks, secrets as `***`, harmful characters as `?`; of a very long line only the
/// part around the place is drawn.
struct Excerpt {
  private(set) var line = ""
  private(set) var marks = ""

  /// A character of the source, or a hidden part of it, as it is drawn.
  private struct Piece {
    var text: String
    var cells: Int
    var bytes: Range<Int>
  }

  /// - Parameter limit: The most cells that are drawn, the ellipses apart.
  init(
    of place: LineTable.Place,
    in table: LineTable,
    hiding hidden: [SourceSpan],
    limit: Int,
    ellipsis: String
  ) {
    let around = Self.bytes(around: place, in: table, hiding: hidden, limit: limit)
    let pieces = Self.pieces(of: around, in: table, hiding: hidden)
    let window = Self.window(of: pieces, around: place, limit: limit)
    var indent = 0
    var length = 0
    if around.lowerBound > place.lineBytes.lowerBound || window.lowerBound > 0 {
      line = ellipsis
      indent = DisplayWidth.cells(of: ellipsis)
    }
    for piece in pieces[window] {
      line += piece.text
      if piece.bytes.upperBound <= place.bytes.lowerBound {
        indent += piece.cells
      } else if piece.bytes.lowerBound < place.bytes.upperBound
        || piece.bytes.contains(place.bytes.lowerBound)
      {
        length += piece.cells
      }
    }
    if around.upperBound < place.lineBytes.upperBound || window.upperBound < pieces.count {
      line += ellipsis
    }
    marks =
      String(repeating: " ", count: indent) + "^"
      + String(repeating: "~", count: max(0, length - 1))
  }

  /// The part of the line worth looking at: no character needs as many bytes for a cell.
  private static func bytes(
    around place: LineTable.Place,
    in table: LineTable,
    hiding hidden: [SourceSpan],
    limit: Int
  ) -> Range<Int> {
    let reach = 32 * limit
    var lower = max(place.lineBytes.lowerBound, place.bytes.lowerBound - reach)
    var upper = min(place.lineBytes.upperBound, place.bytes.lowerBound + reach)
    // A secret that is cut would no longer be known as one.
    for secret in hidden where secret.lower < lower && lower < secret.upper { lower = secret.lower }
    for secret in hidden where secret.lower < upper && upper < secret.upper { upper = secret.upper }
    lower = max(lower, place.lineBytes.lowerBound)
    upper = min(upper, place.lineBytes.upperBound)
    return table.scalarStart(at: lower)..<table.scalarStart(at: upper)
  }

  private static func pieces(
    of range: Range<Int>,
    in table: LineTable,
    hiding hidden: [SourceSpan]
  ) -> [Piece] {
    var pieces: [Piece] = []
    var offset = range.lowerBound
    var column = 0
    var isHiding = false
    for character in table.slice(range) {
      let bytes = offset..<offset + character.utf8.count
      offset = bytes.upperBound
      let isHidden = hidden.contains {
        $0.lower < bytes.upperBound && bytes.lowerBound < $0.upper
      }
      if isHidden, isHiding, let last = pieces.indices.last {
        pieces[last].bytes = pieces[last].bytes.lowerBound..<bytes.upperBound
        continue
      }
      isHiding = isHidden
      let text = isHidden ? "***" : drawn(character, at: column)
      let cells = DisplayWidth.cells(of: text)
      column += cells
      pieces.append(Piece(text: text, cells: cells, bytes: bytes))
    }
    return pieces
  }

  private static func drawn(_ character: Character, at column: Int) -> String {
    if character == "\t" {
      let distance = DisplayWidth.tabDistance
      return String(repeating: " ", count: distance - column % distance)
    }
    let isHarmful = character.unicodeScalars.contains(where: TerminalText.isHarmful)
    return isHarmful ? "?" : String(character)
  }

  /// The pieces that are drawn: all if they fit, else some before the place and what fits after it.
  private static func window(
    of pieces: [Piece],
    around place: LineTable.Place,
    limit: Int
  ) -> Range<Int> {
    guard pieces.reduce(0, { $0 + $1.cells }) > limit else { return pieces.indices }
    let first = pieces.firstIndex { $0.bytes.upperBound > place.bytes.lowerBound } ?? pieces.count
    var start = first
    var before = 0
    while start > 0, before + pieces[start - 1].cells <= limit / 3 {
      start -= 1
      before += pieces[start].cells
    }
    var end = start
    var used = 0
    while end < pieces.count, used + pieces[end].cells <= limit {
      used += pieces[end].cells
      end += 1
    }
    // Near the end of the line there is room left for more of its beginning.
    while end == pieces.count, start > 0, used + pieces[start - 1].cells <= limit {
      start -= 1
      used += pieces[start].cells
    }
    return start..<end
  }
}
