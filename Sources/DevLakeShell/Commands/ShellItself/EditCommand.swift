import DevLakeKit
import ShellLanguage

/// Changes a line or connections in the person's editor: `edit`, `edit github/1`.
struct EditCommand: Command {
  let signature = Signature(
    name: "edit",
    abstract: "Change the last line, or connections, in your editor",
    discussion: """
      Without a selector the last line opens in $VISUAL or $EDITOR, and comes back to the prompt, \
      where Enter runs it; Ctrl-X Ctrl-E does the same with the line being typed. With one the \
      connections open as YAML, as 'export' writes them; what you save is planned, shown and applied \
      as by 'apply'. Secrets are not in it. The file stands in a folder only you can read, which is \
      removed afterwards.
      """,
    arguments: [.selectors],
    options: [.plugin],
    examples: [
      .init(input: "edit", purpose: "the last line"),
      .init(input: "edit github/1", purpose: "one connection, as YAML"),
    ],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard session.conversation.canAsk else {
      throw .unasked("'edit' needs a person at a terminal", flags: [])
    }
    let editor = TextEditor(environment: ChildEnvironment(session: session).inherited)
    let isAboutLines = call.all(argument: "SEL").isEmpty && call.option("plugin") == nil
    if isAboutLines { return try await editLine(with: editor, call, session) }
    return try await editConnections(with: editor, call, session)
  }

  private func editLine(
    with editor: TextEditor,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    // The last one is this command.
    let entries = session.history?.entries ?? []
    let last = entries.last { $0 != call.source.text } ?? ""
    guard !last.contains(SourceText.redacted) else {
      throw .invalid(
        "the last line held a secret, which is not handed to an editor",
        at: call.whole,
        help: "type it again, with env:NAME or file:PATH in the secret's place"
      )
    }
    let text = try await session.conversation.lendTerminal { () throws(Failure) in
      do throws(TextEditor.Problem) {
        return try editor.edit(last, name: "line.lake")
      } catch {
        throw error.failure
      }
    }
    session.propose(String(text.trimmingNewlines))
    return .nothing
  }

  private func editConnections(
    with editor: TextEditor,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    try await session.permitWrite("'edit'")
    let connections = try await Selection(session: session, call: call)
      .targets(needsDetails: true).compactMap(\.connection)
    guard !connections.isEmpty else { throw .notFound("no connection is selected", at: call.whole) }
    var text = YAML.write(try Self.document(of: connections, session))
    while true {
      let before = text
      let result: CommandResult?
      do throws(Failure) {
        let conversation = session.conversation
        result = try await editor.edit(
          before,
          name: "connections.yaml",
          lending: conversation
        ) { (edited, path) async throws(Failure) -> CommandResult? in
          text = edited
          guard edited != before else { return nil }
          let apply = Self.apply(path)
          try await session.permit(apply)
          return try await ApplyCommand().run(apply, in: session)
        }
      } catch {
        // What was written is not lost with a mistake in it.
        guard error.exitCode == .usage else { throw error }
        session.conversation.report(error.diagnostic)
        let answer = try await session.conversation.ask("Edit it again? (yes/no): ")
        guard ["y", "yes", ""].contains(answer?.lowercased() ?? "no") else { throw error }
        continue
      }
      guard let result else {
        session.conversation.note("   nothing was changed")
        return .nothing
      }
      return result
    }
  }

  /// The connections as `export` writes them; what is renamed is told by the former name.
  private static func document(
    of connections: [Connection],
    _ session: Session
  ) throws(Failure) -> JSONValue {
    var document = try ExportCommand.export(connections, session).document
    let entries = (document["connections"]?.array ?? []).map { entry -> JSONValue in
      guard var members = entry.object, let name = entry["name"] else { return entry }
      members["renamedFrom"] = name
      return .object(members)
    }
    guard var members = document.object else { return document }
    members["connections"] = .array(entries)
    document = .object(members)
    return document
  }

  private static func apply(_ path: String) -> Call {
    let source = SourceText(name: DiagnosticRenderer.prompt, text: "apply " + path)
    let name = SourceSpan(lower: 0, upper: 5)
    let span = SourceSpan(lower: 0, upper: source.text.utf8.count)
    var call = Call(signature: ApplyCommand().signature, source: source, span: span, nameSpan: name)
    call.add(
      argument: "FILE",
      ArgumentValue(
        value: .text(path),
        span: SourceSpan(lower: 6, upper: span.upper),
        source: source
      )
    )
    return call
  }
}

extension String {
  /// Without the line ends that editors put behind a text.
  var trimmingNewlines: Substring {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}
