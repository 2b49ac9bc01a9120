import DevLakeKit

/// Tests saved connections in parallel: `test 1`, `test all`.
struct TestCommand: Command {
  let signature = Signature(
    name: "test",
    abstract: "Check that the services accept the credentials",
    discussion: """
      Exit code 1 when one fails, 4 when some of several do. 'unverified' means that DevLake \
      never asked the service; it is no failure. With --deep DevLake also lists what the credential \
      can collect, and each scope is read: a connection whose test passes and whose collection would \
      fail is failed. --project and --blueprint test what a project or a blueprint collects from, and \
      with --deep just the scopes it collects: a gate for CI.
      """,
    arguments: [.selectors],
    options: [
      .plugin, .id, .condition, .deep,
      .init(
        name: "project",
        kind: .text,
        placeholder: "NAME",
        help: "the connections a project collects from"
      ),
      .init(
        name: "blueprint",
        kind: .text,
        placeholder: "NAME",
        help: "those a blueprint collects from, by its name or number"
      ),
      .parallel, .instances,
    ],
    examples: [
      .init(input: "test github/1", purpose: "one connection"),
      .init(input: "test all", purpose: "every connection, in parallel"),
      .init(input: "test --project platform --deep", purpose: "what a project needs, in CI"),
      .init(
        input: "test --plugin jenkins --json",
        purpose: "the connections of one plugin, as JSON"
      ),
    ],
    phrases: [
      ["configure", "connection", "test"], ["configure", "connections", "test"],
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let usage = try await ProjectUse(call, session)
    let targets: [ConnectionTarget]
    if let usage {
      targets = usage.targets
    } else {
      targets = try await self.targets(call, session)
    }
    let limit = call.integer("parallel") ?? session.settings.parallel
    let progress = session.conversation.progress
    let isDeep = call.flag("deep")
    let outcomes = try await session.firstRead { client in
      let administrator = Administrator(client: client)
      return await inParallel(
        targets,
        atMost: limit,
        showing: progress,
        named: targets.map(\.key.description)
      ) { target in
        let scopes = isDeep ? usage?.scopes[target.key] ?? .all : nil
        return (target, await Self.test(target, administrator, deep: scopes))
      }
    }
    // What a killed program left open is told here, too.
    _ = try await session.administrator()
    let failures = outcomes.compactMap { $0.1.failure }
    if let (target, outcome) = outcomes.first, let error = outcome.failure,
      outcomes.count == 1 || failures.contains(where: \.isCancellation)
        || (failures.count == outcomes.count && error.isAboutServer)
    {
      throw await session.explained(
        failures.first(where: \.isCancellation) ?? error,
        target,
        call.place(of: target)
      )
    }
    let tested = outcomes.map { target, outcome -> TestReport.Entry in
      switch outcome {
      case .success(let (connection, verdict)):
        return .init(key: target.key, name: connection.name, verdict: verdict)
      case .failure(let error):
        let isMissing = error.status == 404
        let failure = isMissing ? session.missing(error, target) : Failure(error)
        return .init(
          key: target.key,
          name: target.connection?.name ?? "",
          verdict: Verdict(.failed, failure.diagnostic.message, hint: failure.diagnostic.help)
        )
      }
    }
    for entry in tested where !entry.verdict.tokens.isEmpty {
      session.noteShown(entry.verdict.pool, of: entry.key)
    }
    let namesOne = call.isPhrase || (call.option("id") != nil && targets.count == 1)
    return TestReport(entries: tested, isUnnamed: namesOne).result(in: session)
  }

  private func targets(
    _ call: Call,
    _ session: Session
  ) async throws(Failure)
    -> [ConnectionTarget]
  {
    let selection = Selection(session: session, call: call)
    // `test --plugin P` is all of P; the documents' words ask for the id instead.
    if let plugin = call.option("plugin"), !call.isPhrase, call.option("id") == nil,
      call.all(argument: "SEL").isEmpty, call.all(option: "where").isEmpty
    {
      return try await session.connections(of: session.plugin(plugin.text), at: plugin)
        .map(session.target)
    }
    return try await selection.targetsOrPick(example: "test all")
  }

  /// The connection's name and the verdict, fetched at the same time.
  ///
  /// - Parameter scopes: The scopes that are read as well; `nil`: none, and nothing is listed.
  private static func test(
    _ target: ConnectionTarget,
    _ administrator: Administrator,
    deep scopes: ProjectUse.Scopes?
  ) async -> Result<(Connection, Verdict), APIError> {
    await Result(awaiting: { () async throws(APIError) in
      var (connection, verdict) = try await shallow(target, administrator)
      if let scopes {
        verdict = try await administrator.deepened(
          verdict,
          of: connection,
          target.plugin,
          scopes: scopes.ids
        )
      }
      return (connection, verdict)
    })
  }

  private static func shallow(
    _ target: ConnectionTarget,
    _ administrator: Administrator
  ) async throws(APIError) -> (Connection, Verdict) {
    guard let connection = target.connection else {
      return try await administrator.readAndTest(target.id, of: target.plugin)
    }
    let verdict = try await administrator.test(
      target.id,
      of: target.plugin,
      endpoint: connection.endpoint,
      authMethod: connection.authMethod
    )
    return (connection, verdict)
  }
}

extension Signature.Option {
  /// Whether it is asked what a credential can collect, and not only whether it is accepted.
  static let deep = Signature.Option(
    name: "deep",
    kind: .flag,
    help: "ask also what the credential can collect, and read each scope"
  )
}
