import DevLakeKit

/// Changes a connection: `update github/1 --name "GitHub - acme"`.
struct UpdateCommand: Command {
  let signature = Signature(
    name: "update",
    abstract: "Change fields of a connection",
    discussion: """
      A new secret or address is tested before it is saved. Of plugins that keep no organization \
      --org and --enterprise go to the state file. GitHub's token goes when the connection changes \
      to an App, and the App's key when it changes back; one that was left is removed by --clear.
      """,
    arguments: [.selector],
    options: [.id, .condition] + FieldOptions.fixed + [
      .init(
        name: "clear",
        kind: .text,
        placeholder: "FIELD",
        help: "clear a field (repeatable)",
        isRepeated: true
      ),
      .init(
        name: "keep-old",
        kind: .flag,
        help: "keep the old secret when the authentication method changes (GitHub)"
      ),
      .secretField, .keep,
      .init(
        name: "from",
        kind: .file,
        placeholder: "FILE",
        help: "several connections and their new secrets, as 'rotate --from' reads them"
      ),
      .init(name: "partial", kind: .flag, help: "of several, save those that pass their test"),
      .parallel,
      .init(name: "no-test", kind: .flag, help: "save without a test"),
      .overwrite, .envFile, .skipCleanup, .dryRun,
    ] + FieldOptions.fromCatalogue,
    examples: [
      .init(
        input: "update --plugin github --id 1 --token env:NEW",
        purpose: "a new token, tested first"
      ),
      .init(input: "update gh-copilot/1 --org new-org", purpose: "another organization"),
      .init(input: "update jira/1 --clear proxy", purpose: "remove the proxy"),
      .init(
        input: "update 'bitbucket/*' --api-token --username ada@example.com --from tokens.csv",
        purpose: "several, each with its own new secret"
      ),
      .init(
        input: "update jenkins/1 --expires 2031-12-31",
        purpose: "when the secret ends that it has"
      ),
    ],
    changes: true,
    phrases: [
      ["configure", "connection", "update"], ["configure", "connections", "update"],
    ]
  )

  private static let whatToChange =
    "--name, --endpoint, --proxy, --token, --org, --enterprise or another field"

  func mistakes(in call: Call) -> [Failure] {
    let plugin = FieldOptions.writtenPlugin(of: call)
    var mistakes = FieldOptions.mistakes(in: call, of: plugin)
    guard let plugin else { return mistakes }
    for given in call.all(option: "clear") where given.value != nil {
      // What only the state file has is emptied there.
      guard !["organization", "org", "enterprise"].contains(given.text) else { continue }
      do throws(Failure) {
        _ = try ConnectionUpdate.clearable(given, plugin)
      } catch {
        mistakes.append(error)
      }
    }
    return mistakes
  }

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    try await KeptSecrets.around(call, session) { () async throws(Failure) in
      try await update(call, session)
    }
  }

  private func update(_ call: Call, _ session: Session) async throws(Failure) -> CommandResult {
    if let file = call.option("from") { return try await updateSeveral(from: file, call, session) }
    var call = call
    let target = try await target(call, session)
    var change = try ConnectionUpdate(call, target.plugin, session)
    if change.isEmpty, !session.conversation.canAsk {
      throw .unasked("'update' needs to know what changes", flags: [Self.whatToChange])
    }
    let connection = try await session.connection(target, at: call.place(of: target))
    if change.isEmpty {
      call = try await UpdateWizard(session: session).complete(call, connection, target.plugin)
      change = try ConnectionUpdate(call, target.plugin, session)
    }
    change.warn()
    let changes = try await change.changes(of: connection)
    try change.hold(changes, of: connection)
    return try await ConnectionChange(
      session: session,
      plugin: target.plugin,
      connection: connection,
      changes: changes,
      action: .updated,
      organization: change.organization,
      enterprise: change.enterprise,
      expires: try call.expires(in: session),
      tests: !call.flag("no-test"),
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  /// Changes several connections alike and gives each its own new secret: a migration to API tokens.
  private func updateSeveral(
    from file: Given,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    for name in ["token", "name", "secret-field", "no-test"] {
      guard let given = call.option(name) else { continue }
      throw .usage("'--\(name)' has no place beside '--from'", at: given, help: "leave one out")
    }
    let wishes = try await RotationWishes(session: session, call: call).standing(in: file)
    if call.argument("SEL") != nil || call.option("where") != nil {
      let selected = Set(try await Selection(session: session, call: call).targets().map(\.key))
      let named = Set(wishes.map(\.target.key))
      if let wish = wishes.first(where: { !selected.contains($0.target.key) }) {
        throw .usage("\(wish.target.key) stands in '\(file.text)' and is not selected", at: file)
      }
      let left = selected.subtracting(named).sorted()
      if !left.isEmpty {
        let names = left.map(\.description).joined(separator: ", ")
        throw .usage("'\(file.text)' has no new secret for \(names)", at: file)
      }
    }
    var extras: [ConnectionKey: RequestBody] = [:]
    for wish in wishes {
      guard let connection = wish.target.connection else { continue }
      let change = try ConnectionUpdate(call, wish.target.plugin, session)
      extras[connection.key] = try await change.changes(of: connection)
    }
    return try await BulkRotation(session: session, call: call, extras: extras).run(wishes)
  }

  private func target(_ call: Call, _ session: Session) async throws(Failure) -> ConnectionTarget {
    let isOpen = try ConnectionUpdate(call, session.plugin(call.text("plugin") ?? ""), session)
      .isEmpty
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "update 3", and: isOpen ? [Self.whatToChange] : [])
    guard let target = targets.first, targets.count == 1 else {
      throw .usage(
        "'update' changes one connection, and \(targets.count) are selected",
        at: call.whole,
        help: "'rotate' gives several a new secret"
      )
    }
    return target
  }
}
