import DevLakeKit

/// Takes back a change the log knows: `undo`, `undo 3`.
struct UndoCommand: Command {
  let signature = Signature(
    name: "undo",
    abstract: "Take back a change of this machine's log",
    discussion: """
      N counts from the last change, 1 unless told; 'audit' shows them. The fields get the values \
      they had before, with the same tests and questions as 'update'; a creation is taken back by a \
      deletion. Nothing is done on another DevLake than the one the change was made on, nor where \
      somebody has changed the connection since. A secret never comes back: no log has it.
      """,
    arguments: [.init(name: "N", kind: .integer(1...100_000), isRequired: false)],
    options: [
      .init(name: "force", kind: .flag, help: "do not ask"),
      .init(name: "no-test", kind: .flag, help: "save without testing first"),
      .dryRun,
    ],
    examples: [
      .init(input: "undo --dry-run", purpose: "what would take back the last change"),
      .init(input: "undo 2 --yes", purpose: "the change before the last one"),
    ],
    changes: true,
    isDestructive: true
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let number = call.argument("N").flatMap { Int($0.text) } ?? 1
    let change = try LoggedChange.last(number, call, session)
    let url = try await session.connected().url.text
    guard change.instance == url else {
      throw .conflict(
        "\(change.title) was made in \(change.instance), and this is \(url); nothing was changed",
        at: call.whole,
        help: "connect there first"
      )
    }
    session.conversation.note("   Undo of \(change.title) by \(change.user) at \(change.time)")
    let target = ConnectionTarget(plugin: session.plugin(change.plugin), id: change.id)
    switch change.action {
    case .create: return try await delete(target, change, call, session)
    case .update: return try await restore(target, change, call, session)
    case .rotate: throw change.impossible("the log holds no secret", call)
    case .delete:
      throw change.impossible("the log holds neither its fields nor its secret", call)
    }
  }

  /// Gives fields the values they had before.
  private func restore(
    _ target: ConnectionTarget,
    _ change: LoggedChange,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let connection = try await connection(target, change, call, session)
    let body = try change.reverse(on: connection, target.plugin, call)
    for field in change.secrets {
      session.conversation.warn("'\(field)' was set, too, and stays: no log has a secret")
    }
    let lines = ChangeReport.Entry.lines(of: connection.differences(body))
    // Unasked they are shown once, with what was done.
    let asks = !session.scope.answersYes && !call.flag("force")
    if asks { for line in lines { session.conversation.note(line) } }
    if asks, !lines.isEmpty, !call.flag("dry-run") {
      guard try await isConfirmed("Undo this in \(target.key)? (yes/no): ", session) else {
        return CommandResult(
          Output(data: .array([]), view: .lines(["Cancelled, nothing was changed."]))
        )
      }
    }
    return try await ConnectionChange(
      session: session,
      plugin: target.plugin,
      connection: connection,
      changes: body,
      action: .updated,
      tests: !call.flag("no-test"),
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  private func isConfirmed(
    _ question: String,
    _ session: Session
  ) async throws(Failure) -> Bool {
    guard session.conversation.canAsk else {
      throw .unasked("'undo' asks before it changes anything", flags: ["--yes"])
    }
    let answer = try await session.conversation.ask(question)
    return ["y", "yes"].contains(answer?.lowercased() ?? "")
  }

  /// Takes back a creation.
  private func delete(
    _ target: ConnectionTarget,
    _ change: LoggedChange,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let connection = try await connection(target, change, call, session)
    try change.checkUntouched(connection, call)
    var target = target
    target.connection = connection
    let previews = try await ImpactReport.previews(of: [target], call, in: session)
    guard let preview = previews.first else { throw .interrupted }
    if call.flag("dry-run") {
      return DryRun(requests: Change.deletion(of: connection, target.plugin).requests).result
    }
    var run = DeletionRun(session: session, call: call)
    try await run.delete([(target, preview)])
    var result = ChangeReport(entries: run.entries, place: session.placeOfChanges).result
    if let end = run.end {
      result.exitCode = end.exitCode
      result.error = end.diagnostic
    }
    return result
  }

  private func connection(
    _ target: ConnectionTarget,
    _ change: LoggedChange,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> Connection {
    let connection = try await session.connection(target, at: call.whole)
    guard connection.name == change.name else {
      throw change.moved("it is named \"\(ServerText.line(connection.name))\" now", call)
    }
    return connection
  }
}
