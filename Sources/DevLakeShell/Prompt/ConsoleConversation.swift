import DevLakeKit
import LineEditing
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The conversation of the program: notes on standard error, questions on the person's terminal.
final class ConsoleConversation: Conversation {
  private let console: Console
  private let isQuiet: Bool
  /// Whether diagnostics are JSON: as the command says, or else as the session does.
  private let writesJSON: Bool?
  private let standard: StandardForm
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
    self.isQuiet = isQuiet
    self.writesJSON = nil
    standard = StandardForm(writesJSON, medium)
    self.progress = progress
    self.typing = typing
    self.terminal = terminal
  }

  private init(_ conversation: ConsoleConversation, writesJSON: Bool) {
    console = conversation.console
    isQuiet = conversation.isQuiet
    self.writesJSON = writesJSON
    standard = conversation.standard
    progress = conversation.progress
    typing = conversation.typing
    terminal = conversation.terminal
  }

  /// How the session writes diagnostics and asks, for all who speak in it.
  private final class StandardForm: Sendable {
    private let state: Mutex<(isJSON: Bool, medium: Medium, up: String?)>

    init(_ isJSON: Bool, _ medium: Medium) { state = Mutex((isJSON, medium, nil)) }

    var writesJSON: Bool {
      get { state.withLock(\.isJSON) }
      set { state.withLock { $0.isJSON = newValue } }
    }

    var medium: Medium {
      get { state.withLock(\.medium) }
      set { state.withLock { $0.medium = newValue } }
    }

    var up: String? {
      get { state.withLock(\.up) }
      set { state.withLock { $0.up = newValue } }
    }
  }

  func writing(asJSON isJSON: Bool) -> any Conversation {
    ConsoleConversation(self, writesJSON: isJSON)
  }

  var canAsk: Bool { terminal != nil }

  private var medium: Medium { standard.medium }

  func ask(_ question: String) async throws(Failure) -> String? {
    try await ask(question, prefilled: "")
  }

  func ask(_ question: String, prefilled: String) async throws(Failure) -> String? {
    try await ask(question, prefilled: prefilled, completing: .nothing)
  }

  func ask(
    _ question: String,
    prefilled: String,
    completing: AnswerCompletion
  ) async throws(Failure) -> String? {
    // What is in the answer need not be before it as well.
    let shown =
      prefilled.isEmpty ? question : question.replacing(" [\(prefilled)]: ", with: ": ")
    while let text = try await answer(shown, prefilled: prefilled, completing: completing) {
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
      return "the answer has bytes that are not UTF-8; type it again"
    }
    guard answer.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    return "the answer has control characters; type it without them"
  }

  func askSecret(_ question: String) async throws(Failure) -> Secret? {
    try await answer(question, dot: medium.isUTF8 ? "·" : "*")
      .flatMap { $0.isEmpty ? nil : Secret($0) }
  }

  func clearScreen() {
    guard let terminal, !terminal.isDumb else { return }
    console.writeMessage("\u{1B}[H\u{1B}[2J")
  }

  /// Straight to the terminal: what goes to a stream could be kept by whoever reads that.
  func showOnce(_ secret: Secret, as label: String) -> Bool {
    guard terminal != nil else { return false }
    console.flush()
    let descriptor = open("/dev/tty", O_WRONLY | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let text = secret.reveal { "\(medium.line(label))\n\($0)\n" }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  func note(_ text: String) {
    guard !isQuiet else { return }
    let medium = medium
    // Hidden before it is broken into rows: a secret may have blanks in it.
    for line in console.hiding(text).split(separator: "\n", omittingEmptySubsequences: false) {
      console.writeMessage(medium.rows(String(line)).joined(separator: "\n") + "\n")
    }
  }

  func report(_ diagnostic: Diagnostic) {
    guard !isQuiet || diagnostic.severity == .error else { return }
    let diagnostic = diagnostic.hiding(console.hiding)
    var renderer = DiagnosticRenderer(for: medium)
    console.writeMessage(
      writesJSON ?? standard.writesJSON
        ? renderer.renderJSON(diagnostic) : renderer.render(diagnostic)
    )
  }

  func writes(asJSON isJSON: Bool) { standard.writesJSON = isJSON }

  func draws(for medium: Medium) { standard.medium = medium }

  func answersUp(with answer: String?) { standard.up = answer }

  private func answer(
    _ question: String,
    prefilled: String = "",
    dot: Character? = nil,
    completing: AnswerCompletion = .nothing
  ) async throws(Failure) -> String? {
    let shown = self.shown(question)
    // A value that quotes a secret is typed again.
    let prefilled = console.hiding(prefilled) == prefilled ? prefilled : ""
    let up = standard.up
    let reply = try await onTerminal { asker in
      asker.ask(
        shown,
        dot: dot,
        prefilled: prefilled,
        completions: Self.completions(completing),
        up: up
      )
    }
    switch reply {
    case .answer(let text): return text
    case .end: return nil
    case .interrupted: throw .interrupted
    case .item, nil:
      throw .unasked("a question could not be asked: there is no terminal", flags: [])
    }
  }

  func pick(_ list: MenuList) async throws(Failure) -> MenuAnswer {
    var list = list
    list.title = shown(list.title)
    for index in list.items.indices {
      list.items[index].label = shown(list.items[index].label)
    }
    let shown = list
    switch try await onTerminal({ asker in asker.pick(shown) }) {
    case .item(let index): return .item(index)
    case .answer(let text):
      guard let mistake = Self.mistake(in: text) else { return .text(text) }
      note("   \(mistake)")
      return try await pick(list)
    case .end: return .end
    case .interrupted: throw .interrupted
    case nil: return .unavailable
    }
  }

  /// A question as the terminal can show it, without secrets.
  private func shown(_ question: String) -> String {
    let lines = question.split(separator: "\n", omittingEmptySubsequences: false)
    return console.hiding(lines.map { medium.line(String($0)) }.joined(separator: "\n"))
  }

  /// Asks with the line editor; a signal that ends the command ends its question.
  private func onTerminal(
    _ body: @MainActor @Sendable (TerminalQuestion) -> TerminalQuestion.Reply?
  ) async throws(Failure) -> TerminalQuestion.Reply? {
    console.flush()
    progress?.pause()
    defer { progress?.resume() }
    guard !Task.isCancelled else { throw .interrupted }
    guard let terminal else { return nil }
    let mailbox = LineEditorMailbox()
    let asker = TerminalQuestion(settings: terminal, mailbox: mailbox)
    return await withTaskCancellationHandler {
      await body(asker)
    } onCancel: {
      mailbox.interrupt()
    }
  }

  private static func completions(
    _ kind: AnswerCompletion
  ) -> ((String) -> [CompletionAnswer.Candidate])? {
    switch kind {
    case .nothing: nil
    case .files:
      { written in
        FileNames.completions(of: written, in: ".").map {
          CompletionAnswer.Candidate(text: $0, appendsBlank: false)
        }
      }
    case .words(let words):
      { written in
        words.filter { $0.lowercased().hasPrefix(written.lowercased()) }.map {
          CompletionAnswer.Candidate(text: $0, appendsBlank: false)
        }
      }
    }
  }
}
