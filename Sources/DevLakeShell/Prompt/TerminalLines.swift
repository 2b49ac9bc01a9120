import DevLakeKit
import LineEditing
import ShellLanguage

/// The entries a person types at a terminal.
@MainActor
final class TerminalLines: LineSource {
  let name = DiagnosticRenderer.prompt
  let isInteractive = true

  private let editor: LineEditor
  private let console: Console
  private let session: Session
  private let registry: SignatureRegistry
  private let refresher = CacheRefresher()
  /// Whether an entry is being run.
  private var hasEntry = false

  /// - Parameter ellipsis: What stands before the further rows of an entry, as the terminal shows it.
  init(
    editor: LineEditor,
    console: Console,
    session: Session,
    registry: SignatureRegistry,
    ellipsis: String = "…"
  ) {
    self.editor = editor
    self.console = console
    self.session = session
    self.registry = registry
    editor.isComplete = { text in
      Parser.parse(SourceText(name: DiagnosticRenderer.prompt, text: text)).incompleteness == nil
    }
    editor.continuationPrompts = { ContinuationPrompts.make(for: $0, ellipsis: ellipsis) }
    editor.hint = { line in
      Hinter(session: session, registry: registry, history: session.history?.entries ?? [])
        .hint(for: line)
    }
    editor.renewedPrompt = {
      session.takeArrival()
      return session.prompt
    }
    editor.completions = { [refresher] line, cursor in
      session.takeArrival()
      refresher.refresh(session)
      return Completer(session: session, registry: registry).answer(line, cursor: cursor)
    }
    for entry in session.history?.load() ?? [] { editor.remember(entry) }
    complain()
  }

  var mailbox: LineEditorMailbox? { editor.mailbox }

  func next(prompt: String) -> LineRead {
    if hasEntry { session.conversation.typing?.end() }
    hasEntry = false
    let read = console.whileTyping(posting: editor.mailbox.post) { editor.read(prompt: prompt) }
    // What came with the last key has no line to appear above.
    for message in editor.mailbox.take().messages { console.writeMessage(message + "\n") }
    session.takeArrival()
    refresher.take(into: session)
    switch read {
    case .line(let entry):
      keep(entry)
      // Until the next prompt: any command of it may ask for a secret.
      session.conversation.typing?.begin()
      hasEntry = true
      return .line(entry)
    case .interrupt: return .interrupted
    case .end: return .end
    }
  }

  /// Keeps an entry, secrets redacted; a leading blank keeps it out.
  private func keep(_ entry: String) {
    guard session.settings.keepsHistory, entry.first?.isWhitespace == false else { return }
    let redacted = session.redactor.hiding(
      SecretScanner(registry: registry).redacted(entry),
      as: SourceText.redacted
    )
    guard redacted != session.history?.entries.last else { return editor.remember(redacted) }
    for entry in session.history?.append(redacted) ?? [] { editor.remember(entry) }
    editor.remember(redacted)
    complain()
  }

  private func complain() {
    if let complaint = session.history?.takeComplaint() { session.conversation.warn(complaint) }
  }
}
