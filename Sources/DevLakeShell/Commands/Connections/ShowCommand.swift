import DevLakeKit

/// Shows everything DevLake tells of connections: `show github/1`.
struct ShowCommand: Command {
  let signature = Signature(
    name: "show",
    abstract: "Show all fields of connections",
    discussion: "Secrets are shown as ***. 'impact' shows what depends on a connection.",
    arguments: [.selectors],
    options: [
      .plugin, .id, .condition,
      .init(name: "impact", kind: .flag, help: "show what depends on the connections"),
      .instances,
    ],
    examples: [
      .init(input: "show github/1", purpose: "one connection"),
      .init(input: "show github/1 --json", purpose: "the same as JSON"),
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "show 3")
    if call.flag("impact") { return try await ImpactCommand().run(targets, call, in: session) }
    let parallel = session.settings.parallel
    let answers = try await session.firstRead { client in
      await inParallel(targets, atMost: parallel) { target in
        let answer = await Result(awaiting: { () async throws(APIError) in
          try await client.connection(target.id, of: target.plugin)
        })
        return (target, answer)
      }
    }
    // What a killed program left open is told here, too.
    _ = try await session.administrator()
    var connections: [JSONValue] = []
    for (target, answer) in answers {
      switch answer {
      case .success(let connection): connections.append(.object(session.fields(of: connection)))
      case .failure(let error):
        throw await session.explained(error, target, call.place(of: target))
      }
    }
    return CommandResult(Output(data: .array(connections), view: .records))
  }
}

extension Call {
  /// The word that named a target, for messages; the only one, or the whole command.
  func place(of target: ConnectionTarget) -> ArgumentValue {
    let words = all(argument: "SEL") + all(option: "id")
    return words.count == 1 ? words[0] : whole
  }
}
