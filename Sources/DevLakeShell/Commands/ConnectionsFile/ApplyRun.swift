import DevLakeKit

/// Does what a plan says: tests every new secret, then changes one connection after the other, in
/// the plan's order, deletions last; what was done and what was not is told however it ends.
struct ApplyRun {
  let plan: FilePlan
  let session: Session
  let call: Call

  var changes: [PlannedChange] { plan.changes }
  private var tests: Bool { !call.flag("no-test") }

  func run() async throws(Failure) -> CommandResult {
    let administrator = try await session.administrator()
    if changes.contains(where: \.body.holdsSecret),
      administrator.client.baseURL.isOpen
    {
      session.warnOnce(
        "\(administrator.client.baseURL) is not encrypted: the secrets can be read on their way"
      )
    }
    var verdicts: [Verdict?] = Array(repeating: nil, count: changes.count)
    if tests {
      verdicts = try await tested(administrator)
      if verdicts.contains(where: { $0?.isFailure == true }) { return rejected(verdicts) }
    }
    var writing = ApplyWriting(
      session: session,
      administrator: administrator,
      secretFile: call.option("secret-file"),
      command: call.signature.name,
      overwrites: call.flag("overwrite")
    )
    var outcomes = try await writing.write(changes, verdicts)
    for (change, outcome) in zip(changes, outcomes) where outcome.isDone {
      for secret in change.desired?.secrets ?? [] where change.body[secret.field.name] != nil {
        plan.secrets.noteUse(of: secret)
      }
    }
    if tests, !Task.isCancelled { await retest(&outcomes, administrator) }
    return result(outcomes)
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

/// The tests before and after.
extension ApplyRun {
  /// Tests what is new, side by side, in the plan's order; nothing is saved.
  private func tested(_ administrator: Administrator) async throws(Failure) -> [Verdict?] {
    let wanted = changes.indices.filter { changes[$0].needsTest }
    if wanted.isEmpty { return Array(repeating: nil, count: changes.count) }
    session.conversation.note("   🔑 Testing \(Self.counted(wanted.count))...")
    let outcomes = await judgements(of: wanted) { await $0.pretest(administrator) }
    var verdicts: [Verdict?] = Array(repeating: nil, count: changes.count)
    for (index, outcome) in zip(wanted, outcomes) {
      switch outcome {
      case .success(let verdict):
        verdicts[index] = verdict
        if verdict.outcome == .unverified, !verdict.isOnlyReported {
          session.conversation.warn("\(changes[index].title): unverified, \(verdict.message)")
        }
      case .failure(let error):
        var failure = Failure(error, doing: changes[index].title)
        failure.diagnostic.message += "; nothing was changed"
        throw failure
      }
    }
    return verdicts
  }

  /// What a test says of those changes, side by side.
  private func judgements(
    of indices: [Int],
    _ test: @escaping @Sendable (PlannedChange) async -> Result<Verdict, APIError>
  ) async -> [Result<Verdict, APIError>] {
    await sideBySide(
      indices.map { changes[$0] },
      atMost: call.integer("parallel") ?? session.settings.parallel,
      showing: session.conversation.progress,
      named: indices.map { changes[$0].title },
      test
    )
  }

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

  /// What is saved must pass, too: DevLake may have stored something else than was tested.
  private func retest(_ outcomes: inout [ApplyOutcome], _ administrator: Administrator) async {
    let wanted = changes.indices.filter { index in
      changes[index].needsTest && changes[index].action != .create && outcomes[index].isDone
    }
    let tests = await judgements(of: wanted) { await $0.retest(administrator) }
    for (index, test) in zip(wanted, tests) {
      switch test {
      case .success(let verdict):
        outcomes[index].test = verdict
        guard verdict.isFailure else { continue }
        let message = "saved, but the saved connection fails its test: \(verdict.message)"
        outcomes[index].message = message
        outcomes[index].state = .failed(
          Failure(
            Diagnostic(
              code: .testFailed,
              message: "\(changes[index].title): \(message)",
              help: verdict.hint
            ),
            exitCode: .failure
          )
        )
      case .failure(let error):
        outcomes[index].message = "saved, but not tested again: \(error.description)"
        session.conversation.warn(
          "\(changes[index].title) was saved, but not tested again: \(error)"
        )
      }
    }
  }

  private static func counted(_ count: Int) -> String {
    count == 1 ? "1 connection" : "\(count) connections"
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
    session.conversation.note("   'apply' again completes what is left")
    let exitCode: ExitCode =
      isInterrupted
      ? .interrupted : done > 0 ? .partial : failures.first?.exitCode ?? .failure
    return CommandResult(
      output,
      exitCode: exitCode,
      error: isInterrupted
        ? Failure.interrupted.diagnostic
        : failures.first?.diagnostic ?? Diagnostic(code: .refused, message: "not all was done")
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
  func dryRun() -> CommandResult {
    var run = DryRun()
    let tested = tests ? changes.filter(\.needsTest) : []
    for change in tested { run.requests.append(change.testRequest) }
    for change in changes where change.action != .unchanged {
      run.requests.append(change.writeRequest)
    }
    for change in tested where change.action != .create {
      run.requests.append(("POST", change.testRequest.path, RequestBody()))
    }
    return run.result
  }
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
