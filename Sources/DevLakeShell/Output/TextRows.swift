import LineEditing

/// Breaks a line of text at blanks into rows that fit a screen.
///
///     ❌ jenkins/2 "Jenkins": Connection test
///        failed: the password is not accepted
///
/// A word that is longer than a row stays whole, as it is an address or a command to be copied.
enum TextRows {
  /// The rows; all but the first one begin with `hang` blanks.
  static func rows(_ line: String, width: Int, hang: Int) -> [String] {
    guard DisplayWidth.cells(of: line) > width else { return [line] }
    let margin = String(repeating: " ", count: hang)
    var rows: [String] = []
    var rest = line[...]
    var start = ""
    while !rest.isEmpty {
      let room = width - DisplayWidth.cells(of: start)
      let end = DisplayWidth.cells(of: rest) <= room ? rest.endIndex : end(of: rest, room)
      rows.append(start + rest[..<end])
      rest = rest[end...].drop { $0 == " " }
      start = margin
    }
    return rows
  }

  /// The end of the last word that fits, or of the first one where none does.
  private static func end(of text: Substring, _ room: Int) -> Substring.Index {
    var fitting: Substring.Index?
    var (column, isInWord) = (0, false)
    for index in text.indices {
      let isBlank = text[index] == " "
      if isBlank, isInWord {
        guard column <= room else { return fitting ?? index }
        fitting = index
      }
      isInWord = !isBlank
      column += DisplayWidth.cells(of: text[index])
    }
    return column <= room ? text.endIndex : fitting ?? text.endIndex
  }
}

extension Medium {
  /// A line for people in rows that fit the screen, in the style that its sign calls for.
  func rows(_ line: String) -> [String] {
    let shown = self.line(line)
    let style = Symbols.style(of: line)
    var rows = [shown]
    if let width {
      rows = TextRows.rows(shown, width: width, hang: hang(of: shown, signed: line, in: width))
    }
    guard let style, hasColor else { return rows }
    return rows.map { style.applied(to: $0, isOn: true) }
  }

  /// Where further rows begin: behind the sign, or a little further in than the first one.
  private func hang(of shown: String, signed line: String, in width: Int) -> Int {
    let indent = shown.prefix { $0 == " " }.count
    var hang = indent + 2
    if Symbols.isSigned(line) {
      let sign = shown.dropFirst(indent).prefix { $0 != " " }
      hang = indent + DisplayWidth.cells(of: sign) + 1
    }
    return hang <= width / 3 ? hang : min(indent, 2)
  }
}
