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

/// The two ends of a pipe, which children do not inherit.
struct ChildPipe {
  private(set) var reader: CInt = -1
  private(set) var writer: CInt = -1

  /// No pipe.
  static let none = ChildPipe()

  /// A new pipe; ``none`` where the system has no more.
  static func make() -> ChildPipe {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return none }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var made = ChildPipe()
    (made.reader, made.writer) = (ends[0], ends[1])
    return made
  }

  var isOpen: Bool { reader >= 0 || writer >= 0 }

  /// For our own end only: a child that does not read must not stop us from reading it.
  func doNotBlockWriter() { _ = fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) | O_NONBLOCK) }

  mutating func closeReader() { Self.close(&reader) }
  mutating func closeWriter() { Self.close(&writer) }

  mutating func close() {
    closeReader()
    closeWriter()
  }

  private static func close(_ end: inout CInt) {
    guard end >= 0 else { return }
    Glibc.close(end)
    end = -1
  }
}
