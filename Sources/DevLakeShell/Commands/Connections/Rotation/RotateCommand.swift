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
        help:
          "connections and their secrets, a CSV of plugin,id-or-name,REF[,expires], JSON or YAML"
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
      .init(
        name: "add",
        kind: .secret,
        placeholder: "REF",
        help: "one more token beside those it has (GitHub; repeatable)",
        isRepeated: true
      ),
      .init(
        name: "retire",
        kind: .integer(1...100),
        placeholder: "N",
        help: "take token number N away, as 'test' shows them (GitHub; repeatable)",
        isRepeated: true
      ),
      .init(
        name: "resume",
        kind: .flag,
        help: "leave out what a rotation of several had done when it was cut off"
      ),
      .keep, .then, .expires, .olderThan, .unknownAge, .deep, .overwrite, .envFile, .skipCleanup,
      .parallel, .dryRun,
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
      .init(input: "rotate github/1 --add env:NEW", purpose: "one more token, for an overlap"),
      .init(input: "rotate github/1 --retire 2", purpose: "one token less, when it has served"),
      .init(
        input: "rotate --from secrets.csv --older-than 90d",
        purpose: "of a file those whose secrets are old"
      ),
    ],
    changes: true
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    try FollowUp.check(call)
    return try await KeptSecrets.around(call, session) { () async throws(Failure) in
      try await rotate(call, session)
    }
  }

  private func rotate(_ call: Call, _ session: Session) async throws(Failure) -> CommandResult {
    if let unknown = call.option("unknown"), call.option("older-than") == nil {
      throw .usage("'--unknown' belongs to '--older-than'", at: unknown)
    }
    if let file = call.option("from") { return try await rotate(from: file, call, session) }
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "rotate 1")
    if targets.count == 1, call.option("older-than") == nil, let target = targets.first {
      if let resume = call.option("resume") {
        throw .usage("'--resume' goes on with a rotation of several connections", at: resume)
      }
      return try await rotate(target, call, session)
    }
    for name in ["replace", "add", "retire"] {
      guard let given = call.option(name) else { continue }
      throw .usage("'--\(name)' works on one connection at a time", at: given)
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
    for name in ["token", "replace", "add", "retire", "plugin", "id", "where"] {
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
    let wishes = try TokenWishes(call)
    let connection = try await session.connection(target, at: call.place(of: target))
    if !wishes.isEmpty {
      return try await change(wishes, connection, target.plugin, call, session)
    }
    let fetcher = SecretFetcher(session: session, call: call, plugin: target.plugin)
    let field = try Self.secretField(of: connection, target.plugin, call)
    let question = SecretFetcher.question(target.plugin, field, connection)
    let secret: Secret
    if let token = call.option("token") {
      secret = try await fetcher.secret(for: field, token: token, question: question)
      try session.keptSecrets?.hold([(connection, target.plugin, field, secret)], from: [token])
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

  /// Changes some of a connection's tokens: all new ones are tested, then saved in one PATCH.
  private func change(
    _ wishes: TokenWishes,
    _ connection: Connection,
    _ plugin: PluginDescriptor,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    let field = try Self.secretField(of: connection, plugin, call)
    guard let pool = connection.tokenPool(in: field) else {
      if wishes.added.isEmpty, wishes.retired.isEmpty, let number = wishes.numbers.first {
        throw Self.missing(number, of: connection.key, count: 1)
      }
      throw .conflict(
        "\(connection.key) has no tokens to add to or to retire",
        at: wishes.first,
        help: "only GitHub connections with tokens take several"
      )
    }
    for number in wishes.numbers {
      guard number.number <= pool.count else {
        throw Self.missing(number, of: connection.key, count: pool.count)
      }
      try session.checkShown(number.number, at: number.given, of: connection.key, pool)
    }
    if let obstacle = plugin.obstacleToReplacing(connection, with: RequestBody()) {
      throw .obstacle(obstacle, to: connection.key, at: call.whole)
    }
    let secrets = try await secrets(of: wishes.replaced, field, connection, plugin, call, session)
    var tokens = zip(wishes.replaced, secrets).map { (number: $0.number, secret: $1) }
    for given in wishes.added {
      let secret = try await secret(added: given, field, connection, plugin, call, session)
      tokens.append((TokenReplacement.added, secret))
    }
    let replacement: TokenReplacement
    do throws(TokenReplacement.Mistake) {
      replacement = try TokenReplacement(
        tokens,
        retiring: Set(wishes.retired.map(\.number)),
        in: pool
      )
    } catch {
      throw Self.failure(error, wishes, connection, pool)
    }
    var changes = RequestBody()
    changes[field.name] = .secret(
      replacement.onlyRetires ? replacement.saved : replacement.candidates
    )
    return try await ConnectionChange(
      session: session,
      plugin: plugin,
      connection: connection,
      changes: changes,
      action: .rotated,
      replacement: .init(
        tokens: replacement,
        names: wishes.replaced.map { "the new token \($0.number)" }
          + wishes.added.map { _ in "the added token" },
        field: field
      ),
      expires: try call.expires(in: session),
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  private func secret(
    added given: ArgumentValue,
    _ field: PluginField,
    _ connection: Connection,
    _ plugin: PluginDescriptor,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> Secret {
    let secret = try await SecretFetcher(session: session, call: call, plugin: plugin).secret(
      for: field,
      flag: "--add",
      try session.secretReference(of: given, flag: "--add"),
      given,
      question: SecretFetcher.question(plugin, field, connection)
    )
    try session.keptSecrets?.hold([(connection, plugin, field, secret)], from: [given])
    if secret.reveal({ $0.contains(",") }) {
      throw .invalid("'--add' takes one token", at: given, help: "repeat --add for several")
    }
    return secret
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
      try session.keptSecrets?.hold([(connection, plugin, field, secret)], from: [number.given])
      if secret.reveal({ $0.contains(",") }) {
        throw .invalid("only one token can replace token \(number.number)", at: number.given)
      }
      secrets.append(secret)
    }
    return secrets
  }

  private static func missing(
    _ number: (number: Int, given: ArgumentValue),
    of key: ConnectionKey,
    count: Int
  ) -> Failure {
    .invalid(
      "\(key) has \(count) token\(count == 1 ? "" : "s"), so there is no "
        + "token \(number.number)",
      at: number.given,
      help: "'test \(key)' shows the tokens by their numbers"
    )
  }

  private static func failure(
    _ mistake: TokenReplacement.Mistake,
    _ wishes: TokenWishes,
    _ connection: Connection,
    _ pool: TokenPool
  ) -> Failure {
    func place(_ number: Int) -> ArgumentValue? { wishes.place(of: number) }
    func new(_ number: Int) -> String {
      number == TokenReplacement.added ? "the added token" : "the new token \(number)"
    }
    switch mistake {
    case .missing(let number):
      return .invalid("there is no token \(number) of \(connection.key)", at: place(number))
    case .ambiguous:
      return .conflict("\(connection.key): DevLake shows two of its tokens alike")
    case .alike(let number, let kept):
      return .conflict(
        "DevLake shows \(new(number)) and token \(kept), which is kept, alike and would "
          + "take one for the other; nothing was changed",
        at: place(number),
        help: "set all of them again with --token TOKEN,TOKEN"
      )
    case .repeated(let number):
      return .invalid("\(new(number)) is given twice", at: place(number))
    case .empty:
      return .conflict(
        "\(connection.key) would have no token left; nothing was changed",
        at: wishes.first,
        help: "'delete \(connection.key)' deletes the connection"
      )
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
