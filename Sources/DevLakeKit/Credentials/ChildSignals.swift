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
  private static let count = Mutex(0)
  /// What the signals did before, in the order of ``ending``; written only while none is handled.
  private nonisolated(unsafe) static var before = ending.map { _ in sigaction() }

  /// From now on `target` is told.
  package static func watch(_ target: Int32) {
    count.withLock { count in
      let place = places.first {
        $0.target.compareExchange(expected: 0, desired: target, ordering: .relaxed).exchanged
      }
      guard place != nil else { return }
      if count == 0 { install() }
      count += 1
    }
  }

  /// It is told no more; to be called while its number is surely still its own.
  package static func forget(_ target: Int32) {
    count.withLock { count in
      let place = places.first {
        $0.target.compareExchange(expected: target, desired: 0, ordering: .relaxed).exchanged
      }
      guard place != nil else { return }
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

  /// Tells the children, then leaves the signal to what handled it before: the guard of the terminal,
  /// or the end of the process.
  private static let handOn: @convention(c) (CInt) -> Void = { number in
    for place in places {
      let target = place.target.load(ordering: .relaxed)
      if target != 0 { kill(target, number) }
    }
    for index in ending.indices where ending[index] == number {
      sigaction(number, &before[index], nil)
    }
    raise(number)
  }
}
