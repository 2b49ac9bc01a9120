import NIOCore

extension AsyncHTTPTransport {
  /// Runs `work` on the one thread that sends the requests of every transport.
  ///
  /// A request then changes no threads, which costs as much as all that the client itself does
  /// (measured). Nobody else's requests go on while `work` waits for anything but a request, as for a
  /// child: who waits for a person has no place here.
  public static func onItsThread<Outcome: Sendable>(
    _ work: @Sendable () async -> Outcome
  ) async -> Outcome {
    await withTaskExecutorPreference(executor) { await LoopActor.shared.run(work) }
  }
}

/// What is isolated to it runs on the event loop's thread.
private actor LoopActor {
  static let shared = LoopActor()

  private nonisolated let executor = AsyncHTTPTransport.executor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func run<Outcome: Sendable>(_ work: @Sendable () async -> Outcome) async -> Outcome {
    await work()
  }
}

/// An event loop's thread as a place where tasks and actors run.
final class LoopExecutor: TaskExecutor, SerialExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute {
      job.runSynchronously(
        isolatedTo: self.asUnownedSerialExecutor(),
        taskExecutor: self.asUnownedTaskExecutor()
      )
    }
  }

  func checkIsolated() { loop.preconditionInEventLoop() }

  /// On the loop's own thread: gives it the time to notice which connections were closed while it did
  /// something else.
  ///
  /// A write that goes to such a connection is lost, and nobody can tell whether it arrived. A timer
  /// that is not due yet makes the loop look at its connections first.
  func letOthersAct() async {
    guard loop.inEventLoop else { return }
    let timer = loop.scheduleTask(in: .microseconds(250)) {}
    // It cannot fail, and a loop that shuts down has no connections.
    try? await timer.futureResult.get()
  }
}
