import DevLakeKit
import LineEditing
import Synchronization

/// The conversation of the program: notes on standard error, questions on the person's terminal.
final class ConsoleConversation: Conversation {
  private let console: Console
  private let medium: Medium
  private let isQuiet: Bool
  private let writesJSON: Mutex<Bool>
  let progress: ProgressLine?
  let typing: HiddenTyping?
  /// What the terminal can do on which is asked; `nil`: nobody can be asked.
  private let terminal: LineEditorSettings?

  init(
    console: Console,
    medium: Medium,
    isQuiet: Bool,
    writesJSON: Bool,
    progress: ProgressLine? = nil,
    typing: HiddenTyping? = nil,
    terminal: LineEditorSettings?
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
    try await ask(question, prefilled: "")
  }

  func ask(_ question: String, prefilled: String) async throws(Failure) -> String? {
    // What stands in the answer need not stand before it as well.
    let shown =
      prefilled.isEmpty ? question : question.replacing(" [\(prefilled)]: ", with: ": ")
    while let text = try await answer(shown, prefilled: prefilled) {
      // What was typed is not what arrived, or cannot be meant.
      guard let mistake = Self.mistake(in: text) else { return text }
      note("   \(mistake)")
    }
    return nil
  }

  func askNeededSecret(_ question: String) async throws(Failure) -> Secret? {
    while let answer = try await answer(question, dot: medium.isUTF8 ? "·" : "*") {
      if !answer.isEmpty { return Secret(answer) }
      note("   nothing was typed; Ctrl-D leaves")
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
    try await answer(question, dot: medium.isUTF8 ? "·" : "*")
      .flatMap { $0.isEmpty ? nil : Secret($0) }
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

  private func answer(
    _ question: String,
    prefilled: String = "",
    dot: Character? = nil
  ) async throws(Failure) -> String? {
    console.flush()
    progress?.pause()
    defer { progress?.resume() }
    let lines = question.split(separator: "\n", omittingEmptySubsequences: false)
    let shown = console.hiding(lines.map { medium.line(String($0)) }.joined(separator: "\n"))
    // A value that quotes a secret is typed anew.
    let prefilled = console.hiding(prefilled) == prefilled ? prefilled : ""
    guard !Task.isCancelled else { throw .interrupted }
    var reply: TerminalQuestion.Reply?
    if let terminal {
      // A signal that ends the command ends its question.
      let mailbox = LineEditorMailbox()
      let asker = TerminalQuestion(settings: terminal, mailbox: mailbox)
      reply = await withTaskCancellationHandler {
        await asker.ask(shown, dot: dot, prefilled: prefilled)
      } onCancel: {
        mailbox.interrupt()
      }
    }
    switch reply {
    case .answer(let text): return text
    case .end: return nil
    case .interrupted: throw .interrupted
    case nil: throw .unasked("a question could not be asked: there is no terminal", flags: [])
    }
  }
}
