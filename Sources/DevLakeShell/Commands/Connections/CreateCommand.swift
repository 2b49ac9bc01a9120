import DevLakeKit

/// Creates a connection: `create --plugin github --org my-org`.
struct CreateCommand: Command {
  static let name = "create"

  let signature = Signature(
    name: name,
    abstract: "Create a connection",
    discussion: """
      The credential is looked for in --token, the env file, the environment, and then asked for. \
      It is tested before anything is saved.

      --from FILE creates all connections of a CSV or JSON file, or none: a column is an option without \
      its hyphens, or a field by DevLake's name; an empty cell is as good as none. All mistakes are told \
      at their places before anything is sent, and all are tested before the first is saved. Secrets \
      stand in it as env:NAME; cmd: and file: only with --allow-cmd.
      """.replacing("\n\n", with: " "),
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
        help: "follow cmd: and file: in the cells of --from"
      ),
      .init(name: "no-test", kind: .flag, help: "save without testing first"),
      .init(
        name: "if-not-exists",
        kind: .flag,
        help: "succeed without doing anything when the name exists"
      ),
      .init(
        name: "secret-file",
        kind: .file,
        placeholder: "FILE",
        help: "new file for a secret DevLake gives only once (webhook)",
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
      return DryRun(requests: draft.requests(tests: !call.flag("no-test"))).result
    }
    let instance = try await session.connected()
    if let existing = try await draft.existing() {
      guard call.flag("if-not-exists") else { throw draft.nameTaken(by: existing) }
      return ChangeReport(entries: [draft.skipped(existing)]).result
    }
    try await draft.resolveSecrets(asks: true)
    if instance.url.isOpen {
      session.warnOnce(
        "\(instance.url) is not encrypted: the secret can be read on its way"
      )
    }
    return try await create(draft, tests: !call.flag("no-test"), session)
  }

  /// A secret that is given only once needs a place before it is asked for.
  private func requireSecretFile(_ call: Call, _ plugin: PluginDescriptor) throws(Failure) {
    guard !plugin.issuedSecret.isEmpty, call.option("secret-file") == nil else { return }
    throw .unasked(
      "DevLake gives the key of a \(plugin.displayName) connection only once, and it is never shown",
      flags: ["--secret-file FILE"]
    )
  }

  /// Saves the connection; a secret DevLake gives with it goes to the file that was named for it.
  private func save(
    _ draft: ConnectionDraft,
    _ administrator: Administrator,
    _ lines: inout [String]
  ) async throws(Failure) -> Written {
    guard !draft.plugin.issuedSecret.isEmpty, let given = draft.call.option("secret-file") else {
      return try await draft.save(administrator)
    }
    let path = draft.session.secretSources().path(given.text)
    var file: SecretFile
    do throws(SecretFileError) {
      file = try SecretFile(creatingAt: path)
    } catch {
      throw .invalid(error.description, at: given)
    }
    let written = try await draft.save(administrator)
    guard let secret = written.connection.issuedSecret(at: draft.plugin.issuedSecret) else {
      draft.session.conversation.warn("DevLake gave no key with \(written.connection.key)")
      return written
    }
    do throws(SecretFileError) {
      try file.write(secret)
    } catch {
      throw Failure(
        Diagnostic(
          code: .refused,
          message: "\(written.connection.key) was created, but its key is lost: \(error)",
          help: "delete it and create it again, with another --secret-file"
        ),
        exitCode: .failure
      )
    }
    lines.append("   🔑 Key of \(written.connection.key) written to \(given.text)")
    return written
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
    let administrator = try await session.administrator()
    var verdict: Verdict?
    var lines: [String] = []
    if tests, draft.plugin.test.isAvailable {
      session.conversation.note("   🔑 Testing connection...")
      let tested: Verdict
      do throws(APIError) {
        tested = try await administrator.test(draft.testBody, of: draft.plugin)
      } catch {
        let failure = draft.refused(error)
        session.audit(failure, of: draft.entry, command: signature.name)
        throw failure
      }
      lines.append("   " + TestReport.line(tested))
      guard !tested.isFailure else { return draft.untested(tested, lines) }
      if tested.outcome == .unverified, !tested.isOnlyReported {
        session.conversation.warn("saved unverified: \(tested.message)")
      }
      verdict = tested
    }
    let written = try await save(draft, administrator, &lines)
    session.cache.drop(draft.plugin.id)
    session.record(
      written.connection,
      organization: draft.organization ?? "",
      enterprise: draft.enterprise ?? ""
    )
    if written.wasLookedUp {
      session.conversation.warn(
        "DevLake's answer was lost; the connection was looked up and is there"
      )
    }
    lines.append(
      "   ✅ Created \(draft.plugin.displayName) connection (ID=\(written.connection.key.id))"
    )
    var entry = draft.entry
    entry.id = written.connection.key.id
    entry.lines = lines
    entry.test = verdict
    entry.notes = verdict?.hint.map { ["   💡 \($0)"] } ?? []
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }
}
