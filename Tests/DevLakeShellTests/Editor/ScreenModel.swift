/// The screen of a terminal, as far as the editor uses one.
///
/// Each cell holds what is drawn in it; the right half of a wide character holds nothing. A full
/// row keeps the cursor until the next character, as all terminals in use do.
struct ScreenModel {
  private(set) var row = 0
  private(set) var column = 0
  /// The bytes that came, as text.
  private(set) var log = ""
  private var cells: [[String]]
  private var columns: Int
  private var rows: Int
  private var wrapsNext = false
  private var pending: [UInt8] = []

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The rows without the blanks at their ends and without the empty ones at the bottom.
  var text: String {
    var lines = cells.map { row in
      var line = row.joined()
      while line.last == " " { line.removeLast() }
      return line
    }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  mutating func resize(columns: Int, rows: Int) {
    cells = cells.prefix(rows).map { row in
      Array(row.prefix(columns)) + Array(repeating: " ", count: max(0, columns - row.count))
    }
    while cells.count < rows { cells.append(Array(repeating: " ", count: columns)) }
    (self.columns, self.rows) = (columns, rows)
    (row, column) = (min(row, rows - 1), min(column, columns - 1))
    wrapsNext = false
  }

  mutating func feed(_ bytes: some Collection<UInt8>) {
    pending += bytes
    // A character or a sequence may come in two pieces.
    guard let text = String(validating: pending, as: UTF8.self) else { return }
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      let before = rest
      rest.removeFirst()
      if scalar == "\u{1B}" {
        guard sequence(&rest) else {
          pending = Array(String(String.UnicodeScalarView(before)).utf8)
          return
        }
      } else {
        draw(scalar)
      }
      log.unicodeScalars.append(contentsOf: before[before.startIndex..<rest.startIndex])
    }
    pending = []
  }

  /// False when its end has not come yet.
  private mutating func sequence(_ rest: inout Substring.UnicodeScalarView) -> Bool {
    guard let final = rest.dropFirst().firstIndex(where: { (0x40...0x7E).contains($0.value) })
    else { return false }
    let parameters = String(String.UnicodeScalarView(rest[..<final].dropFirst()))
    let number = Int(parameters) ?? 1
    let kind = rest[final]
    rest = rest[rest.index(after: final)...]
    switch kind {
    case "A": row = max(0, row - number)
    case "B": row = min(rows - 1, row + number)
    case "C": column = min(columns - 1, column + number)
    case "G": column = min(columns, number) - 1
    case "H": (row, column) = (0, 0)
    case "K": erase(row, from: column)
    case "J" where parameters == "2": for line in 0..<rows { erase(line, from: 0) }
    case "J":
      erase(row, from: column)
      for line in (row + 1)..<max(rows, row + 1) { erase(line, from: 0) }
    default: return true
    }
    wrapsNext = false
    return true
  }

  private mutating func erase(_ line: Int, from first: Int) {
    for cell in first..<columns { cells[line][cell] = " " }
  }

  private mutating func draw(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\r": (column, wrapsNext) = (0, false)
    case "\n": newline()
    case "\u{8}": (column, wrapsNext) = (max(0, column - 1), false)
    case "\u{7}": break
    default: put(scalar)
    }
  }

  private mutating func newline() {
    if row < rows - 1 {
      row += 1
    } else {
      cells.removeFirst()
      cells.append(Array(repeating: " ", count: columns))
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Self.width(scalar)
    if width == 0 {
      cells[row][max(0, wrapsNext ? column : column - 1)].unicodeScalars.append(scalar)
      return
    }
    if wrapsNext || column + width > columns {
      (column, wrapsNext) = (0, false)
      newline()
    }
    cells[row][column] = String(scalar)
    if width == 2 { cells[row][column + 1] = "" }
    column += width
    if column >= columns { (column, wrapsNext) = (columns - 1, true) }
  }

  /// Enough for the texts of the tests, and not the code under test.
  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F: 0
    case 0x3000...0x9FFF, 0xAC00...0xD7A3, 0x1F300...0x1FAFF: 2
    default: 1
    }
  }
}
