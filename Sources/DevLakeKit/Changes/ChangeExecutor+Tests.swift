/// The tests before and after.
extension ChangeExecutor {
  func test(_ changes: [Change], _ outcomes: inout [ChangeOutcome]) async {
    guard policy.admission != .untested else { return }
    let wanted = changes.indices.filter { isOpen(outcomes[$0]) && changes[$0].candidate != nil }
    progress.begins(.testing, with: wanted.map { changes[$0] })
    let tested = await concurrently(wanted.map { changes[$0] }, atMost: parallel) { change in
      var outcome = ChangeOutcome()
      if let request = change.testRequest {
        switch await verdict(of: request, change, change.before) {
        case .success(let verdict):
          outcome.test = verdict
          if verdict.isFailure { outcome.fail(.testFailed(verdict)) }
        case .failure(let error): outcome.fail(.untested(error))
        }
      }
      progress.ends(.testing, of: change, outcome)
      return outcome
    }
    for (index, outcome) in zip(wanted, tested) { outcomes[index] = outcome }
  }

  func verdict(
    of request: ChangeRequest,
    _ change: Change,
    _ connection: Connection?
  ) async -> Result<Verdict, APIError> {
    let administrator = administrator
    return await result { () async throws(APIError) in
      try await administrator.verdict(
        of: request,
        change.plugin,
        reading: connection,
        id: request.path.hasSuffix("/connections/\(change.key?.id ?? 0)/test")
          ? change.key?.id : nil
      )
    }
  }

  /// Why nothing at all is written; `nil` when those that are good are.
  func obstacle(to outcomes: [ChangeOutcome]) -> ChangeProblem? {
    if Task.isCancelled { return .interrupted }
    guard policy.admission == .allOrNothing, outcomes.contains(where: { $0.state == .failed })
    else { return nil }
    return .otherFailed
  }

  /// What was saved must pass, too: DevLake may have stored something else than was tested.
  func retest(_ changes: [Change], _ outcomes: inout [ChangeOutcome]) async {
    guard policy.admission != .untested, !Task.isCancelled else { return }
    let wanted = changes.indices.filter { outcomes[$0].isWritten && changes[$0].isTestedAgain }
    progress.begins(.retesting, with: wanted.map { changes[$0] })
    let tested = await concurrently(wanted.map { (changes[$0], outcomes[$0]) }, atMost: parallel) {
      (change, written) in
      var outcome = written
      guard let request = change.retestRequest else { return outcome }
      switch await verdict(of: request, change, outcome.connection) {
      case .success(let verdict):
        outcome.retest = verdict
        if verdict.isFailure {
          outcome.fail(.retestFailed(verdict))
          await journal.note(record(of: change, outcome))
        }
        await verify(change, outcome, verdict.outcome.rawValue)
      case .failure(let error):
        note(.notRetested(error), change, &outcome)
        await verify(change, outcome, "not tested: \(error.description)")
      }
      progress.ends(.retesting, of: change, outcome)
      return outcome
    }
    for (index, outcome) in zip(wanted, tested) { outcomes[index] = outcome }
  }

  /// Keeps how what was saved was verified.
  func verify(_ change: Change, _ outcome: ChangeOutcome, _ after: String) async {
    guard let attempt = outcome.attempt else { return }
    var record = ChangeRecord(
      plugin: change.plugin.id,
      id: outcome.connection?.key.id ?? change.key?.id,
      name: outcome.connection?.name ?? change.name,
      action: change.action.rawValue,
      outcome: .verified
    )
    record.testedBefore = outcome.test?.outcome.rawValue
    record.testedAfter = after
    await journal.verify(record, attempt: attempt)
  }

  func note(_ note: ChangeNote, _ change: Change, _ outcome: inout ChangeOutcome) {
    outcome.notes.append(note)
    progress.notes(note, of: change)
  }
}
