import DevLakeKit
import ShellLanguage

/// Gives several connections new secrets: all are tested, side by side, before the first is saved.
///
/// They are saved one after the other, in their order: each change is in the audit log before the
/// next request, and whatever ends the work, it is known how far it came. The tests of what was saved
/// run side by side again.
struct BulkRotation {
  let session: Session
  let call: Call

  func run(_ wishes: [RotationWish]) async throws(Failure) -> CommandResult {
    var candidates = try await candidates(of: wishes)
    if call.flag("dry-run") { return dryRun(candidates) }
    let administrator = try await session.administrator()
    warnIfReadable(administrator)
    await test(&candidates, administrator)
    if let obstacle = obstacle(to: candidates) { return rejected(candidates, obstacle) }
    noteFailures(of: candidates)
    await save(&candidates, administrator)
    await retest(&candidates, administrator)
    return finished(candidates)
  }

  private func candidates(of wishes: [RotationWish]) async throws(Failure) -> [RotationCandidate] {
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
    for index in candidates.indices {
      let candidate = candidates[index]
      switch secrets[index] {
      case .failure(let failure):
        mistakes.append(failure)
        candidates[index].entry.fail(failure)
      case .success(let secret):
        var changes = RequestBody()
        changes[fields[index].name] = .secret(secret)
        if let reason = candidate.plugin.obstacleToReplacing(candidate.connection, with: changes) {
          mistakes.append(
            .conflict("\(candidate.connection.key): \(reason)", at: wishes[index].place)
          )
        }
        candidates[index].changes = changes
        if candidate.connection.holds(secret, in: fields[index]) == true {
          candidates[index].isUnchanged = true
          candidates[index].entry.action = .unchanged
          candidates[index].entry.message = "DevLake has this secret already"
        }
      }
    }
    if !call.flag("partial") { try session.throwAll(mistakes) }
    return candidates
  }

  private func dryRun(_ candidates: [RotationCandidate]) -> CommandResult {
    var run = DryRun()
    let open = candidates.filter(\.isOpen)
    for candidate in open where candidate.plugin.test.isAvailable {
      run.requests.append(("POST", candidate.path + "/test", candidate.changes))
    }
    for candidate in open {
      guard let changes = candidate.changes else { continue }
      let body = candidate.plugin.patchBody(candidate.connection, with: changes)
      run.requests.append(("PATCH", candidate.path, body))
    }
    for candidate in open where candidate.plugin.test.isAvailable {
      run.requests.append(("POST", candidate.path + "/test", RequestBody()))
    }
    return run.result
  }

  private func warnIfReadable(_ administrator: Administrator) {
    guard administrator.client.baseURL.isOpen else { return }
    session.warnOnce(
      "\(administrator.client.baseURL) is not encrypted: the secrets can be read on their way"
    )
  }

  private func test(
    _ candidates: inout [RotationCandidate],
    _ administrator: Administrator
  ) async {
    let indices = candidates.indices.filter { candidates[$0].isOpen }
    guard !indices.isEmpty else { return }
    session.conversation.note(
      "   🔑 Testing \(indices.count) new secret\(indices.count == 1 ? "" : "s")..."
    )
    let outcomes = await judgements(of: indices.map { candidates[$0] }) {
      (candidate) async throws(APIError) in
      try await administrator.test(
        candidate.connection,
        replacing: candidate.changes ?? RequestBody(),
        of: candidate.plugin
      )
    }
    for (index, outcome) in zip(indices, outcomes) { candidates[index].take(outcome) }
  }

  /// What a test says of each, side by side.
  func judgements(
    of candidates: [RotationCandidate],
    _ test: @escaping @Sendable (RotationCandidate) async throws(APIError) -> Verdict
  ) async -> [Result<Verdict, APIError>] {
    await sideBySide(
      candidates,
      atMost: limit,
      showing: session.conversation.progress,
      named: candidates.map(\.connection.key.description)
    ) { candidate in
      do throws(APIError) {
        return .success(try await test(candidate))
      } catch {
        return .failure(error)
      }
    }
  }

  private var limit: Int { call.integer("parallel") ?? session.settings.parallel }

  /// Why nothing at all is saved; `nil` when those that are good are.
  private func obstacle(to candidates: [RotationCandidate]) -> String? {
    if Task.isCancelled { return "interrupted before anything was saved" }
    let failed = candidates.count { $0.entry.action.isFailure }
    guard failed > 0 else { return nil }
    if call.flag("partial"), candidates.contains(where: \.isOpen) { return nil }
    return "not saved, because \(failed == 1 ? "another candidate" : "other candidates") failed"
  }

  private func rejected(_ candidates: [RotationCandidate], _ reason: String) -> CommandResult {
    let failed = candidates.filter { $0.entry.action.isFailure }
    let entries = candidates.map { candidate in
      var candidate = candidate
      let wasCutOff = candidate.entry.failure?.exitCode == .interrupted
      if candidate.isOpen || wasCutOff { candidate.skip(reason) }
      session.audit(candidate.entry, command: call.signature.name)
      return candidate.entry
    }
    var result = RotationReport(entries: entries).result
    // Nothing was done, so nothing is partly done.
    if Task.isCancelled {
      session.conversation.note("   interrupted: nothing was saved")
      result.exitCode = .interrupted
      result.error = Failure.interrupted.diagnostic
      return result
    }
    let message = "nothing was saved: \(failed.count) of \(candidates.count) failed"
    session.conversation.note("   \(message)")
    let failures = failed.compactMap(\.entry.failure)
    let isAway = failures.allSatisfy { $0.exitCode == .unreachable }
    result.exitCode = isAway ? .unreachable : .failure
    result.error = Diagnostic(
      code: isAway ? .unreachable : failures.first?.diagnostic.code ?? .testFailed,
      message: message
    )
    return result
  }

  /// What is not tried because its own candidate failed is in the log before anything is saved.
  private func noteFailures(of candidates: [RotationCandidate]) {
    for candidate in candidates where candidate.entry.action.isFailure {
      session.audit(candidate.entry, command: call.signature.name)
    }
  }
}

extension Failure {
  /// The failure with another place.
  fileprivate func moved(to place: Given) -> Failure {
    var failure = self
    failure.diagnostic.span = place.span
    failure.diagnostic.source = place.source
    return failure.hiding(place)
  }
}
