import DevLakeKit
import ShellLanguage

/// `create --from FILE`: all of a file's connections, or none.
///
/// Every mistake is told at its place before anything is sent, and every connection is tested before
/// the first is saved.
struct BulkCreation {
  let session: Session
  let call: Call
  let given: Given

  func run() async throws(Failure) -> CommandResult {
    try refuseFields()
    let file = try read()
    var drafts: [ConnectionDraft] = []
    var mistakes = file.mistakes
    var names: Set<String> = []
    for row in file.rows {
      do throws(Failure) {
        let draft = try await ConnectionDraft(row.call, row.plugin, session)
        try draft.requireEverything()
        if !names.insert("\(row.plugin.id)/\(draft.name)").inserted {
          throw .conflict(
            "the file has two \(row.plugin.displayName) connections of this name",
            at: row.call.option("name") ?? row.call.whole
          )
        }
        drafts.append(draft)
      } catch {
        var diagnostic = error.placed(at: row.call.whole).diagnostic
        diagnostic.hidden += file.secretSpans
        mistakes.append(diagnostic)
      }
    }
    if let failure = session.failure(mistakes) { throw failure }
    return try await create(drafts, file)
  }

  /// The options that say what a connection is stand in the file.
  private func refuseFields() throws(Failure) {
    for option in FieldOptions.all where option.name != "plugin" {
      guard let given = call.option(option.name) else { continue }
      throw .usage(
        "'--from' and '--\(option.name)' do not go together",
        at: given,
        help: "add a column '\(option.name)' to the file"
      )
    }
  }

  private func read() throws(Failure) -> CreationFile {
    let path = session.secretSources().path(given.text)
    let text: String
    do throws(Failure) {
      text = try ScriptFile.read(path, shownAs: given.text, mustBeUTF8: true)
    } catch {
      throw error.placed(at: given)
    }
    let isJSON = given.text.lowercased().hasSuffix(".json")
    let source = SourceText(name: given.text, text: text)
    return CreationFile(source, isJSON: isJSON, for: call, in: session)
  }

  private func create(
    _ drafts: [ConnectionDraft],
    _ file: CreationFile
  ) async throws(Failure) -> CommandResult {
    var entries: [ChangeReport.Entry] = []
    var wanted: [ConnectionDraft] = []
    if call.flag("dry-run") {
      var requests: [(method: String, path: String, body: RequestBody?)] = []
      for draft in drafts {
        var draft = draft
        try await draft.resolveSecrets(asks: false)
        requests += draft.requests(tests: !call.flag("no-test"))
      }
      return DryRun(requests: requests).result
    }
    let instance = try await session.connected()
    var taken: [Diagnostic] = []
    for draft in drafts {
      draft.warn()
      if let existing = try await draft.existing() {
        if call.flag("if-not-exists") {
          entries.append(draft.skipped(existing))
        } else {
          var diagnostic = draft.nameTaken(by: existing).diagnostic
          diagnostic.hidden += file.secretSpans
          taken.append(diagnostic)
        }
      } else {
        wanted.append(draft)
      }
    }
    if var failure = session.failure(taken) {
      failure.exitCode = .failure
      throw failure
    }
    for index in wanted.indices { try await wanted[index].resolveSecrets(asks: true) }
    if instance.url.isOpen, !wanted.isEmpty {
      session.warnOnce("\(instance.url) is not encrypted: the secrets can be read on their way")
    }
    return try await save(wanted, after: entries)
  }

  /// What the test of one connection needs, without the session.
  private struct Candidate: Sendable {
    let body: RequestBody
    let plugin: PluginDescriptor
  }

  private func save(
    _ drafts: [ConnectionDraft],
    after known: [ChangeReport.Entry]
  ) async throws(Failure) -> CommandResult {
    var entries = known
    let administrator = try await session.administrator()
    var verdicts: [Verdict?] = drafts.map { _ in nil }
    if !call.flag("no-test"), !drafts.isEmpty {
      session.conversation.note("   🔑 Testing \(drafts.count) connections...")
      let outcomes = await sideBySide(
        drafts.map { Candidate(body: $0.testBody, plugin: $0.plugin) },
        atMost: call.integer("parallel") ?? session.settings.parallel,
        showing: session.conversation.progress,
        named: drafts.map(\.name)
      ) { await Self.tested($0, administrator) }
      if Task.isCancelled { throw .interrupted }
      let failed = zip(drafts, outcomes).compactMap { draft, outcome in
        Self.failure(draft, outcome)
      }
      guard failed.isEmpty else { return refused(drafts, failed, known) }
      verdicts = outcomes.map { try? $0.get() }.map { $0 ?? nil }  // none has failed
    }
    for (draft, verdict) in zip(drafts, verdicts) {
      if Task.isCancelled { throw .interrupted }
      var entry = draft.entry
      entry.test = verdict
      do throws(Failure) {
        let written = try await draft.save(administrator)
        session.record(
          written.connection,
          organization: draft.organization ?? "",
          enterprise: draft.enterprise ?? ""
        )
        entry.id = written.connection.key.id
        if verdict?.outcome == .unverified {
          session.conversation.warn("\(written.connection.key) is saved unverified")
        }
        entry.lines = [
          "✅ Created \(written.connection.key) \"\(ServerText.line(draft.name))\""
        ]
      } catch {
        if error.exitCode == .interrupted { throw error }
        entry.fail(error)
      }
      session.cache.drop(draft.plugin.id)
      entries.append(entry)
    }
    return ChangeReport(entries: entries).result
  }

  private static func tested(
    _ candidate: Candidate,
    _ administrator: Administrator
  ) async -> Result<Verdict?, APIError> {
    guard candidate.plugin.test.isAvailable else { return .success(nil) }
    do throws(APIError) {
      return .success(try await administrator.test(candidate.body, of: candidate.plugin))
    } catch {
      return .failure(error)
    }
  }

  /// Why a connection cannot be saved; `nil`: it can.
  private static func failure(
    _ draft: ConnectionDraft,
    _ outcome: Result<Verdict?, APIError>
  ) -> ChangeReport.Entry? {
    var entry = draft.entry
    switch outcome {
    case .success(let verdict):
      guard let verdict, verdict.isFailure else { return nil }
      entry.test = verdict
      entry.fail(
        Failure(
          Diagnostic(code: .testFailed, message: verdict.message, help: verdict.hint),
          exitCode: .failure
        )
      )
      entry.notes = verdict.hint.map { ["   💡 \(draft.name): \($0)"] } ?? []
    case .failure(let error): entry.fail(draft.refused(error))
    }
    entry.lines = [
      "❌ \(draft.plugin.id) \"\(ServerText.line(draft.name))\": \(entry.message ?? "")"
    ]
    return entry
  }

  /// One candidate that fails keeps all from being saved.
  private func refused(
    _ drafts: [ConnectionDraft],
    _ failed: [ChangeReport.Entry],
    _ known: [ChangeReport.Entry]
  ) -> CommandResult {
    var report = ChangeReport(entries: known + failed)
    for entry in failed { session.audit(entry, command: call.signature.name) }
    report.entries[report.entries.count - 1].notes.append(
      "   nothing was saved: \(failed.count) of \(drafts.count) failed; --no-test saves without a test"
    )
    var result = report.result
    result.exitCode = .failure
    return result
  }
}
