import DevLakeKit
import ShellLanguage

/// `create --from FILE`: all of a file's connections, or none.
///
/// Every mistake is told at its place before anything is sent, and every connection is tested before
/// the first is saved.
struct BulkCreation {
  let session: Session
  let call: Call
  let given: ArgumentValue

  func run() async throws(Failure) -> CommandResult {
    try refuseFields()
    let file = try await read()
    var drafts: [ConnectionDraft] = []
    var mistakes = file.mistakes
    var names: Set<String> = []
    for row in file.rows {
      let wrong = FieldOptions.mistakes(in: row.call, of: row.plugin)
      mistakes += wrong.map { $0.placed(at: row.call.whole).diagnostic }
      if !wrong.isEmpty { continue }
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

  /// The options that say what a connection is are in the file.
  private func refuseFields() throws(Failure) {
    for option in FieldOptions.all where option.name != "plugin" {
      guard let given = call.option(option.name) else { continue }
      throw .usage(
        "'--from' and '--\(option.name)' cannot be combined",
        at: given,
        help: "add a column '\(option.name)' to the file"
      )
    }
  }

  private func read() async throws(Failure) -> CreationFile {
    let path = session.secretSources().path(given.text)
    let text: String
    do throws(Failure) {
      text = try ScriptFile.read(path, shownAs: given.text, mustBeUTF8: true)
    } catch {
      throw error.placed(at: given)
    }
    let isJSON = given.text.lowercased().hasSuffix(".json")
    let source = SourceText(name: given.text, text: text)
    let file = CreationFile(source, isJSON: isJSON, for: call, in: session)
    // Near the name of a plugin, and perhaps one the server has.
    guard session.inventory.serverPlugins == nil,
      file.mistakes.areAllUnknownPlugins,
      await session.pluginsOfServer() != nil
    else { return file }
    return CreationFile(source, isJSON: isJSON, for: call, in: session)
  }

  private func create(
    _ drafts: [ConnectionDraft],
    _ file: CreationFile
  ) async throws(Failure) -> CommandResult {
    var entries: [ChangeReport.Entry] = []
    var wanted: [ConnectionDraft] = []
    if call.flag("dry-run") {
      var planned: [Change] = []
      var drafts = drafts
      try await fetch(&drafts, file)
      for draft in drafts {
        var draft = draft
        try await draft.resolveSecrets(asks: false)
        planned.append(draft.change(tests: !call.flag("no-test")))
      }
      return DryRun(requests: Change.requests(of: planned)).result
    }
    _ = try await session.connected()
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
    try await fetch(&wanted, file)
    for index in wanted.indices { try await wanted[index].resolveSecrets(asks: true) }
    return try await save(wanted, after: entries)
  }

  /// Follows the references of all connections in parallel, each once; whatever leads nowhere is told
  /// at its place.
  private func fetch(
    _ drafts: inout [ConnectionDraft],
    _ file: CreationFile
  ) async throws(Failure) {
    var places: [(draft: Int, wanted: SecretFetcher.Wanted)] = []
    for index in drafts.indices {
      places += try drafts[index].references().map { (index, $0) }
    }
    let requests = places.map { drafts[$0.draft].request(for: $0.wanted) }
    guard !requests.isEmpty else { return }
    let readsFile = requests.contains(where: \.readsEnvFile)
    let resolver = try session.resolver(for: requests, of: readsFile ? call : nil)
    let outcomes = try await session.find(requests, with: resolver)
    var mistakes: [Diagnostic] = []
    for (place, outcome) in zip(places, outcomes) {
      do throws(Failure) {
        switch outcome {
        case .success(let found): try drafts[place.draft].take(found, for: place.wanted)
        case .failure(let error): throw Failure(error, at: place.wanted.given)
        }
      } catch {
        var diagnostic = error.placed(at: drafts[place.draft].call.whole).diagnostic
        diagnostic.hidden += file.secretSpans
        mistakes.append(diagnostic)
      }
    }
    if let failure = session.failure(mistakes) { throw failure }
  }

  private func save(
    _ drafts: [ConnectionDraft],
    after known: [ChangeReport.Entry]
  ) async throws(Failure) -> CommandResult {
    let planned = drafts.map { $0.change(tests: !call.flag("no-test")) }
    session.warnIfReadable(planned)
    var changes = try await session.changes(for: call) { tested in
      "   🔑 Testing \(tested.count) connections..."
    }
    if call.flag("no-test") { changes.policy.admission = .untested }
    let results = await session.carryOut(planned, by: changes)
    var created: [Session.Remembered] = []
    var entries: [ChangeReport.Entry] = []
    for (draft, result) in zip(drafts, results.results) {
      if result.outcome.isWritten {
        session.keptSecrets?.noteSaved(nil, named: draft.name, of: draft.plugin.id)
      }
      if let connection = result.outcome.connection, result.outcome.isWritten {
        created.append(
          Session.Remembered(
            connection: connection,
            organization: draft.organization ?? "",
            enterprise: draft.enterprise ?? ""
          )
        )
      }
      entries.append(await entry(draft, result.change, result.outcome))
    }
    session.record(created)
    if results.wasInterrupted, results.isUntouched { throw .interrupted }
    let isRefused = results.isUntouched && entries.contains(where: \.action.isFailure)
    return isRefused
      ? refused(entries.filter(\.action.isFailure), of: drafts.count, known)
      : finished(known + entries, results)
  }

  private func entry(
    _ draft: ConnectionDraft,
    _ change: Change,
    _ outcome: ChangeOutcome
  ) async -> ChangeReport.Entry {
    var entry = ChangeReport.Entry(change, outcome)
    let title = "\(draft.plugin.id) \"\(ServerText.line(draft.name))\""
    guard let problem = outcome.problem else {
      guard let key = outcome.connection?.key else { return entry }
      if outcome.test?.outcome == .unverified {
        session.conversation.warn("\(key) was saved unverified")
      }
      entry.lines = ["✅ Created \(key) \"\(ServerText.line(draft.name))\""]
      return entry
    }
    if outcome.state == .skipped {
      entry.message = problem.sentence(about: change)
      entry.lines = ["   not created: \(title)"]
      return entry
    }
    let action = entry.action
    if problem.code == .testFailed, let verdict = problem.verdict {
      entry.fail(
        Failure(
          Diagnostic(code: .testFailed, message: verdict.message, help: verdict.hint),
          exitCode: .failure
        )
      )
      entry.notes = verdict.hint.map { ["   💡 \(draft.name): \($0)"] } ?? []
    } else {
      entry.fail(await draft.failure(problem, of: change))
    }
    entry.action = action
    entry.lines = ["❌ \(title): \(entry.message ?? "")"]
    return entry
  }

  /// One candidate that fails keeps all from being saved.
  private func refused(
    _ failed: [ChangeReport.Entry],
    of count: Int,
    _ known: [ChangeReport.Entry]
  ) -> CommandResult {
    var report = ChangeReport(entries: known + failed)
    report.entries[report.entries.count - 1].notes.append(
      "   nothing was saved: \(failed.count) of \(count) failed; --no-test saves without a test"
    )
    var result = report.result
    result.exitCode = .failure
    return result
  }

  private func finished(
    _ entries: [ChangeReport.Entry],
    _ results: ChangeResults
  ) -> CommandResult {
    var result = ChangeReport(entries: entries, place: session.placeOfChanges).result
    guard results.wasInterrupted else { return result }
    session.conversation.note("   interrupted: the lines above show what was done and what was not")
    result.exitCode = .interrupted
    result.error = Failure.interrupted.diagnostic
    return result
  }
}
