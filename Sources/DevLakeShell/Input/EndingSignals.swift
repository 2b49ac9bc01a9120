import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Takes SIGTERM and SIGHUP as Ctrl-C while DevLake is written to: no new write begins, the one under
/// way is awaited or looked up, what was done is told, and only then the program ends by that signal.
///
/// At all other times they end the program at once, as `timeout`, a closed terminal and the runners of
/// CI expect. A handler may do almost nothing, so it notes the number and a task looks at it: a signal
/// source of Dispatch would have to be there for the whole life of the program, because it sets the
/// default action behind our back when it goes, and would take the place of the terminal's guard.
enum EndingSignals {
  private static let numbers = [SIGTERM, SIGHUP]
  /// The signal that came, 0 for none.
  private static let arrived = Atomic<CInt>(0)
  private static let note: @convention(c) (CInt) -> Void = { number in
    arrived.store(number, ordering: .sequentiallyConsistent)
  }

  /// The signal by which the program is to end, once it has told what it did.
  static var pending: CInt? {
    let number = arrived.load(ordering: .sequentiallyConsistent)
    return number == 0 ? nil : number
  }

  /// Runs `work`, and cancels it when one of the signals comes.
  static func deferred<Outcome: Sendable>(
    _ work: @escaping @Sendable () async -> Outcome
  ) async -> Outcome {
    // Made before a handler may need it: the first use of a static runs its initializer.
    _ = arrived.load(ordering: .sequentiallyConsistent)
    var before = numbers.map { _ in sigaction() }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = note
    action.sa_flags = SA_RESTART | SA_ONSTACK
    for (index, number) in numbers.enumerated() {
      sigaction(number, nil, &before[index])
      // What whoever started us ignores (nohup) stays ignored.
      guard !isIgnored(before[index]) else { continue }
      sigaction(number, &action, nil)
    }
    defer {
      for (index, number) in numbers.enumerated() where !isIgnored(before[index]) {
        sigaction(number, &before[index], nil)
      }
    }
    let task = Task { await work() }
    let watch = Task {
      // A cancelled sleep ends the watch.
      while (try? await Task.sleep(for: .milliseconds(10))) != nil {
        guard pending == nil else { return task.cancel() }
      }
    }
    defer { watch.cancel() }
    return await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Ctrl-C, or a SIGINT that was sent, is what ends the program if it ends with 130.
  static func noteInterrupt() { wasInterrupted.store(true, ordering: .relaxed) }

  private static let wasInterrupted = Atomic<Bool>(false)

  /// Ends the program by the signal that came, if one did: whoever waits for it, a shell's loop for
  /// example, sees that it did not end by itself.
  static func endIfPending(_ code: ExitCode) {
    if let number = pending {
      arrived.store(0, ordering: .sequentiallyConsistent)
      end(by: number)
    }
    if code == .interrupted, wasInterrupted.load(ordering: .relaxed) { end(by: SIGINT) }
  }

  /// Ends the program by a signal.
  static func end(by number: CInt) -> Never {
    if number == SIGINT {
      // Dispatch catches it, and blocks it in every thread that has once been given it.
      signal(number, SIG_DFL)
      var numbers = sigset_t()
      sigemptyset(&numbers)
      sigaddset(&numbers, number)
      pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
    }
    // Not `raise`: the threads of Dispatch, and those they start, take no signal.
    kill(getpid(), number)
    // Another thread may serve it; this one has nothing more to do.
    while true { pause() }
  }
}
