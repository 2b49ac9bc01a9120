import Glibc
import Synchronization

/// Hands what ends this process on to its children while they run.
///
/// They are in groups of their own, so whoever ends a job by its group, as `timeout` and the runners
/// of CI do, would leave them behind. No other process is told.
package enum ChildSignals {
  private static let ending = [SIGTERM, SIGHUP, SIGQUIT]

  /// A child, or its group as a negative number; 0: free.
  private final class Place: Sendable {
    let target = Atomic<Int32>(0)
  }

  /// As many as commands ever start at once; a handler can wait for no lock, so they are fixed.
  private static let places = (0..<256).map { _ in Place() }
  /// How many children there are, those that are being started included.
  private static let count = Mutex(0)
  /// How many are being started: nobody knows their numbers yet.
  private static let starting = Atomic(0)
  /// The signal that came, 0 for none.
  private static let arrived = Atomic<CInt>(0)
  /// Whether this process is about to end of a signal its children were told of.
  private static let isEnding = Atomic(false)
  /// What the signals did before, in the order of ``ending``; written only while none is handled.
  private nonisolated(unsafe) static var before = ending.map { _ in sigaction() }

  /// A child is about to be started; ``started(_:)`` follows.
  static func starts() {
    count.withLock { count in
      if count == 0 { install() }
      count += 1
      starting.add(1, ordering: .sequentiallyConsistent)
    }
  }

  /// From now on `target` is told, also of what came meanwhile; `nil`: it could not be started.
  static func started(_ target: Int32?) {
    let place = target.flatMap { target in
      places.first {
        $0.target.compareExchange(
          expected: 0,
          desired: target,
          ordering: .sequentiallyConsistent
        ).exchanged
      }
    }
    starting.subtract(1, ordering: .sequentiallyConsistent)
    if place == nil { leave() }
    let number = arrived.load(ordering: .sequentiallyConsistent)
    if number != 0 { end(of: number) }
  }

  /// It is told no more; to be called while its number is surely still its own.
  ///
  /// Does not return where the child has ended of what ends this process: nothing is said about it.
  package static func forget(_ target: Int32) {
    while isEnding.load(ordering: .sequentiallyConsistent) { pause() }
    let place = places.first {
      $0.target.compareExchange(
        expected: target,
        desired: 0,
        ordering: .sequentiallyConsistent
      ).exchanged
    }
    if place != nil { leave() }
  }

  private static func leave() {
    count.withLock { count in
      count -= 1
      if count == 0 { remove() }
    }
  }

  private static func install() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handOn
    action.sa_flags = SA_RESTART | SA_ONSTACK
    for (index, signal) in ending.enumerated() {
      sigaction(signal, nil, &before[index])
      // What whoever started us ignores (nohup) stays ignored.
      guard !isIgnored(before[index]) else { continue }
      sigaction(signal, &action, nil)
    }
  }

  private static func remove() {
    for (index, signal) in ending.enumerated() where !isIgnored(before[index]) {
      sigaction(signal, &before[index], nil)
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static let handOn: @convention(c) (CInt) -> Void = { number in
    arrived.store(number, ordering: .sequentiallyConsistent)
    // Whoever starts a child goes on with it as soon as its number is known.
    guard starting.load(ordering: .sequentiallyConsistent) == 0 else { return }
    end(of: number)
  }

  /// Tells the children, then leaves the signal to what handled it before: the guard of the terminal,
  /// or the end of the process.
  private static func end(of number: CInt) {
    isEnding.store(true, ordering: .sequentiallyConsistent)
    for place in places {
      let target = place.target.load(ordering: .sequentiallyConsistent)
      if target != 0 { kill(target, number) }
    }
    for index in ending.indices where ending[index] == number {
      sigaction(number, &before[index], nil)
    }
    // Not `raise`: the threads of Dispatch, and those they start, take no signal.
    kill(getpid(), number)
  }
}
