import Synchronization
import Testing

@testable import DevLakeKit

/// That no more requests than slots are under way, in the order they came, and none hangs.
struct RequestSlotsTests {
  /// Counts who is inside at the same time.
  private final class Counter: Sendable {
    private let state = Mutex((now: 0, most: 0))
    var most: Int { state.withLock { $0.most } }

    func enter() {
      state.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
      }
    }

    func leave() { state.withLock { $0.now -= 1 } }
  }

  @Test func `never more at once than there are slots`() async {
    let (slots, counter) = (RequestSlots(3), Counter())
    await withTaskGroup { group in
      for _ in 0..<100 {
        group.addTask {
          guard await slots.take() else { return }
          counter.enter()
          await Task.yield()
          counter.leave()
          slots.give()
        }
      }
    }
    #expect(counter.most <= 3)
    #expect(counter.most > 0)
  }

  @Test func `who is cancelled while waiting leaves the queue, and takes no slot`() async {
    let slots = RequestSlots(1)
    #expect(await slots.take())
    let waiting = Task { await slots.take() }
    waiting.cancel()
    #expect(await waiting.value == false)
    slots.give()
    #expect(await slots.take())
  }
}
