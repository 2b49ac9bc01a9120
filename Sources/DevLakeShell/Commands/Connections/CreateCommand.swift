import DevLakeKit

/// Creates a connection: `create --plugin github --org my-org`.
struct CreateCommand: Command {
  static let name = "create"

  let signature = Signature(
    name: name,
    abstract: "Create a connection",
    discussion: """
      The credential is looked for in --token, the env file, the environment, and then asked for. \
      It is tested before anything is saved. --from FILE creates all connections of a CSV or JSON \
      file, or none: a column is an option without its hyphens, or a field by DevLake's name; an empty \
      cell is as good as none. All mistakes are told at their places before anything is sent, and all \
      are tested before the first is saved. Secrets stand in it as env:NAME, with --allow-cmd as cmd: \
      and file: too.
      """,
    options: FieldOptions.fixed + [
      .secretField, .envFile, .skipCleanup,
      .init(
        name: "from",
        kind: .file,
        placeholder: "FILE",
        help: "create the connections of a CSV or JSON file"
      ),
      .init(
        name: "allow-cmd",
        kind: .flag,
        help: "follow cmd:, file: and @FILE in the cells of --from"
      ),
      .keep,
      .init(name: "no-test", kind: .flag, help: "save without a test"),
      .init(
        name: "if-not-exists",
        kind: .flag,
        help: "do nothing, successfully, if the name exists"
      ),
      .init(
        name: "secret-file",
        kind: .file,
        placeholder: "FILE",
        help: "new file for a secret that DevLake returns only once (webhook)",
        effect: .makesFile
      ),
      .dryRun,
    ] + FieldOptions.fromCatalogue,
    examples: [
      .init(input: "create --plugin github --org my-org", purpose: "GitHub, token from GITHUB_PAT"),
      .init(
        input: "create --plugin jenkins --endpoint https://jenkins.example.com --username admin",
        purpose: "Jenkins, password from JENKINS_TOKEN"
      ),
      .init(
        input: "create --plugin gh-copilot --org my-org --enterprise my-enterprise",
        purpose: "Copilot metrics of an enterprise"
      ),
    ],
    changes: true,
    phrases: [
      ["configure", "connection"], ["configure", "connections"],
      ["configure", "connection", "create"], ["configure", "connections", "create"],
      ["configure", "connection", "add"], ["configure", "connections", "add"],
    ]
  )

