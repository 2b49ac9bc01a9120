import DevLakeKit
import ShellLanguage

/// Deletes connections: `delete github/3`.
struct DeleteCommand: Command {
  let signature = Signature(
    name: "delete",
    abstract: "Delete connections, after showing what depends on them",
    discussion: """
      DevLake refuses while a blueprint or scope refers to the connection, or any pipeline runs. \
      --cascade takes it out of the blueprints, deletes its scopes with the data collected for \
      them, then the connection; --wait waits for the pipelines to end, at most --timeout or an \
      hour. Without a terminal --force is needed, and for more than one connection, or --cascade, \
      --expect N as well. A row that breaks DevLake's list (a secret too short for its masking) \
      can be deleted too.
      """,
    arguments: [.selectors],
    options: [
      .plugin, .id, .condition,
      .init(name: "force", kind: .flag, help: "do not ask"),
      .init(
        name: "expect",
        kind: .integer(0...1_000_000),
        placeholder: "N",
        help: "do it only if exactly N connections are selected"
      ),
      .init(
        name: "cascade",
        kind: .flag,
        help: "first out of its blueprints, and its scopes with their data"
      ),
      .init(name: "wait", kind: .flag, help: "wait for running pipelines to end"),
      .parallel, .dryRun,
    ],
    examples: [
      .init(input: "delete --plugin github --id 3", purpose: "asks for the name"),
      .init(input: "delete --plugin github --id 3 --force", purpose: "does not ask (CI)"),
      .init(
        input: "delete github/3 --cascade --dry-run",
        purpose: "what deleting it with its scopes would send"
      ),
    ],
    changes: true,
    isDestructive: true,
    phrases: [
      ["configure", "connection", "delete"], ["configure", "connections", "delete"],
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let lacking = lackingFlags(call, session)
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "delete 3", and: lacking)
    if !lacking.isEmpty { throw unforced(targets.count, call) }
    try checkCount(targets, call, session)
    let prospects = try await ImpactReport.prospects(of: targets, call, in: session)
    if call.flag("dry-run") { return try await dryRun(targets, prospects, call, session) }
    return try await delete(targets, prospects, call, session)
  }

  /// What is missing where nobody can be asked and nothing answers for them.
  private func lackingFlags(_ call: Call, _ session: Session) -> [String] {
    guard !call.flag("dry-run"), !session.conversation.canAsk else { return [] }
    if call.flag("cascade") {
      return (call.flag("force") ? [] : ["--force"])
        + (call.option("expect") == nil ? ["--expect N"] : [])
    }
    return call.flag("force") || session.answersYes ? [] : ["--force"]
  }

  private func unforced(_ count: Int, _ call: Call) -> Failure {
    let needsCount = (count > 1 || call.flag("cascade")) && call.option("expect") == nil
    return .unasked(
      "'delete' asks before it deletes, and there is nobody to ask",
      flags: (call.flag("force") ? [] : ["--force"]) + (needsCount ? ["--expect \(count)"] : [])
    )
  }

  private func checkCount(
    _ targets: [Selection.Target],
    _ call: Call,
    _ session: Session
  ) throws(Failure) {
    if let expected = call.integer("expect") {
      guard expected == targets.count else {
        throw Failure(
          Diagnostic(
            code: .refused,
            message:
              "\(targets.count) connections are selected, not \(expected); nothing was deleted",
            span: call.option("expect")?.span,
            source: call.source
          ),
          exitCode: .unasked
        )
      }
      return
    }
    guard targets.count > 1, !session.conversation.canAsk, !call.flag("dry-run") else { return }
    throw .unasked(
      "\(targets.count) connections are selected",
      flags: ["--expect \(targets.count)"]
    )
  }

  private func dryRun(
    _ targets: [Selection.Target],
    _ prospects: [ImpactReport.Prospect],
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    var run = DryRun()
    for (target, prospect) in zip(targets, prospects) {
      if case .report(let report) = prospect {
        for line in report.lines { session.conversation.note("   " + line) }
        if call.flag("cascade") {
          let cascade = try CascadeSteps(report, of: target.plugin)
          for line in cascade.lines { session.conversation.note("   " + line) }
          run.requests += cascade.requests
          continue
        }
      }
      run.requests.append(("DELETE", target.key.path, nil))
    }
    return run.result
  }

