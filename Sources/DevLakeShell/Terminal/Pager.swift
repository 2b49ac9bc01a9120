/// Shows a text a screen at a time, with the program of `$PAGER`.
///
/// One that is left early has shown enough.
struct Pager {
  /// The variables it gets.
  let environment: [String: String]

  /// Shows `text` and waits until the person is done; false when nothing could show it.
  func show(_ text: String) -> Bool {
    let command = environment["PAGER"] ?? Self.usual
    guard !command.allSatisfy(\.isWhitespace), environment["TERM"] != "dumb" else { return false }
    switch LentCommand(command: command, environment: environment).run(input: text) {
    case .unavailable, .exit(Self.notFound): return false
    case .exit, .signal: return true
    }
  }

  /// `less` shows what fits without waiting, keeps colours, and leaves the text on the screen.
  private static let usual =
    "if command -v less >/dev/null 2>&1; then exec less -FRX; else exec more; fi"

  /// What a shell says when there is no such program.
  private static let notFound: Int32 = 127
}
