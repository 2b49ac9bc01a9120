import DevLakeKit

/// Changes one saved connection: tests what is new first, saves, tests again, records.
struct ConnectionChange {
  let session: Session
  let plugin: PluginDescriptor
  let connection: Connection
  let changes: RequestBody
  let action: ChangeReport.Action
  /// Some of several tokens, where those are what changes.
  var replacement: Replacement?
  var organization: String?
  var enterprise: String?
  /// The last day on which the secret is good, where someone has said so.
  var expires: CalendarDay?
  var tests = true
  var isDryRun = false
  let call: Call

  /// Tokens that take the place of others; the masks of those that are kept are saved with them.
  struct Replacement {
    let tokens: TokenReplacement
    /// What each of the new ones is, in their order: `the new token 2`.
    let names: [String]
    let field: PluginField
  }

  /// What is saved where that is more than what is tested.
  private var savedChanges: RequestBody? {
    replacement.map { replacement in
      var body = RequestBody()
      body[replacement.field.name] = .secret(replacement.tokens.saved)
      return body
    }
  }

  func run() async throws(Failure) -> CommandResult {
    let effective = connection.effective(changes)
    // Where one of several tokens is replaced, the masks of the others go back.
    let renewed = replacement == nil ? effective : RequestBody()
    if let obstacle = plugin.obstacleToReplacing(connection, with: renewed) {
      throw .obstacle(obstacle, to: connection.key, at: call.whole)
    }
    var change = Change.update(
      connection,
      of: plugin,
      to: changes,
      action: action == .rotated ? .rotate : .update,
      saving: savedChanges,
      tests: tests,
      overwritesSecret: call.flag("overwrite") && replacement == nil
    )
    if let replacement, replacement.tokens.onlyRetires, let savedChanges {
      change = Change.retirement(of: connection, plugin, saving: savedChanges)
    }
    change.expires = expires
    change.fates = replacement?.tokens.plannedFates
    if isDryRun { return DryRun(requests: change.requests).result }
    guard !change.isEmpty else { return try unchanged() }
    session.warnIfReadable([change])
    let announcement = announcement
    let changes = try await session.changes(for: call) { _ in announcement }
    let results = await session.carryOut([change], by: changes)
    guard let outcome = results.results.first?.outcome else { throw .interrupted }
    let deep = try await DeepRetest(session: session, call: call).verdicts(of: results)
    let failures = await FollowUp(session: session, call: call)
      .run(after: results.results, changes.journal)
    var result = try finished(change, outcome, deep: deep.first ?? nil)
    result.add(failures)
    return result
  }

  private var announcement: String {
    let secret = plugin.fields.first { field in
      if field.isSecret, case .secret? = changes[field.name] { true } else { false }
    }
    let noun = secret.map(plugin.secretNoun(of:)) ?? plugin.secretNoun
    return "   🔑 Testing \(action == .rotated ? "the new \(noun)" : "connection")..."
  }

