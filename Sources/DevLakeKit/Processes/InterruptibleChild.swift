import Synchronization

#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#elseif canImport(Darwin)
package import Darwin
#endif

/// A child process that another thread may interrupt.
package final class InterruptibleChild: Sendable {
  private struct State {
    /// Set while the id is surely ours.
    var target: pid_t?
    var id: pid_t = 0
    var isInterrupted = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Starts it, unless it was interrupted before it began.
  package func start(isGroup: Bool, _ spawn: (inout pid_t) -> CInt) -> CInt {
    state.withLock { state in
      guard !state.isInterrupted else { return ECANCELED }
      let code = spawn(&state.id)
      if code == 0 { state.target = isGroup ? -state.id : state.id }
      return code
    }
  }

  package func interrupt() {
    state.withLock { state in
      state.isInterrupted = true
      if let target = state.target { kill(target, SIGINT) }
    }
  }

  /// Its status as `waitpid` gives it.
  ///
  /// - Parameter isWoken: Whether one that was stopped goes on, as there is no job control to wake it.
  package func wait(isWoken: Bool = false) -> CInt {
    let id = state.withLock { $0.id }
    var information = siginfo_t()
    let events = WEXITED | WNOWAIT | (isWoken ? WSTOPPED : 0)
    // The id stays ours until it is taken below, so an interrupt cannot hit another process.
    while true {
      if waitid(P_PID, id_t(id), &information, events) < 0 {
        guard errno == EINTR else { break }
      } else if isWoken, information.si_code == Int32(CLD_STOPPED) {
        kill(-id, SIGCONT)
      } else {
        break
      }
    }
    return state.withLock { state in
      if let target = state.target { ChildSignals.forget(target) }
      state.target = nil
      var status: CInt = 0
      while waitpid(id, &status, 0) < 0, errno == EINTR {}
      return status
    }
  }
}
