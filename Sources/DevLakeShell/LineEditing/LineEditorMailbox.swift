import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What other threads have to say to the person who is typing.
///
/// Messages wait here until the editor reads a line; then they appear above it.
package final class LineEditorMailbox: Sendable {
  /// What was posted since the last look.
  package struct Post: Sendable {
    package var messages: [String] = []
    package var isInterrupted = false
    /// Whether the line must be drawn again, as a hint or the prompt has changed.
    package var isStale = false
  }

  private struct State {
    var post = Post()
    var wakingDescriptor: CInt = -1
  }

  private let state = Mutex(State())

  package init() {}

  /// Shows a message above the line; the line and the cursor stay as they are.
  package func post(_ message: String) { leave { $0.messages.append(message) } }

  /// Acts as Ctrl-C at the prompt: for a SIGINT that was sent, not typed.
  package func interrupt() { leave { $0.isInterrupted = true } }

  /// Asks for a new hint, as what hints are made from has changed.
  package func refreshHint() { leave { $0.isStale = true } }

  func attach(_ descriptor: CInt) { state.withLock { $0.wakingDescriptor = descriptor } }

  package func take() -> Post {
    state.withLock { state in
      defer { state.post = Post() }
      return state.post
    }
  }

  private func leave(_ change: (inout Post) -> Void) {
    state.withLock { state in
      change(&state.post)
      guard state.wakingDescriptor >= 0 else { return }
      // Written under the lock, as the descriptor may be closed behind it. A full pipe has a
      // byte to wake by already.
      var byte = UInt8(ascii: "m")
      _ = write(state.wakingDescriptor, &byte, 1)
    }
  }
}
