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

  /// - Parameter ellipsis: What is before the further rows of an entry, as the terminal shows it.
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
      session.takeStartupProbe()
      return session.prompt
    }
    editor.completions = { [refresher] line, cursor in
      session.takeStartupProbe()
      refresher.refresh(session)
      let wanted = WantedLists()
      let completer = Completer(session: session, registry: registry, wanted: wanted)
      let answer = completer.answer(line, cursor: cursor)
      guard wanted.keys else { return answer }
      refresher.refreshKeys(session)
      return completer.answer(line, cursor: cursor)
    }
    editor.styles = { line in
      let isOn = session.settings.color.isOn(
        isTerminal: true,
        environment: session.world.environment
      )
      return isOn ? Highlighter(session: session, registry: registry).styles(of: line) : []
    }
    editor.promptStyle = { _ in
      let isOn = session.settings.color.isOn(
        isTerminal: true,
        environment: session.world.environment
      )
      return isOn ? session.promptStyle : nil
    }
    editor.editElsewhere = { Self.edited($0, session, registry) }
    for entry in session.history?.load() ?? [] { editor.remember(entry) }
    complain()
  }

  var mailbox: LineEditorMailbox? { editor.mailbox }

  func next(prompt: String) -> LineRead {
    if hasEntry { session.conversation.typing?.end() }
    hasEntry = false
    editor.prefilled = session.takeProposedLine() ?? ""
    let read = console.whileTyping(posting: editor.mailbox.post) { editor.read(prompt: prompt) }
    // What came with the last key has no line to appear above.
    for message in editor.mailbox.take().messages { console.writeMessage(message + "\n") }
    session.takeStartupProbe()
    refresher.take(into: session)
    switch read {
    case .line(let entry):
      keep(entry)
      // Until the next prompt: any command of it may ask for a secret.
      session.conversation.typing?.begin()
      hasEntry = true
      return .line(Self.meant(by: entry))
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
    // Up walks through the lines of this session and those before it; what others type in the meantime is
    // in the file, and 'history' shows it.
    editor.remember(redacted)
    guard redacted != session.history?.entries.last else { return }
    _ = session.history?.append(redacted)
    complain()
  }

  /// What is run for an entry: psql's words for leaving and for help are ours as well.
  private static func meant(by entry: String) -> String {
    let words = entry.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "\\q" where words.count == 1: return "quit"
    case "\\?": return (["help"] + words.dropFirst()).joined(separator: " ")
    default: return entry
    }
  }

  /// The line as the person's editor leaves it; `nil`: as it was.
  private static func edited(
    _ line: String,
    _ session: Session,
    _ registry: SignatureRegistry
  ) -> String? {
    let redacted = session.redactor.hiding(
      SecretScanner(registry: registry).redacted(line),
      as: SourceText.redacted
    )
    guard redacted == line else {
      session.conversation.note("a line with a secret is not handed to an editor")
      return nil
    }
    let editor = TextEditor(environment: ChildEnvironment(session: session).inherited)
    do throws(TextEditor.Problem) {
      return String(try editor.edit(line, name: "line.lake").trimmingNewlines)
    } catch {
      session.conversation.report(error.failure.diagnostic)
      return nil
    }
  }

  private func complain() {
    if let complaint = session.history?.takeComplaint() { session.conversation.warn(complaint) }
  }
}
