import DevLakeKit
import LineEditing

/// The text of `devlake-shell --help`.
enum ProgramHelp {
  /// The ways in, each with what it is.
  static let doors: [(words: String, meaning: String)] = [
    ("devlake-shell", "a session at a terminal"),
    ("devlake-shell list --plugin jira", "one command"),
    ("devlake-shell -c 'use jira; list'", "lines"),
    ("devlake-shell -f rotate.lake", "a file"),
    ("… | devlake-shell", "a script from a pipe"),
  ]

  static func output(_ registry: SignatureRegistry) -> Output {
    let signature = Signature.program
    var lines = [
      "devlake-shell [options] [COMMAND …]", "", "  \(signature.abstract).", "",
    ]
    let column = doors.map(\.words.count).max() ?? 0
    lines += doors.map { "  \($0.words.padded(to: column))  \($0.meaning)" } + ["", "Options"]
    lines += HelpText.table(of: signature.options)
    lines += ["", "Commands"]
    let width = registry.names.map(\.count).max() ?? 0
    for signature in registry.signatures {
      let name = signature.name
      let padding = String(repeating: " ", count: width - name.count)
      lines.append("  \(name)\(padding)  \(signature.abstract)")
    }
    lines += ["", "Exit codes"]
    for (code, meaning) in ExitCode.table {
      let number = "\(code.rawValue)"
      lines.append("  \(String(repeating: " ", count: 3 - number.count))\(number)  \(meaning)")
    }
    return Output(data: .array(lines.map(JSONValue.string)), view: .page(lines))
  }
}
