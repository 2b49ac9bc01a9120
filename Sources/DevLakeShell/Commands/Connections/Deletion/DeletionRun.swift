import DevLakeKit

/// Deletes connections, and gathers what became of them in the order in which they were named.
struct DeletionRun {
  let session: Session
  let call: Call
  private(set) var entries: [ChangeReport.Entry] = []
  /// Why no more are tried.
  private(set) var end: Failure?
  /// Those that are left out, with the reason, after the person has agreed to the others.
  ///
  /// `nil`: they are asked about one by one.
  var leftOut: [ConnectionKey: Failure]?

  init(session: Session, call: Call) {
    self.session = session
    self.call = call
  }

  typealias Subject = (target: ConnectionTarget, preview: ImpactReport.Preview)

  /// How long `--wait` waits where no `--timeout` says it.
  private static let standardPatience = Duration.seconds(3600)

  private var patience: Duration? { call.flag("wait") ? patienceOfWaiting : nil }

  private var patienceOfWaiting: Duration {
    session.scope.timeout ?? session.settings.timeout ?? Self.standardPatience
  }

  /// Deletes several at once, after the questions about each.
  mutating func delete(_ subjects: [Subject]) async throws(Failure) {
    if let end {
      entries += subjects.map { untried($0, end) }
      return
    }
    var places: [Int] = []
    var changes: [(change: Change, deletion: Deletion)] = []
    for (target, preview) in subjects {
      switch preview {
      case .broken: entries.append(try await deleteBroken(target))
      case .report(let report):
        if let failure = leftOut?[target.key] {
          entries.append(refused((target, preview), failure))
          continue
        }
        var deletion = Deletion(session: session, call: call, target: target, report: report)
        do throws(Failure) {
          switch try await deletion.decide(isConfirmed: leftOut != nil) {
          case .kept(let entry): entries.append(entry)
          case .change(let change):
            places.append(entries.count)
            changes.append((change, deletion))
            entries.append(ChangeReport.Entry(change, ChangeOutcome.untried))
          }
        } catch {
          guard subjects.count > 1, error.diagnostic.code == .conflict else { throw error }
          entries.append(refused((target, preview), error))
          if let help = error.diagnostic.help { session.conversation.note("   💡 \(help)") }
        }
      }
    }
    guard !changes.isEmpty else { return }
    var runner = try await session.changes(for: call)
    // Each takes the connection out of a list that it reads and writes as a whole.
    if changes.contains(where: { $0.change.steps.count > 1 }) { runner.policy.parallel = 1 }
    runner.policy.pipelinePatience =
      changes.contains { $0.deletion.waits } ? patienceOfWaiting : nil
    let results = await session.carryOut(changes.map(\.change), by: runner)
    // One alone that was not even begun has no account to give.
    if subjects.count == 1, let (change, outcome) = results.results.first,
      let problem = outcome.problem, !outcome.wasBegun, problem.step == nil
    {
      throw session.failure(problem, of: change)
    }
    for (index, result) in results.results.enumerated() {
      let deletion = changes[index].deletion
      entries[places[index]] = await entry(result.change, result.outcome, deletion, runner)
    }
  }

  /// What could not even be asked about.
  mutating func fail(_ subjects: [Subject], _ failure: Failure) {
    for subject in subjects {
      var entry = untried(subject, failure)
      entry.fail(failure)
      entries.append(entry)
    }
    end = failure
  }

  private mutating func entry(
    _ change: Change,
    _ outcome: ChangeOutcome,
    _ deletion: Deletion,
    _ runner: Changes
  ) async -> ChangeReport.Entry {
    let (report, isCascade) = (deletion.report, deletion.isCascade)
    var entry = ChangeReport.Entry(change, outcome)
    entry.name = report.connection.name
    entry.impact = report.json
    if isCascade, outcome.state != .skipped { entry.steps = Deletion.steps(change, outcome) }
    guard let problem = outcome.problem else {
      entry.lines = [
        "✅ Deleted \(change.title) \"\(report.connection.name)\""
          + (isCascade ? " and what depended on it" : "")
      ]
      return entry
    }
    let refusal = DeletionRefusal(
      session: session,
      change: change,
      impact: report.impact,
      administrator: runner.administrator
    )
    var failure = await refusal.failure(problem)
    if outcome.state == .skipped {
      if end == nil, problem.code == .interrupted { end = .interrupted }
      return untried((session.target(report.connection), .report(report)), end ?? failure)
    }
    if isCascade { failure = Deletion.stopped(failure, change, outcome) }
    let action = entry.action
    entry.fail(failure)
    entry.action = action
    if let help = failure.diagnostic.help { session.conversation.note("   💡 \(help)") }
    if [.unreachable, .interrupted, .timeout].contains(failure.exitCode) { end = end ?? failure }
    return entry
  }

  private func refused(_ subject: Subject, _ failure: Failure) -> ChangeReport.Entry {
    var entry = untried(subject, failure)
    entry.fail(failure)
    entry.action = .refused
    return entry
  }

  private func untried(_ subject: Subject, _ end: Failure) -> ChangeReport.Entry {
    // That another connection is kept is no reason.
    let reason = (end.exitCode == .interrupted ? .interrupted : end).diagnostic.message
    var entry = ChangeReport.Entry(
      plugin: subject.target.plugin.id,
      id: subject.target.id,
      name: subject.target.connection?.name ?? "",
      action: .skipped,
      message: "not tried: \(reason)",
      lines: ["\(subject.target.key) was not tried."]
    )
    if case .report(let report) = subject.preview { entry.name = report.connection.name }
    return entry
  }

  /// A row that breaks the list: nothing is known of it but its id.
  private func deleteBroken(_ target: ConnectionTarget) async throws(Failure) -> ChangeReport.Entry
  {
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
    if !call.flag("force"), leftOut == nil {
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
    try await session.deleteBrokenRow(
      target.key,
      target.plugin,
      command: call.signature.name,
      waiting: patience
    )
    let administrator = try await session.administrator()
    // A list that still breaks has another such row.
    let works = (try? await administrator.client.connections(of: target.plugin)) != nil
    let list = "the list of \(target.plugin.id)"
    entry.lines = [
      "✅ Deleted \(target.key)" + (works ? "; \(list) works again" : "")
    ]
    if !works {
      session.conversation.warn("\(list) still fails; 'list \(target.plugin.id)/*' shows why")
    }
    return entry
  }
}