  func mistakes(in call: Call) -> [Failure] {
    FieldOptions.mistakes(in: call, of: FieldOptions.writtenPlugin(of: call))
  }

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    try await KeptSecrets.around(call, session) { () async throws(Failure) in
      try await create(call, session)
    }
  }

  private func create(_ call: Call, _ session: Session) async throws(Failure) -> CommandResult {
    if let file = call.option("from") {
      return try await BulkCreation(session: session, call: call, given: file).run()
    }
    let wizard = CreateWizard(session, call)
    guard session.conversation.canAsk else {
      return try await made(of: call, wizard, session)
    }
    var round = Round(tests: !call.flag("no-test"))
    return try await wizard.answers.lead { () async throws(Failure) in
      while true {
        wizard.answers.begin()
        do throws(Failure) {
          if let result = try await run(call, wizard, &round, session) { return result }
        } catch {
          guard wizard.answers.goesBack else { throw error }
        }
      }
    }
  }

  /// What one time through the questions leaves for the next one.
  private struct Round {
    /// The connection as it was made up last, with its secrets.
    var draft: ConnectionDraft?
    var tests: Bool
    /// Whether the person has seen what will be made, and wants it.
    var isConfirmed = false
  }

  /// Makes it where nobody can be asked.
  private func made(
    of call: Call,
    _ wizard: CreateWizard,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    var draft = try await draft(of: call, wizard, session)
    if let result = try await earlyResult(&draft, session) { return result }
    try await draft.resolveSecrets(asks: true)
    return try await create(draft, tests: !call.flag("no-test"), session)
  }

  private func draft(
    of call: Call,
    _ wizard: CreateWizard,
    _ session: Session
  ) async throws(Failure) -> ConnectionDraft {
    let call = try await wizard.complete(call)
    let plugin = try self.plugin(call, session)
    var draft = try await ConnectionDraft(call, plugin, session)
    draft.asksEverything = wizard.asksEverything
    if session.conversation.canAsk { draft.answers = wizard.answers }
    try draft.requireEverything()
    try requireSecretFile(call, plugin)
    return draft
  }

  /// What comes of it without a secret: a dry run, or a connection that is there already.
  private func earlyResult(
    _ draft: inout ConnectionDraft,
    _ session: Session
  ) async throws(Failure) -> CommandResult? {
    draft.warn()
    let call = draft.call
    if call.flag("dry-run") {
      try await draft.resolveSecrets(asks: false)
      return DryRun(requests: draft.change(tests: !call.flag("no-test")).requests).result
    }
    _ = try await session.connected()
    guard let existing = try await draft.existing() else { return nil }
    guard call.flag("if-not-exists") else { throw draft.nameTaken(by: existing) }
    return ChangeReport(entries: [draft.skipped(existing)]).result
  }

  /// Goes through the questions once; `nil`: they are to be gone through again.
  private func run(
    _ call: Call,
    _ wizard: CreateWizard,
    _ round: inout Round,
    _ session: Session
  ) async throws(Failure) -> CommandResult? {
    var draft = try await draft(of: call, wizard, session)
    if let result = try await earlyResult(&draft, session) { return result }
    draft.takeSecrets(from: round.draft)
    try await draft.resolveSecrets(asks: true)
    round.draft = draft
    let result: CommandResult
    do throws(Failure) {
      if try await wizard.askListed(draft) { return nil }
      if !round.isConfirmed {
        switch try await wizard.confirm(draft) {
        case .goOn: round.isConfirmed = true
        case .leave: return cancelled(draft, session)
        case .answerAgain, .anotherSecret, .saveUntested: return nil
        }
      }
      let tests = round.tests
      result = try await wizard.answers.changing { () async throws(Failure) in
        try await create(draft, tests: tests, session)
      }
      guard result.isUntouched, wizard.answers.areTyped else { return result }
    } catch {
      guard !wizard.answers.goesBack, wizard.answers.areTyped, !error.leavesUnknown,
        ![.interrupted, .unasked].contains(error.exitCode)
      else { throw error }
      var failure = error
      session.conversation.report(failure.diagnostic)
      failure.isReported = true
      guard try await next(wizard, &round, "Nothing was created. What now", canSave: false) else {
        throw failure
      }
      return nil
    }
    if case .lines(let lines) = result.output.view {
      for line in lines + result.notes { session.conversation.note(line) }
    }
    let title = "The test failed, and nothing was saved. What now"
    guard try await next(wizard, &round, title, canSave: true) else {
      var told = result
      (told.output.view, told.notes) = (.none, [])
      return told
    }
    return nil
  }

  /// Asks what to do after a failure; false when the person leaves.
  private func next(
    _ wizard: CreateWizard,
    _ round: inout Round,
    _ title: String,
    canSave: Bool
  ) async throws(Failure) -> Bool {
    switch try await wizard.answers.wish(afterFailure: title, canSave: canSave) {
    case .goOn: break
    case .answerAgain: round.isConfirmed = false
    case .anotherSecret: round.draft = nil
    case .saveUntested: round.tests = false
    case .leave: return false
    }
    return true
  }

  private func cancelled(_ draft: ConnectionDraft, _ session: Session) -> CommandResult {
    let entry = ChangeReport.Entry(
      plugin: draft.plugin.id,
      name: draft.name,
      action: .skipped,
      message: "not confirmed",
      lines: ["Nothing was created."]
    )
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  /// Where other programs send to; the answer to a creation has no addresses, a look at it has.
  private func addresses(
    of connection: Connection?,
    _ plugin: PluginDescriptor,
    _ session: Session
  ) async throws(Failure) -> [String] {
    guard let connection, !plugin.addressFields.isEmpty else { return [] }
    let client = try await session.connected().client
    // What cannot be looked up now, 'show' tells later.
    let shown = (try? await client.connection(connection.key.id, of: plugin)) ?? connection
    let fields = session.fields(of: shown)
    return plugin.addressFields.compactMap { field, what in
      fields[field]?.string.map { "   💡 POST \(what) to \(client.baseURL)\($0)" }
    }
  }

  /// A secret that is given only once needs a place before it is asked for.
  private func requireSecretFile(_ call: Call, _ plugin: PluginDescriptor) throws(Failure) {
    guard !plugin.issuedSecret.isEmpty, call.option("secret-file") == nil else { return }
    throw .unasked(
      "DevLake returns the key of a \(plugin.displayName) connection only once, and it is never shown",
      flags: ["--secret-file FILE"]
    )
  }

  private func plugin(_ call: Call, _ session: Session) throws(Failure) -> PluginDescriptor {
    if let given = call.option("plugin") { return session.plugin(given.text) }
    if let selected = session.selectedPlugin { return selected }
    throw .unasked("'create' needs a plugin", flags: ["--plugin PLUGIN"])
  }

  private func create(
    _ draft: ConnectionDraft,
    tests: Bool,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let change = draft.change(tests: tests)
    session.warnIfReadable([change])
    let issued = try IssuedSecrets.file(
      for: [change],
      draft.call.option("secret-file"),
      namesThem: false,
      session
    )
    var changes = try await session.changes(for: draft.call, issued: issued) { _ in
      "   🔑 Testing connection..."
    }
    if !tests { changes.policy.admission = .untested }
    let results = await session.carryOut([change], by: changes)
    await issued?.rescue(by: session)
    guard let outcome = results.results.first?.outcome else { throw .interrupted }
    if outcome.isWritten {
      session.keptSecrets?.noteSaved(nil, named: draft.name, of: draft.plugin.id)
    }
    var lines = outcome.test.map { ["   " + TestReport.line($0)] } ?? []
    if let problem = outcome.problem {
      if problem.code == .testFailed, let verdict = outcome.test {
        return draft.untested(verdict, lines)
      }
      // Someone else was faster, and has made what was wanted.
      if problem.effect == .nameTaken, draft.call.flag("if-not-exists"),
        let existing = try await draft.existing()
      {
        return ChangeReport(entries: [draft.skipped(existing)]).result
      }
      throw await draft.failure(problem, of: change)
    }
    if let verdict = outcome.test, verdict.outcome == .unverified, !verdict.isOnlyReported {
      session.conversation.warn("saved unverified: \(verdict.message)")
    }
    if let connection = outcome.connection {
      session.record([
        Session.Remembered(
          connection: connection,
          organization: draft.organization ?? "",
          enterprise: draft.enterprise ?? ""
        )
      ])
      lines += issued?.notes ?? []
      lines.append(
        "   ✅ Created \(draft.plugin.displayName) connection (ID=\(connection.key.id))"
      )
    }
    if let failure = issued?.failure(of: outcome.connection?.key) { throw failure }
    var entry = ChangeReport.Entry(change, outcome)
    entry.lines = lines
    entry.notes = outcome.test?.hint.map { ["   💡 \($0)"] } ?? []
    entry.notes += try await addresses(of: outcome.connection, draft.plugin, session)
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }
}