  /// One after the other; what ends the work is told with what was done before.
  private func delete(
    _ targets: [Selection.Target],
    _ prospects: [ImpactReport.Prospect],
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let wait = call.flag("wait") ? PipelineWait(session: session) : nil
    var entries: [ChangeReport.Entry] = []
    var end: Failure?
    for (target, prospect) in zip(targets, prospects) {
      if let end {
        entries.append(untried(target, prospect, end))
        continue
      }
      do throws(Failure) {
        let entry: ChangeReport.Entry
        switch prospect {
        case .report(let report):
          entry = try await Deletion(
            session: session,
            call: call,
            target: target,
            report: report,
            wait: wait
          ).run()
        case .broken: entry = try await deleteBroken(target, wait, call, session)
        }
        entries.append(entry)
        if entry.action.isFailure, let failure = entry.failure {
          if let help = failure.diagnostic.help { session.conversation.note("   💡 \(help)") }
          if [.unreachable, .interrupted, .timeout].contains(failure.exitCode) { end = failure }
        }
      } catch {
        guard targets.count > 1 else { throw error }
        var entry = untried(target, prospect, error)
        entry.fail(error)
        entries.append(entry)
        end = error
      }
    }
    return result(entries, end, session)
  }

  private func result(
    _ entries: [ChangeReport.Entry],
    _ end: Failure?,
    _ session: Session
  ) -> CommandResult {
    var result = ChangeReport(entries: entries, place: session.placeOfChanges).result
    if let end, end.exitCode == .interrupted || entries.count == 1 {
      result.exitCode = end.exitCode
      result.error = end.diagnostic
    }
    return result
  }

  private func untried(
    _ target: Selection.Target,
    _ prospect: ImpactReport.Prospect,
    _ end: Failure
  ) -> ChangeReport.Entry {
    // That another connection is kept is no reason.
    let reason = (end.exitCode == .interrupted ? .interrupted : end).diagnostic.message
    var entry = ChangeReport.Entry(
      plugin: target.plugin.id,
      id: target.id,
      name: target.connection?.name ?? "",
      action: .skipped,
      message: "not tried: \(reason)",
      lines: ["\(target.key) was not tried."]
    )
    if case .report(let report) = prospect { entry.name = report.connection.name }
    return entry
  }

  /// A row that breaks the list: nothing is known of it but its id.
  private func deleteBroken(
    _ target: Selection.Target,
    _ wait: PipelineWait?,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> ChangeReport.Entry {
    session.conversation.warn(Session.explanation(of: target.key))
    for line in await session.knowledge(of: target.key, target.plugin) {
      session.conversation.note("   " + line)
    }
    var entry = ChangeReport.Entry(
      plugin: target.plugin.id,
      id: target.id,
      name: "",
      action: .deleted,
      message: "a row that broke the list"
    )
    if !call.flag("force") {
      guard session.conversation.canAsk else {
        throw .unasked("\(target.key) cannot be shown", flags: ["--force"])
      }
      let answer = try await session.conversation.ask(
        "Delete \(target.key), whose name DevLake cannot show? (yes/no): "
      )
      guard ["y", "yes"].contains(answer?.lowercased() ?? "") else {
        entry.action = .skipped
        entry.message = "not confirmed"
        entry.lines = ["Deletion cancelled, \(target.key) is kept."]
        return entry
      }
    }
    if let wait { try await wait.run(using: target.key) }
    try await session.deleteBrokenRow(target.key, target.plugin, command: call.signature.name)
    let administrator = try await session.administrator()
    // A list that still breaks has another such row.
    let works = (try? await administrator.client.connections(of: target.plugin)) != nil
    let list = "the list of \(target.plugin.id)"
    entry.lines = [
      "✅ Deleted \(target.key)" + (works ? "; \(list) works again" : "")
    ]
    if !works {
      session.conversation.warn("\(list) still breaks; 'list \(target.plugin.id)/*' tells why")
    }
    return entry
  }
}
