import DevLakeKit

/// Finds or names the DevLake to talk to: `connect http://localhost:8080`.
struct ConnectCommand: Command {
  let signature = Signature(
    name: "connect",
    abstract: "Find or name the DevLake to talk to",
    discussion: """
      Without a URL it is looked for: --url, $DEVLAKE_URL, the state files of the folder, \
      localhost:8080 and 8085, config-ui at localhost:4000/api.
      """,
    arguments: [.init(name: "URL", kind: .url, isRequired: false)],
    options: [
      .init(
        name: "migrate",
        kind: .flag,
        help: "run a pending database migration, after a question"
      )
    ],
    examples: [.init(input: "connect http://localhost:8080", purpose: "this DevLake from now on")],
    topic: .instance
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let before = (session.instance, session.namedAddress, session.cache)
    session.disconnect()
    if let given = call.argument("URL") {
      session.namedAddress = (given.text, .command)
    }
    do throws(Failure) {
      var instance = try await session.connected()
      if call.flag("migrate") {
        try await migrate(instance, session)
        instance = try await session.connected()
      }
      return CommandResult(output(instance))
    } catch {
      (session.instance, session.namedAddress, session.cache) = before
      throw error
    }
  }

  private func output(_ instance: DevLakeInstance) -> Output {
    Output(
      data: [
        "url": .string(instance.url), "source": .string(instance.source.description),
        "version": .string(instance.version),
      ],
      view: .lines(["DevLake \(instance.version) at \(instance.url) (\(instance.source))"])
    )
  }

  private func migrate(_ instance: DevLakeInstance, _ session: Session) async throws(Failure) {
    do throws(APIError) {
      guard try await instance.client.isMigrationPending() else {
        session.conversation.note("   no migration is pending")
        return
      }
    } catch {
      throw Failure(error)
    }
    if !session.answersYes {
      guard session.conversation.canAsk else {
        throw .unasked("a migration changes DevLake's database", flags: ["--yes"])
      }
      let answer = try await session.conversation.ask(
        "Migrate the database of \(instance.url)? Make a backup first. (yes/no): "
      )
      guard ["y", "yes"].contains(answer?.lowercased() ?? "") else {
        throw .unasked("the migration was not confirmed", flags: ["--yes"])
      }
    }
    session.conversation.note("   migrating the database...")
    do throws(APIError) {
      try await instance.client.proceedWithMigration()
    } catch {
      throw Failure(error, doing: "migration")
    }
  }
}
