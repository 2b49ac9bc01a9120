import DevLakeKit
import ShellLanguage

/// Deletes connections: `delete github/3`.
struct DeleteCommand: Command {
  let signature = Signature(
    name: "delete",
    abstract: "Delete connections after showing what depends on them",
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
      .init(name: "force", kind: .flag, help: "do not ask for confirmation"),
      .init(
        name: "expect",
        kind: .integer(0...1_000_000),
        placeholder: "N",
        help: "proceed only if exactly N connections are selected"
      ),
      .init(
        name: "cascade",
        kind: .flag,
        help: "remove it from its blueprints and delete its scopes with their data first"
      ),
      .init(name: "wait", kind: .flag, help: "wait for running pipelines to end"),
      .parallel, .dryRun,
    ],
    examples: [
      .init(input: "delete --plugin github --id 3", purpose: "asks for the name"),
      .init(input: "delete --plugin github --id 3 --force", purpose: "does not ask (CI)"),
      .init(
        input: "delete github/3 --cascade --dry-run",
        purpose: "the requests that would delete it and its scopes"
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
    let previews = try await ImpactReport.previews(of: targets, call, in: session)
    if call.flag("dry-run") { return try await dryRun(targets, previews, call, session) }
    return try await delete(targets, previews, call, session)
  }

  /// What is missing where nobody can be asked and nothing answers for them.
  private func lackingFlags(_ call: Call, _ session: Session) -> [String] {
    guard !call.flag("dry-run"), !session.conversation.canAsk else { return [] }
    if call.flag("cascade") {
      return (call.flag("force") ? [] : ["--force"])
        + (call.option("expect") == nil ? ["--expect N"] : [])
    }
    return call.flag("force") || session.scope.answersYes ? [] : ["--force"]
  }

  private func unforced(_ count: Int, _ call: Call) -> Failure {
    let needsCount = (count > 1 || call.flag("cascade")) && call.option("expect") == nil
    return .unasked(
      "'delete' needs a confirmation, but there is no terminal to ask on",
      flags: (call.flag("force") ? [] : ["--force"]) + (needsCount ? ["--expect \(count)"] : [])
    )
  }

  private func checkCount(
    _ targets: [ConnectionTarget],
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
    _ targets: [ConnectionTarget],
    _ previews: [ImpactReport.Preview],
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    var changes: [Change] = []
    for (target, preview) in zip(targets, previews) {
      switch preview {
      case .report(let report):
        for line in report.lines { session.conversation.note("   " + line) }
        let deletion = Deletion(session: session, call: call, target: target, report: report)
        let change = try deletion.planned()
        if call.flag("cascade") {
          for line in Deletion.lines(change, report) { session.conversation.note("   " + line) }
        }
        changes.append(change)
      case .broken: changes.append(.deletion(ofBroken: target.key, target.plugin))
      }
    }
    var result = DryRun(requests: Change.requests(of: changes)).result
    // What DevLake would refuse is not a success of the run that will be made.
    guard let refusal = refusal(zip(targets, previews), call) else { return result }
    result.exitCode = .failure
    result.error = refusal.diagnostic
    return result
  }

  /// The first deletion DevLake would refuse as things are now.
  private func refusal(
    _ plans: some Sequence<(ConnectionTarget, ImpactReport.Preview)>,
    _ call: Call
  ) -> Failure? {
    for (target, preview) in plans {
      guard case .report(let report) = preview, !report.blockers(of: call).isEmpty else {
        continue
      }
      return .conflict(
        "\(target.key) would not be deleted: \(report.impact.obstacles)",
        help: "'impact \(target.key)' shows what prevents it"
      )
    }
    return nil
  }

  /// All that a person agrees to with one answer, or that nobody is asked about, at once; what ends the
  /// work is told with what was done before.
  private func delete(
    _ targets: [ConnectionTarget],
    _ previews: [ImpactReport.Preview],
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    var run = DeletionRun(session: session, call: call)
    let pairs = zip(targets, previews).map { (target: $0, preview: $1) }
    let asksOnce = pairs.count > 1 && !call.flag("force") && session.conversation.canAsk
    if asksOnce {
      let question = ManyDeletions(session: session, call: call, subjects: pairs)
      guard let leftOut = try await question.ask() else { return question.kept }
      run.leftOut = leftOut
    }
    for group in asksOnce || call.flag("force") ? [pairs] : pairs.map({ [$0] }) {
      do throws(Failure) {
        try await run.delete(group)
      } catch {
        guard targets.count > 1 else { throw error }
        run.fail(group, error)
      }
    }
    return result(run.entries, run.end, session)
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
}
