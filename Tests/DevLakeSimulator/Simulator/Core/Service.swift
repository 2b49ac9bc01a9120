import DevLakeKit

/// What state the whole service is in.
public enum ServiceState: String, Sendable, CaseIterable {
  /// Everything works.
  case ready
  /// A new version waits for the leave to change the database: 428.
  case migrationPending = "migration-pending"
  /// The database is being changed: 428.
  case migrating
  /// The database is away: lists are `[]` under status 500.
  case databaseDown = "database-down"
}

extension ServiceState {
  /// What every route but those of the service itself answers.
  var refusal: Failure? {
    switch self {
    case .ready, .databaseDown: nil
    case .migrationPending:
      Failure(
        428,
        "New migration scripts detected. Database migration is required to launch DevLake. "
          + "WARNING: Performing migration may wipe collected data for consistency and "
          + "re-collecting data may be required. To proceed, please send a request to "
          + "<config-ui-endpoint>/api/proceed-db-migration (or) "
          + "<devlake-endpoint>/proceed-db-migration. Alternatively, you may downgrade back to "
          + "the previous DevLake version."
      )
    case .migrating: Failure(428, "Database migration is in progress")
    }
  }
}

extension DevLake {
  /// The routes that answer whatever state the service is in.
  mutating func serviceAnswer(_ request: Request) -> Answer? {
    guard request.method == "GET" else { return nil }
    switch request.path {
    case "/ping": return .empty(200)
    case "/version": return .json(["version": .string(version)])
    case "/health": return health()
    case "/ready": return readiness()
    case "/proceed-db-migration": return proceed()
    default: return nil
    }
  }

  private func health() -> Answer {
    switch state {
    case .ready: .envelope(message: "good")
    case .migrationPending, .migrating: .envelope(message: "maybe")
    case .databaseDown: databaseUnreachable.answer
    }
  }

  private func readiness() -> Answer {
    switch state {
    case .ready, .databaseDown: .envelope(message: "ready")
    case .migrationPending, .migrating: Failure(503, "service is not ready").answer
    }
  }

  private mutating func proceed() -> Answer {
    switch state {
    case .ready: return .success
    case .migrationPending:
      state = .ready
      return .success
    case .migrating, .databaseDown: return .panic
    }
  }
}
