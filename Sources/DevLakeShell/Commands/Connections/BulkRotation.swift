import DevLakeKit

/// Gives several connections one new secret: all are tested, side by side, before the first is saved.
struct BulkRotation {
  let session: Session
  let call: Call

  private struct Candidate: Sendable {
    let plugin: PluginDescriptor
    let connection: Connection
    let changes: RequestBody
  }

  func run(_ targets: [Selection.Target], _ token: Given) async throws(Failure) -> CommandResult {
    var candidates: [Candidate] = []
    var secrets: [String: Secret] = [:]
    for target in targets {
      let connection = try await session.connection(target, at: call.place(of: target))
      let field = try RotateCommand.secretField(of: connection, target.plugin, call)
      let kind = "\(field.mask.map { "\($0)" } ?? "")"
      let secret: Secret
      if let known = secrets[kind] {
        secret = known
      } else {
        secret = try await SecretFetcher(session: session, call: call, plugin: target.plugin)
          .secret(for: field, token: token, question: "Token for all: ")
        secrets[kind] = secret
      }
      var changes = RequestBody()
      changes[field.name] = .secret(secret)
      candidates.append(
        Candidate(plugin: target.plugin, connection: connection, changes: changes)
      )
    }
    if call.flag("dry-run") { return dryRun(candidates) }
    let administrator = try await session.administrator()
    session.conversation.note("   🔑 Testing the new secret for \(candidates.count) connections...")
    let verdicts = try await tested(candidates, administrator)
    let failed = verdicts.filter(\.isFailure).count
    if failed > 0 { return rejected(candidates, verdicts, failed) }
    return try await save(candidates, verdicts, administrator)
  }

  private func dryRun(_ candidates: [Candidate]) -> CommandResult {
    var run = DryRun()
    for candidate in candidates {
      let path = "/plugins/\(candidate.plugin.id)/connections/\(candidate.connection.key.id)"
      run.requests.append(("POST", path + "/test", candidate.changes))
    }
    for candidate in candidates {
      let path = "/plugins/\(candidate.plugin.id)/connections/\(candidate.connection.key.id)"
      let body = candidate.plugin.patchBody(candidate.connection, with: candidate.changes)
      run.requests.append(("PATCH", path, body))
    }
    return run.result
  }

  private func tested(
    _ candidates: [Candidate],
    _ administrator: Administrator
  ) async throws(Failure) -> [Verdict] {
    let limit = call.integer("parallel") ?? session.settings.parallel
    let outcomes = await sideBySide(
      candidates,
      atMost: limit,
      showing: session.conversation.progress,
      named: candidates.map(\.connection.key.description)
    ) { candidate in
      do throws(APIError) {
        return Result<Verdict, APIError>.success(
          try await administrator.test(
            candidate.connection,
            replacing: candidate.changes,
            of: candidate.plugin
          )
        )
      } catch {
        return .failure(error)
      }
    }
    var verdicts: [Verdict] = []
    for outcome in outcomes {
      switch outcome {
      case .success(let verdict): verdicts.append(verdict)
      case .failure(let error): throw Failure(error)
      }
    }
    return verdicts
  }

  private func rejected(
    _ candidates: [Candidate],
    _ verdicts: [Verdict],
    _ failed: Int
  ) -> CommandResult {
    var entries: [ChangeReport.Entry] = []
    for (candidate, verdict) in zip(candidates, verdicts) {
      var entry = entry(candidate, verdict.isFailure ? .failed : .skipped)
      entry.test = verdict
      entry.message =
        verdict.isFailure ? verdict.message : "not saved, because another candidate failed"
      entry.lines = [
        TestReport.line(
          verdict,
          name: "\(candidate.connection.key) \"\(candidate.connection.name)\": "
        )
      ]
      entries.append(entry)
    }
    session.conversation.note(
      "   nothing was saved: \(failed) of \(candidates.count) did not accept the new secret"
    )
    var result = ChangeReport(entries: entries).result
    // Nothing was done, so nothing is partly done.
    result.exitCode = .failure
    result.error = Diagnostic(
      code: .testFailed,
      message: "nothing was saved: \(failed) of \(candidates.count) tests failed"
    )
    return result
  }

  private func save(
    _ candidates: [Candidate],
    _ verdicts: [Verdict],
    _ administrator: Administrator
  ) async throws(Failure) -> CommandResult {
    var entries: [ChangeReport.Entry] = []
    for (candidate, verdict) in zip(candidates, verdicts) {
      var entry = entry(candidate, .rotated)
      entry.test = verdict
      entry.changes = candidate.connection.differences(candidate.changes)
      do throws(Failure) {
        let change = ConnectionChange(
          session: session,
          plugin: candidate.plugin,
          connection: candidate.connection,
          changes: candidate.changes,
          action: .rotated,
          call: call
        )
        let written = try await change.save(candidate.changes, administrator)
        session.audit(entry, command: call.signature.name)
        session.record(written.connection, organization: nil, enterprise: nil)
        entry.lines = ["   ✅ Rotated \(candidate.connection.key)"]
      } catch {
        entry.action = .failed
        entry.changes = []
        entry.message = error.diagnostic.message
        entry.failure = error
        entry.lines = ["   ❌ \(error.diagnostic.message)"]
      }
      session.cache.drop(candidate.plugin.id)
      entries.append(entry)
    }
    return ChangeReport(entries: entries).result
  }

  private func entry(_ candidate: Candidate, _ action: ChangeReport.Action) -> ChangeReport.Entry {
    ChangeReport.Entry(
      plugin: candidate.plugin.id,
      id: candidate.connection.key.id,
      name: candidate.connection.name,
      action: action
    )
  }
}
