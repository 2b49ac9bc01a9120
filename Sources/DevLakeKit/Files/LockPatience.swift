import Synchronization

/// How long a lock that others hold is waited for.
///
/// Whoever can read a folder can hold a lock in it for ever. A lock that was not let go in the time it
/// was given is tried once from then on, so that a command with a thousand rows waits ten seconds and
/// not ten seconds a row; once it was free, it is waited for again.
enum LockPatience {
  private static let exhausted = Mutex<Set<String>>([])

  /// When to give up waiting for the lock at `path`.
  static func deadline(for path: String, usual: Duration) -> ContinuousClock.Instant {
    exhausted.withLock { $0.contains(path) } ? .now : .now + usual
  }

  /// It was held for the whole time.
  static func giveUp(_ path: String) { exhausted.withLock { _ = $0.insert(path) } }

  /// It was free.
  static func isFree(_ path: String) { exhausted.withLock { _ = $0.remove(path) } }
}
