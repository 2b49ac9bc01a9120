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
  var tests = true
  var isDryRun = false
  let call: Call

  /// Tokens that take the place of others; the masks of those that are kept are saved with them.
  struct Replacement {
    let tokens: TokenReplacement
    /// Which token each of the new ones replaces, in their order.
    let numbers: [Int]
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

  /// The fields a wrong value of which shows in a test.
  static let tested = [
    "endpoint", "proxy", "username", "usesApiToken", "authMethod", "appId", "installationId",
    "organization", "org", "enterprise", "clientId", "cloudId", "accessKeyId", "region", "bucket",
    "reportPrefix", "promptLogBucket", "promptLogPrefix",
  ]

  func run() async throws(Failure) -> CommandResult {
    let effective = connection.effective(changes)
    // Where one of several tokens is replaced, the masks of the others go back.
    let renewed = replacement == nil ? effective : RequestBody()
    if let obstacle = plugin.obstacleToReplacing(connection, with: renewed) {
      throw .conflict("\(connection.key): \(obstacle)", at: call.whole)
    }
    if isDryRun { return dryRun(effective) }
    guard !effective.isEmpty else { return try unchanged() }
    let administrator = try await session.administrator()
    if effective.holdsSecret, administrator.client.baseURL.isOpen {
      session.warnOnce(
        "\(administrator.client.baseURL) is not encrypted: the secret can be read on its way"
      )
    }
    var entry = entry(effective)
    let written: Written
    do throws(Failure) {
      if needsTest(effective) {
        let verdict = try await pretest(effective, administrator)
        entry.test = verdict
        guard !verdict.isFailure else { return rejected(verdict, entry) }
      }
      written = try await save(effective, administrator)
    } catch {
      session.audit(error, of: entry, command: call.signature.name)
      throw error
    }
    session.cache.drop(plugin.id)
    let isRecorded = session.record(
      written.connection,
      organization: organization,
      enterprise: enterprise
    )
    if !isRecorded { entry.changes = connection.differences(effective) }
    session.audit(entry, command: call.signature.name)
    entry.name = written.connection.name
    if action == .updated { entry.lines += ChangeReport.Entry.lines(of: entry.changes) }
    entry.lines.append("   ✅ \(verb) \(connection.key)")
    if needsTest(effective) { try await retest(&entry, written.connection, administrator) }
    if let replacement { account(for: replacement, &entry, written.connection) }
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  private var verb: String { action == .rotated ? "Rotated" : "Updated" }

  private func entry(_ effective: RequestBody) -> ChangeReport.Entry {
    ChangeReport.Entry(
      plugin: plugin.id,
      id: connection.key.id,
      name: connection.name,
      action: action,
      changes: connection.differences(effective) + localChanges
    )
  }

  /// What changes in the state file only.
  private var localChanges: [FieldChange] {
    let before = session.remembered(connection.key)
    var changes: [FieldChange] = []
    for (field, new, old) in [
      ("organization", organization, before?.organization),
      ("enterprise", enterprise, before?.enterprise),
    ] where new != nil && new != old {
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
    var entry = entry(RequestBody())
    if entry.changes.isEmpty {
      entry.action = .unchanged
      entry.lines = ["✅ \(connection.key) \"\(connection.name)\" is so already, nothing changed"]
    } else if let reason = session.noting(
      connection,
      organization: organization,
      enterprise: enterprise
    ) {
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

  private func dryRun(_ effective: RequestBody) -> CommandResult {
    guard !effective.isEmpty else { return DryRun().result }
    let path = "/plugins/\(plugin.id)/connections/\(connection.key.id)"
    let body = plugin.patchBody(connection, with: savedChanges ?? effective)
    var requests: [(method: String, path: String, body: RequestBody?)] = []
    if needsTest(effective) {
      requests.append(("POST", path + "/test", plugin.candidate(in: effective)))
    }
    requests.append(("PATCH", path, body))
    if needsTest(effective) { requests.append(("POST", path + "/test", RequestBody())) }
    return DryRun(requests: requests).result
  }

  private func rejected(_ verdict: Verdict, _ before: ChangeReport.Entry) -> CommandResult {
    var entry = before
    entry.action = .failed
    entry.changes = []
    entry.message = "nothing was saved: \(verdict.message)"
    entry.lines = ["❌ Connection test failed: \(verdict.message)"]
    entry.notes = refusedTokens(verdict) + (verdict.hint.map { ["   💡 \($0)"] } ?? [])
    entry.notes.append("   nothing was saved: \(connection.key) is as it was")
    entry.failure = Failure(
      Diagnostic(
        code: .testFailed,
        message: "\(connection.key): nothing was saved: \(verdict.message)",
        help: verdict.hint
      ),
      exitCode: .failure
    )
    session.audit(entry, command: call.signature.name)
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  /// Saves without testing; for callers that have tested.
  func save(
    _ effective: RequestBody,
    _ administrator: Administrator
  ) async throws(Failure) -> Written {
    let current = try await current(effective, administrator)
    do throws(WriteError) {
      let written = try await administrator.change(current, savedChanges ?? effective, of: plugin)
      if written.wasLookedUp {
        session.conversation.warn(
          "DevLake's answer was lost; \(connection.key) was looked up and is changed"
        )
      }
      return written
    } catch {
      throw .unchanged(error, connection.key)
    }
  }

  /// What DevLake has now: a plugin that replaces whole connections must not bring back old values,
  /// and a secret that was tested must not reach what somebody else has made of it since.
  private func current(
    _ effective: RequestBody,
    _ administrator: Administrator
  ) async throws(Failure) -> Connection {
    if case .merge = plugin.patch, !effective.holdsSecret { return connection }
    let now: Connection
    do throws(Failure) {
      now = try await session.connection(session.target(connection))
    } catch {
      var failure = error
      failure.diagnostic.message += "; nothing was saved"
      throw failure
    }
    guard now.updatedAt != connection.updatedAt else { return now }
    let changed = connection.fieldsChanged(in: now)
    if changed.isEmpty, effective.holdsSecret {
      guard call.flag("overwrite"), replacement == nil else {
        throw .secretChangedMeanwhile(connection.key, allowsOverwriting: replacement == nil)
      }
      session.conversation.warn(
        "\(connection.key) was changed by somebody else meanwhile, perhaps its secret; --overwrite "
          + "replaces it"
      )
      if needsTest(effective) { try await testAgain(now, effective, administrator) }
      return now
    }
    let fields = changed.isEmpty ? "" : " (\(changed.joined(separator: ", ")))"
    guard changed.allSatisfy({ isHarmless($0, effective) }) else {
      throw .conflict(
        "\(connection.key) was changed by somebody else meanwhile\(fields); nothing was saved",
        help: "look with 'show \(connection.key)', then do it again"
      )
    }
    session.conversation.warn(
      "\(connection.key) was changed by somebody else meanwhile\(fields); those changes are kept"
    )
    if needsTest(effective) { try await testAgain(now, effective, administrator) }
    return now
  }
}
