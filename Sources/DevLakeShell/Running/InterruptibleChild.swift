import DevLakeKit
import Glibc
import Synchronization

/// A child process that another thread may interrupt.
final class InterruptibleChild: Sendable {
  private struct State {
    /// Set while the id is surely ours.
    var target: pid_t?
    var id: pid_t = 0
    var isInterrupted = false
  }

  private let state = Mutex(State())

  /// Starts it, unless it was interrupted before it began.
  func start(isGroup: Bool, _ spawn: (inout pid_t) -> CInt) -> CInt {
    state.withLock { state in
      guard !state.isInterrupted else { return ECANCELED }
      let code = spawn(&state.id)
      if code == 0 { state.target = isGroup ? -state.id : state.id }
      return code
    }
  }

  func interrupt() {
    state.withLock { state in
      state.isInterrupted = true
      if let target = state.target { kill(target, SIGINT) }
    }
  }

  /// Its status as `waitpid` gives it.
  func wait() -> CInt {
    let id = state.withLock { $0.id }
    var information = siginfo_t()
    // The id stays ours until it is taken below, so an interrupt cannot hit another process.
    while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    return state.withLock { state in
      if let target = state.target { ChildSignals.forget(target) }
      state.target = nil
      var status: CInt = 0
      while waitpid(id, &status, 0) < 0, errno == EINTR {}
      return status
    }
  }
}
