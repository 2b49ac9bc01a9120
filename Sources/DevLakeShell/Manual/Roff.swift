/// Text in the language of manual pages, as groff and mandoc read it.
struct Roff {
  private(set) var text = ""

  /// The line every page begins with; a date is not text, its dashes stay.
  mutating func title(_ name: String, date: String, version: String) {
    text += ".TH \"\(Self.escaped(name))\" \"1\" \"\(date.filter { $0.isNumber || $0 == "-" })\""
    text += " \"\(Self.escaped(version))\" \"User Commands\"\n"
  }

  /// A macro on a line of its own; arguments are quoted.
  mutating func macro(_ name: String, _ arguments: String...) {
    text += ".\(name)"
    for argument in arguments { text += " \"\(Self.escaped(argument))\"" }
    text += "\n"
  }

  /// A line of running text.
  mutating func line(_ line: String) { text += Self.escaped(line, opensLine: true) + "\n" }

  /// A paragraph.
  mutating func paragraph(_ words: String) {
    macro("PP")
    line(words)
  }

  /// A term in bold with what follows it in italics, and its explanation.
  mutating func entry(_ term: String, _ value: String = "", _ explanation: String) {
    macro("TP")
    text += "\\fB\(Self.escaped(term))\\fR"
    if !value.isEmpty { text += " \\fI\(Self.escaped(value))\\fR" }
    text += "\n"
    line(explanation)
  }

  /// Lines that stand as they are, indented.
  mutating func example(_ lines: [String]) {
    macro("PP")
    text += ".RS 4\n.EX\n"
    for example in lines { line(example) }
    text += ".EE\n.RE\n"
  }

  /// The text with everything roff would take for its own, and all but ASCII by number.
  static func escaped(_ text: String, opensLine: Bool = false) -> String {
    var result = ""
    if opensLine, let first = text.first, first == "." || first == "'" { result = "\\&" }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "\"": result += "\\(dq"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
      }
    }
    return result
  }
}
