import DevLakeKit

/// What comes after the tests: the new secrets are saved, and tested again as they are stored.
extension BulkRotation {
  func save(
    _ candidates: inout [RotationCandidate],
    _ administrator: Administrator
  ) async {
    let open = candidates.indices.filter { candidates[$0].isOpen }
    session.conversation.progress?.expect(
      open.map { candidates[$0].connection.key.description }
    )
    var end: String?
    for index in candidates.indices {
      if candidates[index].isUnchanged {
        session.audit(candidates[index].entry, command: call.signature.name)
      }
      guard candidates[index].isOpen else { continue }
      if end == nil, Task.isCancelled { end = "not saved: interrupted before" }
      if let end {
        candidates[index].skip(end)
      } else {
        end = await save(&candidates[index], administrator)
      }
      session.audit(candidates[index].entry, command: call.signature.name)
      session.conversation.progress?.finish(candidates[index].connection.key.description)
    }
  }

  /// Saves one.
  ///
  /// - Returns: Why the others are not tried.
  func save(
    _ candidate: inout RotationCandidate,
    _ administrator: Administrator
  ) async -> String? {
    guard let changes = candidate.changes else { return nil }
    let change = ConnectionChange(
      session: session,
      plugin: candidate.plugin,
      connection: candidate.connection,
      changes: changes,
      action: .rotated,
      call: call
    )
    candidate.entry.changes = candidate.connection.differences(changes)
    do throws(Failure) {
      let written = try await change.save(changes, administrator)
      candidate.entry.action = .rotated
      session.cache.drop(candidate.plugin.id)
      session.record(written.connection, organization: nil, enterprise: nil)
      return nil
    } catch {
      candidate.entry.fail(error)
      switch error.exitCode {
      case .interrupted: return "not saved: interrupted before"
      case .unreachable: return "not saved: \(error.diagnostic.message)"
      default: return nil
      }
    }
  }

  /// The saved connections must pass, too: DevLake may have stored something else than was tested.
  func retest(
    _ candidates: inout [RotationCandidate],
    _ administrator: Administrator
  ) async {
    let indices = candidates.indices.filter {
      candidates[$0].entry.action == .rotated && candidates[$0].plugin.test.isAvailable
    }
    let outcomes = await judgements(of: indices.map { candidates[$0] }) {
      (candidate) async throws(APIError) in
      try await administrator.test(
        candidate.connection.key.id,
        of: candidate.plugin,
        endpoint: candidate.connection.endpoint
      )
    }
    for (index, outcome) in zip(indices, outcomes) {
      switch outcome {
      case .success(let verdict): take(verdict, &candidates[index])
      case .failure(let error):
        candidates[index].entry.message = "saved, but not tested again: \(error.description)"
      }
    }
  }

  func take(_ verdict: Verdict, _ candidate: inout RotationCandidate) {
    candidate.entry.test = verdict
    guard verdict.isFailure else { return }
    let changes = candidate.entry.changes
    let message = "saved, but the saved connection fails its test: \(verdict.message)"
    candidate.entry.fail(
      Failure(
        Diagnostic(
          code: .testFailed,
          message: "\(candidate.connection.key): \(message)",
          help: verdict.hint
        ),
        exitCode: .failure
      )
    )
    candidate.entry.changes = changes
    candidate.entry.message = message
    session.audit(candidate.entry, command: call.signature.name)
  }

  func finished(_ candidates: [RotationCandidate]) -> CommandResult {
    var result = RotationReport(entries: candidates.map(\.entry)).result
    guard Task.isCancelled else { return result }
    session.conversation.note("   interrupted: the table tells what was done and what was not")
    result.exitCode = .interrupted
    result.error = Failure.interrupted.diagnostic
    return result
  }
}
