import DevLakeKit

/// Runs a pending database migration, and waits until DevLake serves again.
struct Migration {
  let session: Session
  /// How long DevLake may take, where no `--timeout` says it.
  static let patience = Duration.seconds(600)

  func run(on instance: DevLakeInstance) async throws(Failure) {
    switch try await state(of: instance.client) {
    case .none:
      session.conversation.note("   no migration is pending")
      return
    case .running:
      session.conversation.note("   a migration is running, waiting for its end...")
    case .waiting:
      try await confirm(instance)
      try await migrate(instance.client)
      session.conversation.note("✅ the database is migrated")
      return
    }
    try await waitUntilReady(instance.client)
    session.conversation.note("✅ the database is migrated")
  }

  /// Begins it and waits for its end; both are in the journal.
  private func migrate(_ client: DevLakeClient) async throws(Failure) {
    let journal = try session.journal(for: "connect --migrate")
    let request = ChangeRequest.migration
    var record = ChangeRecord(
      plugin: "",
      id: nil,
      name: "DevLake's database",
      action: "migrated",
      outcome: .started,
      request: "\(request.method) \(request.path)"
    )
    let attempt: String
    do throws(JournalError) {
      attempt = try await journal.begin(record)
    } catch {
      throw .unaudited(error.description)
    }
    record.request = nil
    session.conversation.note("   migrating the database...")
    do throws(Failure) {
      try await proceed(client)
      try await waitUntilReady(client)
      record.outcome = .done
    } catch {
      // DevLake goes on with what it has begun.
      record.outcome = error.exitCode == .failure ? .failed : .unknown
      record.action = "failed"
      record.message = error.diagnostic.message
      await journal.end(record, attempt: attempt)
      throw error
    }
    await journal.end(record, attempt: attempt)
    if let problem = await journal.problem() {
      session.warnOnce("what is done is not in the audit log: \(problem)")
    }
  }

  private enum State {
    case none
    case waiting
    case running
  }

  private func state(of client: DevLakeClient) async throws(Failure) -> State {
    do throws(APIError) {
      _ = try await client.plugins()
      return .none
    } catch {
      switch error.kind {
      case .migration(let isRunning): return isRunning ? .running : .waiting
      // A key that may not see the plugins: DevLake looks at keys only when it serves.
      case .unauthorized(status: 403, _): return .none
      default: throw Failure(error)
      }
    }
  }

  private func confirm(_ instance: DevLakeInstance) async throws(Failure) {
    guard !session.scope.answersYes else { return }
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

  /// Tells DevLake to go on.
  ///
  /// It answers when it is done, which a proxy may not wait for: an answer
  /// that does not come is not a failure, whether DevLake gets ready tells.
  private func proceed(_ client: DevLakeClient) async throws(Failure) {
    do throws(APIError) {
      try await client.proceedWithMigration()
    } catch {
      switch error.kind {
      case .transport(.timedOut), .transport(.lost), .foreign, .brokenDown: return
      default: throw Failure(error, doing: "migration")
      }
    }
  }

  private func waitUntilReady(_ client: DevLakeClient) async throws(Failure) {
    let patience = session.scope.timeout ?? session.settings.timeout ?? Self.patience
    let end = ContinuousClock.now + patience
    var pause = Duration.milliseconds(50)
    while true {
      var waiting = State.running
      do throws(Failure) {
        waiting = try await state(of: client)
      } catch {
        // DevLake may start again in the meantime.
        guard error.exitCode == .unreachable || error.exitCode == .timeout else { throw error }
      }
      if waiting == .none { return }
      guard ContinuousClock.now + pause < end else {
        throw Failure(
          Diagnostic(
            code: .timeout,
            message:
              "DevLake is not ready \(patience.seconds) s after the migration began",
            help: "look at DevLake's log; 'connect --migrate' continues waiting"
          ),
          exitCode: .timeout
        )
      }
      do {
        try await Task.sleep(for: pause)
      } catch {
        throw .interrupted
      }
      pause = min(pause * 2, .seconds(2))
    }
  }
}
