import LineEditing
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps what is typed while a command runs off the screen, as it may be a secret typed too early.
///
/// The terminal goes on collecting it: the next question, or the prompt, finds it there. Children
/// that use the terminal get it as the person left it.
final class HiddenTyping: Sendable {
  private struct State {
    /// How many of those that hide are at work: the prompt's entry, and a command of it.
    var depth = 0
    var isHidden = false
  }

  private let state = Mutex(State())
  private let terminal: CInt

  /// Creates hidden typing on the terminal with that descriptor.
  init(terminal: CInt) { self.terminal = terminal }

  /// From now on nothing typed is shown.
  func begin() {
    state.withLock { state in
      state.depth += 1
      if !state.isHidden { state.isHidden = TerminalGuard.hideTyping(on: terminal) }
    }
  }

  /// The reverse of ``begin()``.
  func end() {
    state.withLock { state in
      state.depth = max(0, state.depth - 1)
      if state.depth == 0 { show(&state) }
    }
  }

  /// Shows what is typed while a child has the terminal.
  func whileLent<Answer, Failure: Error>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    state.withLock { show(&$0) }
    defer {
      state.withLock { state in
        if state.depth > 0 { state.isHidden = TerminalGuard.hideTyping(on: terminal) }
      }
    }
    return try await body()
  }

  /// Takes the whole screen until ``leaveScreen()``; false where that cannot be.
  ///
  /// Nothing typed is shown in the meantime, and ``keys()`` has it.
  func takeScreen() -> Bool {
    begin()
    if state.withLock({ $0.isHidden }), TerminalGuard.takeScreen() { return true }
    end()
    return false
  }

  /// Gives the screen back as it was.
  func leaveScreen() {
    TerminalGuard.leaveScreen()
    end()
  }

  /// What has been typed on the screen that was taken; never waits.
  func keys() -> [UInt8] {
    var keys: [UInt8] = []
    var poller = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    while poll(&poller, 1, 0) > 0, poller.revents & Int16(POLLIN) != 0 {
      var key: UInt8 = 0
      guard read(terminal, &key, 1) == 1 else { break }
      keys.append(key)
    }
    return keys
  }

  private func show(_ state: inout State) {
    if state.isHidden { TerminalGuard.showTyping() }
    state.isHidden = false
  }
}
