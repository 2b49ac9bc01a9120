import DevLakeKit
import ShellLanguage

/// Gives several connections new secrets: all are tested, in parallel, before the first is saved.
///
/// Whatever ends the work, the table tells how far it came, in the order in which they were named.
struct BulkRotation {
  let session: Session
  let call: Call
  /// What changes besides the secrets: `update --from`.
  var extras: [ConnectionKey: RequestBody] = [:]

  func run(_ wishes: [RotationRequest]) async throws(Failure) -> CommandResult {
    let choice = try choice(of: wishes)
    if choice.due.isEmpty, call.option("older-than") != nil || !choice.done.isEmpty {
      if call.flag("resume"), !call.flag("dry-run") {
        session.forgetRotations(session.rotationsCutOff)
      }
      return choice.nothingDue
    }
    return choice.added(to: try await rotate(choice.due))
  }

  /// Those that are old enough, and those of which nobody knows; nothing is fetched for the others.
  private func choice(of wishes: [RotationRequest]) throws(Failure) -> RotationChoice {
    let age = SecretAge(call)
    let done = call.flag("resume") ? try connectionsDone() : []
    guard age != nil || !done.isEmpty else { return RotationChoice(due: wishes) }
    var choice = RotationChoice(due: [], age: age)
    for wish in wishes {
      guard let connection = wish.target.connection else { continue }
      if done.contains(connection.key) {
        choice.done.append(connection)
        continue
      }
      guard let age else {
        choice.due.append(wish)
        continue
      }
      switch age.judge(session.life(of: connection), at: session.world.now()) {
      case .due: choice.due.append(wish)
      case .young: choice.young += 1
      case .unknown: choice.unknown.append(connection)
      }
    }
    return choice
  }

  /// What a rotation had done when it was cut off.
  private func connectionsDone() throws(Failure) -> Set<ConnectionKey> {
    let runs = session.rotationsCutOff
    guard !runs.isEmpty else {
      throw .conflict(
        "no rotation of this DevLake was cut off, so there is none to go on with",
        at: call.option("resume"),
        help: "leave out --resume to rotate all of them"
      )
    }
    return try session.connectionsRotated(in: runs)
  }

  private func rotate(_ wishes: [RotationRequest]) async throws(Failure) -> CommandResult {
    let expires = try call.expires(in: session)
    var candidates = try await candidates(of: wishes)
    for (index, wish) in zip(candidates.indices, wishes) {
      candidates[index].expires = wish.expires ?? expires
    }
    let open = candidates.indices.filter { candidates[$0].isOpen }
    let planned = open.compactMap {
      candidates[$0].change(call.flag("overwrite"), extras.isEmpty ? .rotate : .update)
    }
    if call.flag("dry-run") { return DryRun(requests: Change.requests(of: planned)).result }
    session.warnIfReadable(planned)
    session.remember(
      candidates.compactMap { candidate in
        candidate.isUnchanged ? candidate.expires.map { (candidate.connection, $0) } : nil
      }
    )
    var changes = try await session.changes(for: call) { tested in
      "   🔑 Testing \(tested.count) new secret\(tested.count == 1 ? "" : "s")..."
    }
    if call.flag("partial") { changes.policy.admission = .partial }
    for candidate in candidates where !candidate.isOpen {
      await changes.journal.note(candidate.record)
    }
    let earlier = session.rotationsCutOff
    let mark = session.markRotation(changes.journal)
    let results = await session.carryOut(planned, by: changes)
    let deep = try await DeepRetest(session: session, call: call).verdicts(of: results)
    for (index, ((change, outcome), verdict)) in zip(open, zip(results.results, deep)) {
      candidates[index].take(change, outcome, session)
      if let verdict { candidates[index].entry.take(deep: verdict) }
      if outcome.isWritten { session.keptSecrets?.noteSaved(change.key) }
    }
    let failures = await FollowUp(session: session, call: call)
      .run(after: results.results, changes.journal)
    session.record(
      results.results.compactMap { _, outcome in
        outcome.isWritten
          ? outcome.connection.map { Session.Remembered(connection: $0) } : nil
      }
    )
    let isCutOff =
      results.wasInterrupted || candidates.contains { $0.entry.action == .unknown }
    if !isCutOff { mark?.end() }
    // What was cut off before is gone on with, or another one has taken its place.
    if !isCutOff || !call.flag("resume") { session.forgetRotations(earlier) }
    let isFailed = candidates.contains { $0.entry.action.isFailure }
    guard !results.isUntouched || !(isFailed || results.wasInterrupted) else {
      return rejected(candidates, results)
    }
    var result = finished(candidates, results)
    result.add(failures)
    return result
  }

