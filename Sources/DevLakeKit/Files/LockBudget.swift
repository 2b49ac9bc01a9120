import Synchronization

/// How long a program waits for locks that others hold, in all: who finds one held to the end of its
/// patience does not wait for the next.
public final class LockBudget: Sendable {
  private let left: Mutex<Duration>

  /// Creates a lock budget with the time for all waiting together.
  public init(_ duration: Duration = .seconds(10)) { left = Mutex(duration) }

  /// Ends the waiting, but for a moment: what was done is still to be noted, and another program that
  /// notes something at this time must not keep it out.
  public func end() { left.withLock { $0 = min($0, .milliseconds(300)) } }

  /// Nothing is waited for any more.
  public func exhaust() { left.withLock { $0 = .zero } }

  /// What is left of it.
  public var remaining: Duration { left.withLock { $0 } }

  /// Whether another pause may be made; it is taken off what is left.
  func allows(_ pause: Duration) -> Bool {
    left.withLock { left in
      guard left >= pause else { return false }
      left -= pause
      return true
    }
  }

  /// Repeats `attempt` until it gives something, or the patience is at its end.
  ///
  /// The pauses are slept, not spent on the thread: requests under way go on in the meantime. The first
  /// attempt is always made.
  func acquire<Value, Failure: Error>(
    _ attempt: () throws(Failure) -> Value?
  ) async throws(Failure) -> Value? {
    var pause = Duration.milliseconds(1)
    while true {
      if let value = try attempt() { return value }
      guard !Task.isCancelled, allows(pause) else { return nil }
      // A pause that was cut short is the end of all of them, as the next look shows.
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(20))
    }
  }
}
