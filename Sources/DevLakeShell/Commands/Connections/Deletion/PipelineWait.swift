import DevLakeKit

/// Waits until no pipeline of the installation runs: DevLake deletes nothing meanwhile.
final class PipelineWait {
  private let session: Session
  private let patience: Duration
  private let end: ContinuousClock.Instant
  private var isAnnounced = false

  /// How long is waited where no `--timeout` says it.
  private static let standard = Duration.seconds(3600)

  /// The time begins now, and is for all waiting of one command.
  init(session: Session) {
    self.session = session
    patience = session.commandTimeout ?? session.settings.timeout ?? Self.standard
    end = ContinuousClock.now + patience
  }

  /// Returns when none runs.
  ///
  /// - Throws: Exit 124 when the time is over, naming those that still run.
  func run(using key: ConnectionKey) async throws(Failure) {
    let administrator = try await session.administrator()
    var pause = Duration.milliseconds(50)
    var waited = Duration.zero
    while true {
      let running = try await pipelines(key, administrator)
      guard !running.isEmpty else { return }
      announce(running)
      guard ContinuousClock.now + pause < end, waited + pause < patience else {
        throw overdue(running)
      }
      do {
        try await session.world.pause(pause)
      } catch {
        // A pause ends early for one reason only: the task was cancelled.
        throw .interrupted
      }
      waited += pause
      pause = min(pause * 2, .seconds(2))
    }
  }

  private func pipelines(
    _ key: ConnectionKey,
    _ administrator: Administrator
  ) async throws(Failure) -> [Impact.Pipeline] {
    do throws(APIError) {
      return try await administrator.runningPipelines(using: key)
    } catch {
      throw Failure(error, doing: "running pipelines")
    }
  }

  private func announce(_ running: [Impact.Pipeline]) {
    session.conversation.progress?.expect([Self.names(running)])
    guard !isAnnounced else { return }
    isAnnounced = true
    session.conversation.note(
      "   ⏳ Waiting for \(Self.names(running)) to end, at most \(patience.seconds) s..."
    )
  }

  private func overdue(_ running: [Impact.Pipeline]) -> Failure {
    Failure(
      Diagnostic(
        code: .timeout,
        message: "\(Self.names(running)) still runs after \(patience.seconds) s",
        help: "wait longer with --timeout SECONDS, or cancel it in config-ui"
      ),
      exitCode: .timeout
    )
  }

  static func names(_ pipelines: [Impact.Pipeline]) -> String {
    let names = pipelines.prefix(3).map { "'\(ServerText.line($0.name))'" }.joined(separator: ", ")
    return (pipelines.count == 1 ? "pipeline " : "pipelines ") + names
      + (pipelines.count > 3 ? ", …" : "")
  }
}
