import DevLakeKit

/// Gives connections a new secret: `rotate github/1`.
struct RotateCommand: Command {
  let signature = Signature(
    name: "rotate",
    abstract: "Replace the secret of connections: test, save, test again",
    discussion: """
      The new secret is tested against the saved connection before anything is saved. For one \
      connection it is --token, else asked for, else, without a terminal, looked for in the env \
      file and the environment. Several share the one --token, or have each its own in the file of \
      --from: lines of plugin,id-or-name,REF, as github,1,env:NEW. All are tested side by side \
      before the first is saved, and none is saved if one fails (--partial saves the good ones); \
      they are saved in their order and tested again. A secret DevLake has already, as far as its \
      mask tells (GitHub's does), is left alone. Several tokens of a GitHub connection are numbered \
      by the order of their masks: --replace 1=REF --replace 3=REF replaces two in one step. A \
      secret somebody else has changed between test and save is kept, unless --overwrite is given. \
      --older-than 90d leaves younger secrets alone, and names those of which nobody knows when they \
      were set: exit code 4, unless --unknown rotate includes them. --expires is remembered. \
      With --deep it is asked afterwards what the new secret can collect, and each scope is read.
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
        name: "from",
        kind: .file,
        placeholder: "FILE",
        help: "CSV of connections and their secrets: plugin,id-or-name,REF"
      ),
      .secretField,
      .init(
        name: "partial",
        kind: .flag,
        help: "save those that pass their test even if others fail"
      ),
      .init(
        name: "replace",
        kind: .numberedSecret,
        placeholder: "N=REF",
        help: "replace only token N of several, as numbered by 'test' (GitHub; repeatable)",
        isRepeated: true
      ),
      .expires, .olderThan, .unknownAge, .deep, .overwrite, .envFile, .skipCleanup, .parallel,
      .dryRun,
    ],
    examples: [
      .init(
        input: "rotate github/1 --token env:NEW",
        purpose: "a token from an environment variable"
      ),
      .init(
        input: "rotate jenkins/1 --token 'cmd:vault kv get -field=password ci/jenkins'",
        purpose: "a password from a vault"
      ),
      .init(input: "rotate 'gitlab/*' --token env:NEW", purpose: "one token for all of GitLab"),
      .init(
        input: "rotate github/1 --replace 1=env:NEW",
        purpose: "one of several tokens; the others are kept"
      ),
      .init(
        input: "rotate --from secrets.csv",
        purpose: "a different secret for each, all or none"
      ),
      .init(
        input: "rotate --from secrets.csv --older-than 90d",
        purpose: "of a file those whose secrets are old"
      ),
    ],
    changes: true
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    if let unknown = call.option("unknown"), call.option("older-than") == nil {
      throw .usage("'--unknown' belongs to '--older-than'", at: unknown)
    }
    if let file = call.option("from") { return try await rotate(from: file, call, session) }
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "rotate 1")
    if targets.count == 1, call.option("older-than") == nil, let target = targets.first {
      return try await rotate(target, call, session)
    }
    if let given = call.option("replace") {
      throw .usage("'--replace' works on one connection at a time", at: given)
    }
    guard let token = call.option("token") else {
      throw .unasked(
        "\(targets.count) connections are selected, so one secret for all of them is required",
        flags: ["--token REF (or --from FILE)"]
      )
    }
    let wishes = try await RotationRequests(session: session, call: call).sharing(token, targets)
    return try await BulkRotation(session: session, call: call).run(wishes)
  }

  private func rotate(
    from file: ArgumentValue,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    for name in ["token", "replace", "plugin", "id", "where"] {
      guard let given = call.option(name) else { continue }
      throw .usage(
        "'--\(name)' cannot be combined with '--from', which lists the connections and their secrets",
        at: given,
        help: "remove one of them"
      )
    }
    if let selector = call.argument("SEL") {
      throw .usage(
        "'--from' lists the connections, so no selector is allowed",
        at: selector,
        help: "remove the selectors or --from"
      )
    }
    let wishes = try await RotationRequests(session: session, call: call).standing(in: file)
    return try await BulkRotation(session: session, call: call).run(wishes)
  }

  private func rotate(
    _ target: ConnectionTarget,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let numbers = try TokenNumber.all(in: call)
    let connection = try await session.connection(target, at: call.place(of: target))
    if !numbers.isEmpty {
      return try await replace(numbers, connection, target.plugin, call, session)
    }
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
    if connection.holds(secret, in: field) == true {
      if let day = try call.expires(in: session), !call.flag("dry-run") {
        session.remember([(connection, day)])
      }
      return unchanged(connection, session)
    }
    return try await ConnectionChange(
      session: session,
      plugin: target.plugin,
      connection: connection,
      changes: changes,
      action: .rotated,
      expires: try call.expires(in: session),
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  private func unchanged(_ connection: Connection, _ session: Session) -> CommandResult {
    let message = "DevLake has this secret already"
    let entry = ChangeReport.Entry(
      plugin: connection.key.plugin,
      id: connection.key.id,
      name: connection.name,
      action: .unchanged,
      message: message,
      lines: ["✅ \(connection.key) \"\(connection.name)\": \(message), nothing changed"]
    )
    session.conversation.note("   💡 'test \(connection.key)' checks whether it works")
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  /// Replaces some of a connection's tokens: all new ones are tested, then saved in one PATCH.
  private func replace(
    _ numbers: [TokenNumber],
    _ connection: Connection,
    _ plugin: PluginDescriptor,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let field = try Self.secretField(of: connection, plugin, call)
    let pool = connection.tokenPool(in: field)
    for number in numbers {
      guard let pool, number.number <= pool.count else {
        throw Self.missing(number, of: connection.key, count: pool?.count ?? 1)
      }
      try session.checkShown(number, of: connection.key, pool)
    }
    guard let pool else { throw Self.missing(numbers[0], of: connection.key, count: 1) }
    if let obstacle = plugin.obstacleToReplacing(connection, with: RequestBody()) {
      throw .obstacle(obstacle, to: connection.key, at: call.whole)
    }
    let secrets = try await secrets(of: numbers, field, connection, plugin, call, session)
    let tokens = zip(numbers, secrets).map { (number: $0.number, secret: $1) }
    let replacement: TokenReplacement
    do throws(TokenReplacement.Mistake) {
      replacement = try TokenReplacement(tokens, in: pool)
    } catch {
      throw Self.failure(error, numbers, connection, pool)
    }
    var changes = RequestBody()
    changes[field.name] = .secret(replacement.candidates)
    return try await ConnectionChange(
      session: session,
      plugin: plugin,
      connection: connection,
      changes: changes,
      action: .rotated,
      replacement: .init(tokens: replacement, numbers: numbers.map(\.number), field: field),
      expires: try call.expires(in: session),
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  /// The new tokens; references are followed in parallel.
  private func secrets(
    of numbers: [TokenNumber],
    _ field: PluginField,
    _ connection: Connection,
    _ plugin: PluginDescriptor,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> [Secret] {
    let fetcher = SecretFetcher(session: session, call: call, plugin: plugin)
    let question = SecretFetcher.question(plugin, field, connection)
    var wanted: [SecretFetcher.Wanted] = []
    for number in numbers {
      guard let text = number.reference else { continue }
      let flag = "--replace \(number.number)"
      wanted.append(
        .init(
          field: field,
          flag: flag,
          reference: try session.secretReference(of: number.given, text: text, flag: flag),
          given: number.given
        )
      )
    }
    var found = try await fetcher.secrets(wanted, question: question)[...]
    var secrets: [Secret] = []
    for number in numbers {
      let secret: Secret
      if number.reference != nil, let first = found.popFirst() {
        secret = first
      } else if let token = call.option("token") {
        secret = try await fetcher.secret(for: field, token: token, question: question)
      } else {
        secret = try await fetcher.unnamedSecret(for: field, question: question)
      }
      if secret.reveal({ $0.contains(",") }) {
        throw .invalid("only one token can replace token \(number.number)", at: number.given)
      }
      secrets.append(secret)
    }
    return secrets
  }

  private static func missing(
    _ number: TokenNumber,
    of key: ConnectionKey,
    count: Int
  ) -> Failure {
    .invalid(
      "\(key) has \(count) token\(count == 1 ? "" : "s"), so there is no "
        + "token \(number.number) to replace",
      at: number.given
    )
  }

  private static func failure(
    _ mistake: TokenReplacement.Mistake,
    _ numbers: [TokenNumber],
    _ connection: Connection,
    _ pool: TokenPool
  ) -> Failure {
    func place(_ number: Int) -> ArgumentValue? { numbers.first { $0.number == number }?.given }
    switch mistake {
    case .missing(let number):
      return .invalid("there is no token \(number) of \(connection.key)", at: place(number))
    case .ambiguous:
      return .conflict("\(connection.key): DevLake shows two of its tokens alike")
    case .alike(let number, let kept):
      return .conflict(
        "DevLake shows the new token \(number) and token \(kept), which is kept, alike and would "
          + "take one for the other; nothing was changed",
        at: place(number),
        help: "set all of them again with --token TOKEN,TOKEN"
      )
    case .repeated(let number):
      return .invalid("the new token \(number) is given twice", at: place(number))
    }
  }

  /// The field of the stored authentication: a secret in another one passes the test with the old.
  static func secretField(
    of connection: Connection,
    _ plugin: PluginDescriptor,
    _ call: Call
  ) throws(Failure) -> PluginField {
    guard !plugin.authMethods.isEmpty else {
      throw .invalid("\(plugin.displayName) connections have no secret to rotate", at: call.whole)
    }
    do throws(UnknownSecretField) {
      return try plugin.secretField(of: connection, chosen: call.text("secret-field"))
    } catch {
      throw Failure(error, at: call.option("secret-field"))
    }
  }
}
