/// The signs of our texts, and what stands for them where a locale cannot show them.
enum Symbols {
  /// Rewrites one line of ours in ASCII signs: `✅ Created` becomes `ok Created`.
  ///
  /// Letters of other scripts stay: they are someone's name, not our sign.
  static func ascii(_ line: String) -> String {
    guard line.utf8.contains(where: { $0 >= 0x80 }) else { return line }
    var result = ""
    var isAfterSign = false
    for character in line {
      if isAfterSign, character == " " { continue }
      let isSign = character.unicodeScalars.first.flatMap { signs[$0] }
      switch (isSign, character.unicodeScalars.first.flatMap { marks[$0] }) {
      case (let word?, _):
        result += word.isEmpty ? "" : word + " "
        isAfterSign = true
      case (nil, let mark?):
        result += mark
        isAfterSign = false
      case (nil, nil):
        result.append(character)
        isAfterSign = false
      }
    }
    while isAfterSign, result.last == " " { result.removeLast() }
    return result
  }

  /// How a line with such a sign stands out where colour is on; `nil`: as any other.
  static func style(of line: String) -> TextStyle? {
    guard let first = line.unicodeScalars.first(where: { $0 != " " }) else { return nil }
    switch first {
    case "❌": return .failed
    case "⚠": return .changed
    case "💡": return .faint
    // What a plan does to a connection.
    case "+" where isMarked(line): return .added
    case "~" where isMarked(line): return .changed
    case "-" where isMarked(line): return .failed
    default: return nil
    }
  }

  /// Whether a line begins with a sign, behind which its text stands.
  static func isSigned(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    guard let sign = text.unicodeScalars.first else { return false }
    return signs[sign] != nil || isMarked(line)
  }

  /// Whether it begins with `+`, `~` or `-`, at the edge or where notes begin.
  private static func isMarked(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    return text.startIndex <= line.index(line.startIndex, offsetBy: min(3, line.count))
      && ["+ ", "~ ", "- "].contains { text.hasPrefix($0) }
  }

  /// Pictures that open a line; the blanks after them belong to them.
  private static let signs: [Unicode.Scalar: String] = [
    "✅": "ok", "❌": "FAILED", "💡": "hint:", "⚠": "warning:", "🔑": "", "⏳": "",
  ]

  private static let marks: [Unicode.Scalar: String] = [
    "─": "-", "…": "...", "·": "-", "→": "->", "–": "-", "—": "-", "•": "*", "“": "\"", "”": "\"",
    "‘": "'", "’": "'",
  ]
}
