/// Where the texts of a YAML document begin with a byte order mark.
///
/// Yams takes that mark from every text (measured): two connections whose names differ by it would be
/// the same one in a file.
struct ByteOrderMarks {
  /// The document's lines; none where there is no mark to look for.
  private let lines: [[Unicode.Scalar]]

  init(in document: String) {
    let lower = document.lowercased()
    guard ["\u{FEFF}", "\\ufeff", "\\u0000feff"].contains(where: lower.contains) else {
      lines = []
      return
    }
    var lines: [[Unicode.Scalar]] = [[]]
    var last: Unicode.Scalar?
    for scalar in document.unicodeScalars {
      let continuesEnd = scalar == "\n" && last == "\r"
      last = scalar
      if continuesEnd { continue }
      switch scalar {
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
      default: lines[lines.count - 1].append(scalar)
      }
    }
    self.lines = lines
  }

  /// Whether the text that begins there, in quotes or without, begins with the mark.
  func hasText(line: Int, column: Int) -> Bool {
    guard lines.indices.contains(line - 1) else { return false }
    let rest = lines[line - 1].dropFirst(column - 1)
    guard let first = rest.first else { return false }
    guard first == "\"" || first == "'" else { return first == "\u{FEFF}" }
    let text = rest.dropFirst()
    if text.first == "\u{FEFF}" { return true }
    guard first == "\"" else { return false }
    let escape = String(String.UnicodeScalarView(text.prefix(10))).lowercased()
    return escape.hasPrefix("\\ufeff") || escape.hasPrefix("\\u0000feff")
  }
}
