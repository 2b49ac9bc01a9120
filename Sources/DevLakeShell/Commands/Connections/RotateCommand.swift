import DevLakeKit

/// Gives connections a new secret: `rotate github/1`.
struct RotateCommand: Command {
  let signature = Signature(
    name: "rotate",
    abstract: "Give connections a new secret: tested first, saved, tested again",
    discussion: """
      The new secret is tested against the saved connection before anything is saved. For one \
      connection it is --token, else asked for, else, without a terminal, looked for in the env \
      file and the environment. Several share the one --token; all are tested before the first is \
      saved.
      """,
    arguments: [.selectors],
    options: [
      .plugin, .id, .condition,
      .init(
        name: "token",
        kind: .secret,
        placeholder: "REF",
        help: "the new secret: env:NAME, file:PATH, cmd:COMMAND, -, prompt, or itself"
      ),
      .init(
        name: "replace",
        kind: .integer(1...100),
        placeholder: "N",
        help: "of several tokens only the N-th, as 'test' numbers them (GitHub)"
      ),
      .envFile, .skipCleanup, .parallel, .dryRun,
    ],
    examples: [
      .init(input: "rotate github/1 --token env:NEW", purpose: "a token from a variable"),
      .init(
        input: "rotate jenkins/1 --token 'cmd:vault kv get -field=password ci/jenkins'",
        purpose: "a password from a vault"
      ),
    ],
    changes: true
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "rotate 1")
    if targets.count == 1, let target = targets.first {
      return try await rotate(target, call, session)
    }
    if let given = call.option("replace") {
      throw .usage("'--replace' works on one connection at a time", at: given)
    }
    guard let token = call.option("token") else {
      throw .unasked(
        "\(targets.count) connections are selected, and one secret for all must be named",
        flags: ["--token REF"]
      )
    }
    return try await BulkRotation(session: session, call: call).run(targets, token)
  }

  private func rotate(
    _ target: Selection.Target,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let connection = try await session.connection(target, at: call.place(of: target))
    let fetcher = SecretFetcher(session: session, call: call, plugin: target.plugin)
    let field = try Self.secretField(of: connection, target.plugin, call)
    let question = SecretFetcher.question(target.plugin, field, connection)
    let secret: Secret
    if let token = call.option("token") {
      secret = try await fetcher.secret(for: field, token: token, question: question)
    } else {
      secret = try await fetcher.unnamedSecret(for: field, question: question)
    }
    var changes = RequestBody()
    changes[field.name] = .secret(secret)
    let saved = try saved(secret, field, connection, call)
    return try await ConnectionChange(
      session: session,
      plugin: target.plugin,
      connection: connection,
      changes: changes,
      action: .rotated,
      savedChanges: saved,
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  /// What is saved when only one of several tokens is replaced.
  private func saved(
    _ secret: Secret,
    _ field: PluginField,
    _ connection: Connection,
    _ call: Call
  ) throws(Failure) -> RequestBody? {
    guard let given = call.option("replace"), let number = Int(given.text) else { return nil }
    let count = connection.tokenCount(in: field.name)
    guard field.mask == .githubToken,
      let tokens = connection.replacing(token: number, in: field.name, with: secret)
    else {
      throw .invalid(
        "\(connection.key) has \(count) token\(count == 1 ? "" : "s"), so there is no "
          + "token \(number) to replace",
        at: given
      )
    }
    var body = RequestBody()
    body[field.name] = .secret(tokens)
    return body
  }

  /// The field of the stored authentication: a secret in another one passes the test with the old.
  static func secretField(
    of connection: Connection,
    _ plugin: PluginDescriptor,
    _ call: Call
  ) throws(Failure) -> PluginField {
    let method: AuthMethod?
    if plugin.isKnown {
      method = plugin.authMethod(named: connection.authMethod)
    } else {
      method = plugin.authMethods.first { connection.shown($0.secretField) != nil }
    }
    guard let method, let field = plugin.field(method.secretField) else {
      throw .invalid(
        "\(plugin.displayName) connections have no secret to rotate",
        at: call.whole,
        help: plugin.isKnown ? nil : "use 'update \(connection.key) --field NAME=REF'"
      )
    }
    return field
  }
}
