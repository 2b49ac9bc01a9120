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
        help: "follow cmd: and file: references in the cells of --from"
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
    let call = try await wizard.complete(call)
    let plugin = try self.plugin(call, session)
    var draft = try await ConnectionDraft(call, plugin, session)
    draft.asksEverything = wizard.asksEverything
    try draft.requireEverything()
    try requireSecretFile(call, plugin)
    draft.warn()
    if call.flag("dry-run") {
      try await draft.resolveSecrets(asks: false)
      return DryRun(requests: draft.change(tests: !call.flag("no-test")).requests).result
    }
    _ = try await session.connected()
    if let existing = try await draft.existing() {
      guard call.flag("if-not-exists") else { throw draft.nameTaken(by: existing) }
      return ChangeReport(entries: [draft.skipped(existing)]).result
    }
    try await draft.resolveSecrets(asks: true)
    return try await create(draft, tests: !call.flag("no-test"), session)
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
      // Somebody else was faster, and has made what was wanted.
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
