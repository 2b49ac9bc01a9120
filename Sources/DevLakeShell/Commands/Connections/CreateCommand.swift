import DevLakeKit

/// Creates a connection: `create --plugin github --org my-org`.
struct CreateCommand: Command {
  let signature = Signature(
    name: "create",
    abstract: "Create a connection",
    discussion: """
      The credential is looked for in --token, the env file, the environment, and then asked for. \
      It is tested before anything is saved.
      """,
    options: FieldOptions.fixed + [
      .envFile, .skipCleanup,
      .init(name: "no-test", kind: .flag, help: "save without testing first"),
      .init(
        name: "if-not-exists",
        kind: .flag,
        help: "succeed without doing anything when the name exists"
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

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let call = try await CreateWizard(session: session).complete(call)
    let plugin = try self.plugin(call, session)
    var draft = try await ConnectionDraft(call, plugin, session)
    try draft.requireEverything()
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
    if InstanceHost.isOpen(instance.url) {
      session.warnOnce(
        "\(instance.url) is not encrypted: the secret can be read on its way"
      )
    }
    return try await create(draft, tests: !call.flag("no-test"), session)
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
        throw draft.refused(error)
      }
      lines.append("   " + TestReport.line(tested))
      if let hint = tested.hint { session.conversation.note("   💡 \(hint)") }
      guard !tested.isFailure else { return draft.untested(tested, lines) }
      if tested.outcome == .unverified {
        session.conversation.warn("saved unverified: \(tested.message)")
      }
      verdict = tested
    }
    let written = try await draft.save(administrator)
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
    var entry = ChangeReport.Entry(
      plugin: draft.plugin.id,
      id: written.connection.key.id,
      name: written.connection.name,
      action: .created,
      lines: lines
    )
    entry.test = verdict
    entry.changes = draft.changes
    return ChangeReport(entries: [entry]).result
  }
}
