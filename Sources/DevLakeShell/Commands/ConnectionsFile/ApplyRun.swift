import DevLakeKit

/// Does what a plan says: tests every new secret, then changes what is to be changed, deletions last;
/// what was done and what was not is told however it ends.
struct ApplyRun {
  let plan: FilePlan
  let session: Session
  let call: Call

  var changes: [PlannedChange] { plan.changes }

  private var tests: Bool { !call.flag("no-test") }

  /// The changes as they are sent.
  private var planned: [Change] {
    changes.map { planned in
      var change = Change(planned, tests: tests, overwritesSecret: call.flag("overwrite"))
      if planned.body.holdsSecret { change.expires = planned.desired?.expires }
      return change
    }
  }

  func run() async throws(Failure) -> CommandResult {
    let planned = planned
    session.warnIfReadable(planned)
    let issued = try IssuedSecrets.file(
      for: planned,
      call.option("secret-file"),
      namesThem: true,
      session
    )
    var changes = try await session.changes(for: call, issued: issued) { tested in
      "   🔑 Testing \(tested.count == 1 ? "1 connection" : "\(tested.count) connections")..."
    }
    if call.flag("partial") { changes.policy.admission = .partial }
    if !tests { changes.policy.admission = .untested }
    changes.policy.stopsAtUnknown = true
    let results = await session.carryOut(planned, by: changes)
    await issued?.rescue(by: session)
    for note in issued?.notes ?? [] { session.conversation.note(note) }
    for (change, outcome) in results.results {
      guard let verdict = outcome.test, verdict.outcome == .unverified, !verdict.isOnlyReported
      else { continue }
      session.conversation.warn("\(title(change)): unverified, \(verdict.message)")
    }
    remember(results)
    plan.rememberEnds(of: plan.keysToKeep)
    if results.isUntouched, let failure = try untouched(results) { return failure }
    return result(results.results.map { outcome($0.change, $0.outcome, issued) })
  }

  private func title(_ change: Change) -> String {
    "\(change.key?.description ?? change.plugin.id) \"\(ServerText.line(change.name))\""
  }

  /// Writes down what is there now, and which secrets served.
  private func remember(_ results: ChangeResults) {
    var there: [Session.Remembered] = []
    for (planned, (change, outcome)) in zip(changes, results.results) where outcome.isWritten {
      for secret in planned.desired?.secrets ?? [] where planned.body[secret.field.name] != nil {
        plan.secrets.noteUse(of: secret)
      }
      guard let connection = outcome.connection else { continue }
      let isNew = change.action == .create
      there.append(
        Session.Remembered(
          connection: connection,
          organization: planned.desired?.organization ?? (isNew ? "" : nil),
          enterprise: planned.desired?.enterprise ?? (isNew ? "" : nil)
        )
      )
    }
    session.record(there)
  }

  /// What is told where a test kept everything from being written; `nil` where none did.
  private func untouched(_ results: ChangeResults) throws(Failure) -> CommandResult? {
    let problems = results.results.compactMap(\.outcome.problem)
    if let (change, outcome) = results.results.first(where: {
      $0.outcome.problem?.code == .untested
    }), let error = outcome.problem?.error {
      var failure = Failure(error, doing: title(change))
      failure.diagnostic.message += "; nothing was changed"
      throw failure
    }
    guard problems.contains(where: { $0.code == .testFailed }) else { return nil }
    return rejected(results.results.map(\.outcome.test))
  }

  private func outcome(
    _ change: Change,
    _ outcome: ChangeOutcome,
    _ issued: IssuedSecrets?
  ) -> ApplyOutcome {
    var result = ApplyOutcome(
      state: .unchanged,
      id: outcome.connection?.key.id ?? change.key?.id,
      test: outcome.verdict
    )
    switch outcome.state {
    case .unchanged: break
    case .skipped: result.state = .notDone
    case .done:
      result.state = .done
      if outcome.notes.contains(.wasGone) { result.message = "it was gone already" }
      for case .notRetested(let error) in outcome.notes {
        result.message = "saved, but not tested again: \(error.description)"
      }
      if let failure = issued?.failure(of: outcome.connection?.key) {
        result.state = .failed(failure)
        result.message = failure.diagnostic.message
      }
    case .failed, .unknown:
      guard let problem = outcome.problem else { break }
      let failure = failure(problem, change)
      result.state = .failed(failure)
      result.message =
        problem.code == .retestFailed
        ? problem.sentence(about: change) : failure.diagnostic.message
    }
    return result
  }

  private func failure(_ problem: ChangeProblem, _ change: Change) -> Failure {
    switch problem.code {
    case .changedMeanwhile:
      return .conflict(
        "\(change.title) was changed by someone else since the plan was made; it was not changed",
        help: "run 'plan' again"
      )
    case .retestFailed:
      return Failure(
        Diagnostic(
          code: .testFailed,
          message: "\(title(change)): \(problem.sentence(about: change))",
          help: problem.verdict?.hint
        ),
        exitCode: .failure
      )
    case .write where change.action == .delete:
      guard let failed = problem.writeError else { break }
      var failure = Failure(failed.error, doing: "\(change.title) was not deleted")
      failure.diagnostic.help = "'impact \(change.title)' shows what prevents it"
      if failed.isOpen {
        failure.diagnostic.message =
          failed.effect == .notYet
          ? "\(failed.error.description); \(change.title) is not deleted yet, but may still be"
          : "\(failed.error.description); it is unknown whether \(change.title) was deleted"
        failure.diagnostic.help = "check with 'show \(change.title)'"
        failure.leaveUnknown(failed.effect)
      }
      return failure
    case .write where change.action == .create:
      guard let failed = problem.writeError else { break }
      return .uncreated(
        failed,
        Failure(failed.error, doing: title(change)),
        change.name,
        of: change.plugin,
        at: nil
      )
    default: break
    }
    return session.failure(problem, of: change)
  }

