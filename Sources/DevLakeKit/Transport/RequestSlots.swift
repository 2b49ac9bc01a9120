import Synchronization

/// How many requests may be under way at the same time, over all who share it.
///
/// Whoever waits has a place in a queue, and its deadline begins when its turn comes: the client's own
/// queue would count the wait as time to connect (measured with async-http-client 1.37).
package final class RequestSlots: Sendable {
  private struct Waiter {
    let number: Int
    let resume: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var waiting: [Waiter] = []
    var last = 0
    /// Those whose task was cancelled before they stood in the queue.
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  /// Lets `count` requests through at once.
  package init(_ count: Int) { state = Mutex(State(free: max(1, count))) }

  /// Waits for a slot.
  ///
  /// - Returns: Whether there is one; `false` when the task was cancelled, and nothing is to be given back.
  package func take() async -> Bool {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { resume in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.remove(number) != nil { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append(Waiter(number: number, resume: resume))
          return nil
        }
        if let answer { resume.resume(returning: answer) }
      }
    } onCancel: {
      let waiter: Waiter? = state.withLock { state in
        guard let index = state.waiting.firstIndex(where: { $0.number == number }) else {
          state.cancelled.insert(number)
          return nil
        }
        return state.waiting.remove(at: index)
      }
      waiter?.resume.resume(returning: false)
    }
  }

  /// Gives a slot back, to the next one who waits.
  package func give() {
    let next: Waiter? = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume.resume(returning: true)
  }
}

/// A transport with a bound of requests at once.
package struct BoundedTransport: HTTPTransport {
  private let inner: any HTTPTransport
  private let slots: RequestSlots

  /// Creates a bounded transport with the transport that carries them, and who else is counted.
  package init(_ inner: any HTTPTransport, slots: RequestSlots) {
    self.inner = inner
    self.slots = slots
  }

  package func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    guard await slots.take() else { throw .cancelled }
    defer { slots.give() }
    return try await inner.send(request, within: limit)
  }
}
