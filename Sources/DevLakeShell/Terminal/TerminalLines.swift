import DevLakeKit

/// The entries a person types at a terminal.
@MainActor
final class TerminalLines: LineSource {
  let name = DiagnosticRenderer.prompt
  let isInteractive = true

  private let editor: LineEditor
  private let session: Session
  private let registry: CommandRegistry

  init(editor: LineEditor, session: Session, registry: CommandRegistry) {
    self.editor = editor
    self.session = session
    self.registry = registry
    editor.isComplete = { text in
      Parser.parse(SourceText(name: DiagnosticRenderer.prompt, text: text)).incompleteness == nil
    }
    editor.continuationPrompts = { text in
      let parsed = Parser.parse(SourceText(name: DiagnosticRenderer.prompt, text: text))
      return [parsed.incompleteness.map { "   \($0.rawValue)… " } ?? "    … "]
    }
    editor.hint = { line in
      Hinter(session: session, registry: registry, history: session.history?.entries ?? [])
        .hint(for: line)
    }
    editor.completions = { line, cursor in
      Completer(session: session, registry: registry).answer(line, cursor: cursor)
    }
    for entry in session.history?.load() ?? [] { editor.remember(entry) }
    complain()
  }

  func next(prompt: String) -> LineRead {
    switch editor.read(prompt: prompt) {
    case .line(let entry):
      keep(entry)
      return .line(entry)
    case .interrupt: return .interrupted
    case .end: return .end
    }
  }

  /// Keeps an entry, secrets redacted; a leading blank keeps it out.
  private func keep(_ entry: String) {
    guard session.settings.keepsHistory, entry.first?.isWhitespace == false else { return }
    let redacted = SecretScanner(registry: registry).redacted(entry)
    guard redacted != session.history?.entries.last else { return editor.remember(redacted) }
    for entry in session.history?.append(redacted) ?? [] { editor.remember(entry) }
    editor.remember(redacted)
    complain()
  }

  private func complain() {
    if let complaint = session.history?.takeComplaint() { session.conversation.warn(complaint) }
  }
}