  /// Remembers what is saved, and tells what became of it.
  private func finished(
    _ change: Change,
    _ outcome: ChangeOutcome,
    deep: Verdict?
  ) throws(Failure) -> CommandResult {
    var entry = ChangeReport.Entry(change, outcome)
    if outcome.isWritten { session.keptSecrets?.noteSaved(connection.key) }
    if outcome.isWritten, let saved = outcome.connection {
      let local = localChanges
      let isRecorded = session.record([
        Session.Remembered(
          connection: saved,
          organization: organization,
          enterprise: enterprise
        )
      ])
      if isRecorded { entry.changes += local }
      entry.name = saved.name
      if action == .updated { entry.lines += ChangeReport.Entry.lines(of: entry.changes) }
      entry.lines.append("   ✅ \(verb) \(connection.key)")
      if let expires {
        if change.setsAnySecret {
          entry.notes.append("   📅 the secret of \(connection.key) ends on \(expires.text)")
        } else {
          rememberEnd(&entry)
        }
      }
      if let verdict = deep ?? outcome.retest, deep != nil || !verdict.isFailure {
        let place = verdict.isFailure ? entry.lines.count : 0
        entry.lines.insert("   " + TestReport.line(verdict), at: place)
        if let hint = verdict.hint { entry.notes.append("   💡 \(hint)") }
      }
      if let deep { entry.take(deep: deep) }
      for case .notRetested(let error) in outcome.notes {
        entry.message = "saved, but not tested again: \(error.description)"
      }
    }
    if let problem = outcome.problem {
      if problem.code == .testFailed, let verdict = problem.verdict {
        return rejected(verdict, entry)
      }
      if problem.code == .retestFailed, let verdict = problem.verdict {
        failRetest(verdict, change, problem, &entry)
      } else if problem.code != .notTaken || replacement == nil {
        throw failure(problem, change)
      }
    }
    if let replacement, let saved = outcome.connection {
      account(for: replacement, &entry, saved, outcome.retest)
    }
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  private func failRetest(
    _ verdict: Verdict,
    _ change: Change,
    _ problem: ChangeProblem,
    _ entry: inout ChangeReport.Entry
  ) {
    entry.message = problem.sentence(about: change)
    entry.lines.append("   " + TestReport.line(verdict))
    entry.failure = session.failure(problem, of: change)
  }

  private func failure(_ problem: ChangeProblem, _ change: Change) -> Failure {
    switch problem.code {
    case .secretMeanwhile:
      return .secretChangedMeanwhile(change.title, allowsOverwriting: replacement == nil)
    case .untested: return session.failure(problem, of: change, at: call.whole)
    default: return session.failure(problem, of: change)
    }
  }

  private var verb: String { action == .rotated ? "Rotated" : "Updated" }

  /// What changes in the state file only.
  private var localChanges: [FieldChange] {
    let before = session.remembered(connection.key)
    var changes: [FieldChange] = []
    for (field, new, old) in [
      ("organization", organization, before?.organization),
      ("enterprise", enterprise, before?.enterprise),
    ] where new.map({ $0 != old ?? "" }) ?? false {
      changes.append(
        FieldChange(
          field: field,
          before: old.map(JSONValue.string) ?? .null,
          after: .string(new ?? "")
        )
      )
    }
    return changes
  }

  private func unchanged() throws(Failure) -> CommandResult {
    var entry = ChangeReport.Entry(
      plugin: plugin.id,
      id: connection.key.id,
      name: connection.name,
      action: action,
      changes: localChanges
    )
    if expires != nil, entry.changes.isEmpty, rememberEnd(&entry) {
      entry.lines = ChangeReport.Entry.lines(of: entry.changes)
      entry.lines.append("   ✅ \(verb) \(connection.key)")
    } else if entry.changes.isEmpty {
      entry.action = .unchanged
      entry.lines = [
        "✅ \(connection.key) \"\(connection.name)\" is already up to date, nothing changed"
      ]
    } else if let reason = session.noting([
      Session.Remembered(
        connection: connection,
        organization: organization,
        enterprise: enterprise
      )
    ]) {
      // There is nothing else that could have been done.
      throw Failure(
        Diagnostic(code: .refused, message: "\(connection.key) was not changed: \(reason)"),
        exitCode: .failure
      )
    } else {
      entry.lines = ChangeReport.Entry.lines(of: entry.changes)
      entry.lines.append("   ✅ \(verb) \(connection.key)")
    }
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  /// Remembers when the secret ends that DevLake has.
  @discardableResult
  private func rememberEnd(_ entry: inout ChangeReport.Entry) -> Bool {
    guard let expires else { return false }
    let before = session.life(of: connection).expires
    guard before != expires, session.remember([(connection, expires)]) else { return false }
    entry.changes.append(
      FieldChange(
        field: "expires",
        before: before.map { .string($0.text) } ?? .null,
        after: .string(expires.text)
      )
    )
    return true
  }

  private func rejected(_ verdict: Verdict, _ before: ChangeReport.Entry) -> CommandResult {
    var entry = before
    entry.action = .failed
    entry.changes = []
    entry.message = "nothing was saved: \(verdict.message)"
    entry.lines = ["❌ Connection test failed: \(verdict.message)"]
    entry.notes = refusedTokens(verdict) + (verdict.hint.map { ["   💡 \($0)"] } ?? [])
    entry.notes.append("   nothing was saved: \(connection.key) is unchanged")
    entry.failure = Failure(
      Diagnostic(
        code: .testFailed,
        message: "\(connection.key): nothing was saved: \(verdict.message)",
        help: verdict.hint
      ),
      exitCode: .failure
    )
    var result = ChangeReport(entries: [entry], place: session.placeOfChanges).result
    result.isUntouched = true
    return result
  }
}