  private func candidates(of wishes: [RotationRequest]) async throws(Failure) -> [RotationCandidate]
  {
    var candidates: [RotationCandidate] = []
    var fields: [PluginField] = []
    var mistakes: [Failure] = []
    for wish in wishes {
      guard let connection = wish.target.connection else { continue }
      candidates.append(RotationCandidate(wish.target.plugin, connection))
      do throws(Failure) {
        let field = try RotateCommand.secretField(of: connection, wish.target.plugin, call)
        fields.append(field)
      } catch {
        mistakes.append(wish.isFromFile ? error.moved(to: wish.place) : error)
      }
    }
    try session.throwAll(mistakes)
    let secrets = try await RotationSecrets(session: session, call: call).fetch(wishes, for: fields)
    var made: [KeptSecrets.Made] = []
    for (index, secret) in secrets.enumerated() {
      guard case .success(let secret) = secret, wishes[index].makesSecret(call) else { continue }
      let candidate = candidates[index]
      made.append((candidate.connection, candidate.plugin, fields[index], secret))
    }
    try session.keptSecrets?.hold(made)
    for index in candidates.indices {
      let candidate = candidates[index]
      switch secrets[index] {
      case .failure(let failure):
        mistakes.append(failure)
        candidates[index].entry.fail(failure)
      case .success(let secret):
        let extra = extras[candidate.connection.key]
        var changes = extra ?? RequestBody()
        changes[fields[index].name] = .secret(secret)
        if let reason = candidate.plugin.obstacleToReplacing(candidate.connection, with: changes) {
          mistakes.append(
            .obstacle(reason, to: candidate.connection.key, at: wishes[index].place)
          )
        }
        candidates[index].changes = changes
        if extra == nil, candidate.connection.holds(secret, in: fields[index]) == true {
          candidates[index].isUnchanged = true
          candidates[index].entry.action = .unchanged
          candidates[index].entry.message = "DevLake has this secret already"
        }
      }
    }
    if !call.flag("partial") { try session.throwAll(mistakes) }
    return candidates
  }

  /// Nothing at all was saved.
  private func rejected(
    _ candidates: [RotationCandidate],
    _ results: ChangeResults
  ) -> CommandResult {
    let failed = candidates.filter { $0.entry.action.isFailure && !$0.wasCutOff }
    let reason =
      results.wasInterrupted
      ? "interrupted before anything was saved"
      : "not saved, because \(failed.count == 1 ? "another candidate" : "other candidates") failed"
    let entries = candidates.map { candidate in
      var candidate = candidate
      if candidate.entry.action == .skipped || candidate.wasCutOff { candidate.skip(reason) }
      return candidate.entry
    }
    var result = RotationReport(entries: entries).result
    // Nothing was done, so nothing is partly done.
    if results.wasInterrupted {
      session.conversation.note("   interrupted: nothing was saved")
      result.exitCode = .interrupted
      result.error = Failure.interrupted.diagnostic
      return result
    }
    let message = "nothing was saved: \(failed.count) of \(candidates.count) failed"
    session.conversation.note("   \(message)")
    let failures = failed.map(\.entry).compactMap(\.failure)
    let isAway = failures.allSatisfy { $0.exitCode == .unreachable }
    result.exitCode = isAway ? .unreachable : .failure
    result.error = Diagnostic(
      code: isAway ? .unreachable : failures.first?.diagnostic.code ?? .testFailed,
      message: message
    )
    return result
  }

  private func finished(
    _ candidates: [RotationCandidate],
    _ results: ChangeResults
  ) -> CommandResult {
    var result = RotationReport(entries: candidates.map(\.entry)).result
    guard results.wasInterrupted else { return result }
    session.conversation.note("   interrupted: the table shows what was done and what was not")
    if extras.isEmpty {
      result.notes.append("   💡 the same command with --resume leaves out what was done")
    }
    result.exitCode = .interrupted
    result.error = Failure.interrupted.diagnostic
    return result
  }
}

extension Failure {
  /// The failure with another place.
  fileprivate func moved(to place: ArgumentValue) -> Failure {
    var failure = self
    failure.diagnostic.span = place.span
    failure.diagnostic.source = place.source
    return failure.hiding(place)
  }
}
