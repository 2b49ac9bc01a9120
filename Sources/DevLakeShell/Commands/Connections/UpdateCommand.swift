import DevLakeKit

/// Changes a connection: `update github/1 --name "GitHub - acme"`.
struct UpdateCommand: Command {
  let signature = Signature(
    name: "update",
    abstract: "Change a connection; only what is named changes",
    discussion: """
      A new secret or address is tested before it is saved. Of plugins that keep no organization \
      --org and --enterprise go to the state file.
      """,
    arguments: [.selector],
    options: [.id] + FieldOptions.fixed + [
      .init(
        name: "clear",
        kind: .text,
        placeholder: "FIELD",
        help: "empty a field (repeatable)",
        isRepeated: true
      ),
      .init(name: "no-test", kind: .flag, help: "save without testing first"),
      .envFile, .skipCleanup, .dryRun,
    ] + FieldOptions.fromCatalogue,
    examples: [
      .init(
        input: "update --plugin github --id 1 --token env:NEW",
        purpose: "a new token, tested first"
      ),
      .init(input: "update gh-copilot/1 --org new-org", purpose: "another organization"),
      .init(input: "update jira/1 --clear proxy", purpose: "no proxy any more"),
    ],
    changes: true,
    phrases: [
      ["configure", "connection", "update"], ["configure", "connections", "update"],
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let target = try await target(call, session)
    let change = try ConnectionUpdate(call, target.plugin, session)
    guard !change.isEmpty else {
      throw .unasked(
        "'update' needs to know what changes",
        flags: ["--name, --endpoint, --proxy, --token, --org, --enterprise or another field"]
      )
    }
    change.warn()
    let connection = try await session.connection(target, at: call.place(of: target))
    let changes = try await change.changes(of: connection)
    return try await ConnectionChange(
      session: session,
      plugin: target.plugin,
      connection: connection,
      changes: changes,
      action: .updated,
      organization: change.organization,
      enterprise: change.enterprise,
      tests: !call.flag("no-test"),
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  private func target(_ call: Call, _ session: Session) async throws(Failure) -> Selection.Target {
    if call.all(argument: "SEL").isEmpty, call.option("id") == nil {
      let flags = ["plugin", "id"].filter { call.option($0) == nil }
      throw .unasked(
        "'update' needs a connection",
        flags: flags.map { "--\($0) \($0.uppercased())" }
      )
    }
    let targets = try await Selection(session: session, call: call).targets()
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