  /// DevLake has everything already.
  var nothingToDo: CommandResult {
    var output = report(of: nothingDone).output
    output.view = .lines([report(of: nothingDone).noChanges])
    return CommandResult(output)
  }

  /// The person did not want it.
  var cancelled: CommandResult {
    var output = report(of: nothingDone).output
    output.view = .lines(["Cancelled, nothing was changed."])
    return CommandResult(output)
  }

  private var nothingDone: [ApplyOutcome] {
    changes.map { change in
      ApplyOutcome(
        state: change.action == .unchanged ? .unchanged : .notDone,
        id: change.connection?.key.id
      )
    }
  }

  func report(of outcomes: [ApplyOutcome]) -> PlanReport {
    PlanReport(changes: changes, outcomes: outcomes)
  }
}

/// A test that failed.
extension ApplyRun {
  /// One candidate that fails keeps all from being saved.
  private func rejected(_ verdicts: [Verdict?]) -> CommandResult {
    var outcomes = nothingDone
    var lines: [String] = []
    var failed = 0
    for index in changes.indices {
      guard let verdict = verdicts[index] else { continue }
      outcomes[index].test = verdict
      lines.append(TestReport.line(verdict, name: changes[index].title + ": "))
      guard verdict.isFailure else { continue }
      failed += 1
      outcomes[index].message = verdict.message
      outcomes[index].state = .failed(
        Failure(
          Diagnostic(code: .testFailed, message: "\(changes[index].title): \(verdict.message)"),
          exitCode: .failure
        )
      )
      if let hint = verdict.hint {
        session.conversation.note("   💡 \(changes[index].title): \(hint)")
      }
    }
    let count = verdicts.count { $0 != nil }
    let message = "nothing was changed: \(failed) of \(count) test\(count == 1 ? "" : "s") failed"
    session.conversation.note("   " + message)
    var output = report(of: outcomes).output
    output.view = .lines(lines)
    return CommandResult(
      output,
      exitCode: .failure,
      error: Diagnostic(code: .testFailed, message: message)
    )
  }
}

/// What is told at the end.
extension ApplyRun {
  private func result(_ outcomes: [ApplyOutcome]) -> CommandResult {
    let report = report(of: outcomes)
    var output = report.output
    output.view = .lines(lines(outcomes))
    let failures = outcomes.compactMap(\.failure)
    let done = zip(changes, outcomes).filter { $0.action != .unchanged && $1.isDone }.count
    let left = outcomes.filter { $0.name == "not-done" }.count
    let isInterrupted = failures.contains { $0.exitCode == .interrupted } || Task.isCancelled
    guard !failures.isEmpty || left > 0 || isInterrupted else { return CommandResult(output) }
    session.conversation.note("   'apply' again completes the rest")
    let exitCode: ExitCode =
      isInterrupted
      ? .interrupted : done > 0 ? .partial : failures.first?.exitCode ?? .failure
    return CommandResult(
      output,
      exitCode: exitCode,
      error: isInterrupted
        ? Failure.interrupted.diagnostic
        : failures.first?.diagnostic
          ?? Diagnostic(code: .refused, message: "not everything was done")
    )
  }

  private func lines(_ outcomes: [ApplyOutcome]) -> [String] {
    var lines: [String] = []
    for (change, outcome) in zip(changes, outcomes) {
      let title =
        outcome.id.map { "\(change.plugin.id)/\($0) \"\(ServerText.line(change.name))\"" }
        ?? change.title
      switch outcome.state {
      case .unchanged: continue
      case .done:
        let message = outcome.message.map { ": \($0)" } ?? ""
        lines.append("✅ \(change.action.done) \(title)\(message)\(session.placeOfChanges)")
      case .failed(let failure): lines.append("❌ \(failure.diagnostic.message)")
      case .notDone: lines.append("   not done: \(change.action.rawValue) \(title)")
      }
    }
    var words: [String] = []
    for action in PlannedChange.Action.allCases where action != .unchanged {
      let count = zip(changes, outcomes).filter { $0.action == action && $1.isDone }.count
      if count > 0 { words.append("\(count) \(action.done.lowercased())") }
    }
    let failed = outcomes.filter(\.isFailure).count
    let left = outcomes.filter { $0.name == "not-done" }.count
    if failed > 0 { words.append("\(failed) failed") }
    if left > 0 { words.append("\(left) not done") }
    return lines + ["Applied: " + (words.isEmpty ? "nothing" : words.joined(separator: ", "))]
  }

  /// Every request that would be sent, in order.
  func dryRun() -> CommandResult { DryRun(requests: Change.requests(of: planned)).result }
}

extension PlannedChange.Action {
  /// What is said of it when it is done: `Created`.
  var done: String {
    switch self {
    case .create: "Created"
    case .update: "Updated"
    case .rotate: "Rotated"
    case .delete: "Deleted"
    case .unchanged: "Unchanged"
    }
  }
}
