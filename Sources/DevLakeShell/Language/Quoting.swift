/// How a text is written so that the parser reads it back as that text.
package enum Quoting {
  /// Writes `text` as one word: bare when possible, else `'…'`, else `"…"` with escapes.
  ///
  /// What would read as an option, an operator or a word of the language is quoted. A number stays
  /// bare, although `let` gives it a type of its own.
  package static func quote(_ text: String) -> String {
    isBare(text) ? text : quoted(text)
  }

  /// Writes `text` between quotes, single ones where it has nothing that needs an escape.
  package static func quoted(_ text: String) -> String {
    let fitsSingle = text.unicodeScalars.allSatisfy { $0 != "'" && !needsEscape($0) }
    return fitsSingle ? "'\(text)'" : double(text)
  }

  /// Writes `text` between double quotes.
  package static func double(_ text: String) -> String {
    "\"\(escaped(text))\""
  }

  /// Writes `text` as it is inside double quotes.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"", "$": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\u{1B}": result += "\\e"
      case _ where needsEscape(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static let words: Set<String> = [
    "let", "for", "while", "if", "else", "try", "def", "in", "and", "or", "not", "true", "false",
    "null", "]",
  ]

  private static func isBare(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, !words.contains(text) else { return false }
    if "-#!=~".unicodeScalars.contains(first) { return false }
    return text.unicodeScalars.allSatisfy(isPlain)
  }

  private static func isPlain(_ scalar: UnicodeScalar) -> Bool {
    guard scalar.isASCII else {
      // A blank of another alphabet would look like the end of the word.
      return !scalar.properties.isWhitespace && !needsEscape(scalar) && !isTypographic(scalar)
    }
    return scalar.value > 0x20 && scalar.value < 0x7F
      && !"{}()<>|&;`'\"\\$".unicodeScalars.contains(scalar)
  }

  /// Whether it is a quote or dash that the parser refuses in a bare word.
  private static func isTypographic(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0x2010...0x2015, 0x2018...0x201F, 0x2212: true
    default: false
    }
  }

  private static func needsEscape(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: scalar.value != 0x200D  // joins the parts of an emoji
    // In a source it stands for bytes that could not be read.
    case .otherSymbol: scalar == "\u{FFFD}"
    default: false
    }
  }
}
