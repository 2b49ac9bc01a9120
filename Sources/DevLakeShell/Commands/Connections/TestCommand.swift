import DevLakeKit

/// Tests saved connections side by side: `test 1`, `test all`.
struct TestCommand: Command {
  let signature = Signature(
    name: "test",
    abstract: "Check that the services accept the credentials",
    discussion: """
      Exit code 1 when one fails, 4 when some of several do. 'unverified' means that DevLake \
      never asked the service; it is no failure.
      """,
    arguments: [.selectors],
    options: [.plugin, .id, .condition, .parallel, .instances],
    examples: [
      .init(input: "test github/1", purpose: "one connection"),
      .init(input: "test all", purpose: "every connection, in parallel"),
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
    let targets = try await targets(call, session)
    let limit = call.integer("parallel") ?? session.settings.parallel
    let progress = session.conversation.progress
    let outcomes = try await session.firstRead { client in
      let administrator = Administrator(client: client)
      return await sideBySide(
        targets,
        atMost: limit,
        showing: progress,
        named: targets.map(\.key.description)
      ) { target in
        (target, await Self.test(target, administrator))
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
  private static func test(
    _ target: ConnectionTarget,
    _ administrator: Administrator
  ) async -> Result<(Connection, Verdict), APIError> {
    do throws(APIError) {
      guard let connection = target.connection else {
        return .success(try await administrator.readAndTest(target.id, of: target.plugin))
      }
      let verdict = try await administrator.test(
        target.id,
        of: target.plugin,
        endpoint: connection.endpoint,
        authMethod: connection.authMethod
      )
      return .success((connection, verdict))
    } catch {
      return .failure(error)
    }
  }
}
