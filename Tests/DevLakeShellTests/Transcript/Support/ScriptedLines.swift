@testable import DevLakeShell

/// Lines that are known beforehand, from a pipe or from a person.
@MainActor
final class ScriptedLines: LineSource {
  let name: String
  let isInteractive: Bool
  private var lines: [String]

  init(_ lines: [String], isInteractive: Bool = false) {
    self.lines = lines
    self.isInteractive = isInteractive
    name = isInteractive ? DiagnosticRenderer.prompt : "<stdin>"
  }

  func next(prompt: String) -> LineRead {
    lines.isEmpty ? .end : .line(lines.removeFirst())
  }
}
