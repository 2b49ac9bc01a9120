/// Waits until no pipeline of the installation runs: DevLake deletes nothing in the meantime.
///
/// The time is for all waiting of one run, and begins with it.
struct PipelineWaiting: Sendable {
  private let administrator: Administrator
  private let progress: any ChangeProgress
  private let patience: Duration?
  private let end: ContinuousClock.Instant

  /// - Parameter patience: How long; `nil`: not at all.
  init(_ administrator: Administrator, _ progress: any ChangeProgress, _ patience: Duration?) {
    self.administrator = administrator
    self.progress = progress
    self.patience = patience
    end = ContinuousClock.now + (patience ?? .zero)
  }

  var isWanted: Bool { patience != nil }

  /// Returns when none runs, at once where nobody waits.
  ///
  /// - Throws: When the time is over, with those that still run, or DevLake cannot be asked.
  func run(for change: Change) async throws(ChangeProblem) {
    guard let key = change.key, let patience else { return }
    let administrator = administrator
    var pause = Duration.milliseconds(50)
    var waited = Duration.zero
    var isAnnounced = false
    while true {
      let running: [Impact.Pipeline]
      let found = await result { () async throws(APIError) in
        try await administrator.runningPipelines(using: key)
      }
      switch found {
      case .success(let pipelines): running = pipelines
      case .failure(let error): throw .unreadable(error)
      }
      guard !running.isEmpty else { return }
      if !isAnnounced {
        isAnnounced = true
        progress.notes(.waits(pipelines: running, patience: patience), of: change)
      }
      // The last pause is as long as what is left: nobody gives up before the time is over.
      let left = min(end - ContinuousClock.now, patience - waited)
      guard left > .zero else { throw .pipelines(running, after: patience) }
      pause = min(pause, left)
      do {
        try await progress.pause(pause)
      } catch {
        // A pause ends early for one reason only: the task was cancelled.
        throw .interrupted
      }
      waited += pause
      pause = min(pause * 2, .seconds(2))
    }
  }
}
