import DevLakeKit
import Synchronization

/// The conversation of the program: notes on standard error, questions on the person's terminal.
final class ConsoleConversation: Conversation {
  private let console: Console
  private let medium: Medium
  private let isQuiet: Bool
  private let writesJSON: Mutex<Bool>
  let progress: ProgressLine?
  let typing: HiddenTyping?
  /// Opens the terminal to ask; `nil`: nobody can be asked.
  private let terminal: (@Sendable () -> TerminalQuestion?)?

  init(
    console: Console,
    medium: Medium,
    isQuiet: Bool,
    writesJSON: Bool,
    progress: ProgressLine? = nil,
    typing: HiddenTyping? = nil,
    terminal: (@Sendable () -> TerminalQuestion?)?
  ) {
    self.console = console
    self.medium = medium
    self.isQuiet = isQuiet
    self.writesJSON = Mutex(writesJSON)
    self.progress = progress
    self.typing = typing
    self.terminal = terminal
  }

  var canAsk: Bool { terminal != nil }

  func ask(_ question: String) async throws(Failure) -> String? {
    while let text = try answer(question, isSecret: false) {
      // What was typed is not what arrived, or cannot be meant.
      guard let mistake = Self.mistake(in: text) else { return text }
      note("   \(mistake)")
    }
    return nil
  }

  private static func mistake(in answer: String) -> String? {
    if answer.contains("\u{FFFD}") {
      return "the answer has bytes that are no UTF-8 text; type it again"
    }
    guard answer.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    return "the answer has control characters; type it without them"
  }

  func askSecret(_ question: String) async throws(Failure) -> Secret? {
    try answer(question, isSecret: true).flatMap { $0.isEmpty ? nil : Secret($0) }
  }

  func note(_ text: String) {
    guard !isQuiet else { return }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      console.writeMessage(medium.line(String(line)) + "\n")
    }
  }

  func report(_ diagnostic: Diagnostic) {
    guard !isQuiet || diagnostic.severity == .error else { return }
    var renderer = DiagnosticRenderer(for: medium)
    console.writeMessage(
      writesJSON.withLock { $0 }
        ? renderer.renderJSON(diagnostic) : renderer.render(diagnostic)
    )
  }

  func writes(asJSON isJSON: Bool) { writesJSON.withLock { $0 = isJSON } }

  private func answer(_ question: String, isSecret: Bool) throws(Failure) -> String? {
    console.flush()
    progress?.pause()
    defer { progress?.resume() }
    guard let terminal = terminal?() else {
      throw .unasked("a question could not be asked: there is no terminal", flags: [])
    }
    let shown = question.split(separator: "\n", omittingEmptySubsequences: false)
      .map { medium.line(String($0)) }.joined(separator: "\n")
    switch terminal.ask(
      console.hiding(shown),
      dot: isSecret ? medium.isUTF8 ? "·" : "*" : nil
    ) {
    case .answer(let text): return text
    case .end: return nil
    case .interrupted: throw .interrupted
    }
  }
}
