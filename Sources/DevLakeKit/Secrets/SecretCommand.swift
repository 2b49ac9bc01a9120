import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs a `cmd:` reference and takes what it prints.
///
/// `/bin/sh -c`, standard input from `/dev/null`, standard error left alone so that `op` or `vault`
/// can speak to the person. A deadline or cancellation ends the command with all its children.
///
/// Several run in parallel and each may ask for a passphrase, but the terminal belongs to one group
/// of processes. The first to come has it from the start. The others are in the background, where the
/// kernel stops whoever reads from the terminal or changes its modes (SIGTTIN, SIGTTOU); one that is
/// stopped waits its turn, with its deadline, and goes on where it was.
struct SecretCommand {
  let text: Secret
  let sources: SecretSources

  /// Its output, at most 64 KiB.
  func run() async throws(SecretReferenceError) -> [UInt8] {
    var stream = SecretStream(place: "the command of cmd:", patience: sources.commandDeadline)
    let hasTerminal = TerminalTurn.isPossible
    var turn = hasTerminal ? TerminalTurn.take() : nil
    // Between `pipe` and `fcntl` another command would inherit the pipe and keep it open.
    let started = Self.oneAtATime.withLock { _ in startWithPipe(isLent: hasTerminal) }
    if case .failure = started { turn?.end() }
    let (child, descriptor) = try started.get()
    let output = OpenFile(reading: descriptor)
    turn?.lend(to: child.id)
    var status: Int32?
    defer {
      if status == nil { child.kill() }
      turn?.end()
    }
    var bytes: [UInt8] = []
    var isOpen = true
    var pause = Duration.milliseconds(1)
    while isOpen || status == nil {
      if isOpen {
        switch try stream.chunk(output) {
        case .end: isOpen = false
        case .bytes(let more):
          bytes += more
          guard bytes.count <= SecretText.maximumLength else {
            throw .unusable(.tooLong, stream.place)
          }
          continue
        case .notYet: break
        }
      }
      if status == nil {
        switch child.state() {
        case .ended(let number):
          status = number
          continue
        case .stopped where turn != nil: child.goOn()
        case .stopped:
          turn = TerminalTurn.take()
          turn?.lend(to: child.id)
          // Waiting for another's passphrase is not a fault of its own.
          if turn == nil, TerminalTurn.isBusy { stream.extend(by: pause) }
        case .running: break
        }
      }
      try await stream.wait(&pause)
    }
    try Self.check(status ?? 0)
    return bytes
  }

  /// Judges the status as `waitpid` gives it: the signal in the low bits, the exit status above.
  private static func check(_ status: Int32) throws(SecretReferenceError) {
    let signal = status & 0x7F
    if signal == SIGINT { throw .interrupted }
    if signal != 0 { throw .commandKilled(signal: signal) }
    let exit = status >> 8 & 0xFF
    guard exit == 0 else { throw .commandFailed(status: exit) }
  }

  private static func notStarted(_ code: Int32) -> SecretReferenceError {
    .commandNotStarted(reason: String(cString: strerror(code)))
  }

  private static let oneAtATime = Mutex(())

  /// Starts the command; the descriptor is the end of the pipe its output comes out of.
  private func startWithPipe(
    isLent: Bool
  ) -> Result<(ChildProcess, Int32), SecretReferenceError> {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .failure(Self.notStarted(errno)) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child = start(output: ends[1], isLent: isLent)
    close(ends[1])
    if case .failure = child { close(ends[0]) }
    return child.map { ($0, ends[0]) }
  }

  private func start(
    output: Int32,
    isLent: Bool
  ) -> Result<ChildProcess, SecretReferenceError> {
    text.reveal { command in
      var child = ShellChild(command: command, environment: sources.environment)
      child.folder = sources.workingDirectory
      child.output = output
      // Without the terminal a command that asks must fail at once, not stop until the deadline.
      child.group = isLent ? .own : .session
      var id: Int32 = 0
      let code = child.start(&id)
      return code == 0 ? .success(ChildProcess(id: id)) : .failure(Self.notStarted(code))
    }
  }
}

/// A started command and everything it started in turn.
private struct ChildProcess {
  let id: pid_t

  enum State {
    case running
    /// It wants the terminal, or the person has pressed Ctrl-Z.
    case stopped
    /// How it ended, as `waitpid` says.
    case ended(Int32)
  }

  /// How it is doing.
  func state() -> State {
    var information = siginfo_t()
    // Its number is ours until the status is taken: so long it may be told what ends us.
    if waitid(P_PID, id_t(id), &information, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) == 0 {
      if information.si_signo == 0 { return .running }
      if information.si_code == CInt(CLD_STOPPED) { return .stopped }
    }
    ChildSignals.forget(-id)
    var status: Int32 = 0
    let result = waitpid(id, &status, WNOHANG)
    if result == id { return .ended(status) }
    // Whoever took the status before us has taken the truth with it: no success is claimed.
    return result < 0 && errno != EINTR ? .ended(SIGCHLD) : .running
  }

  /// Wakes it up, in front or behind.
  func goOn() { _ = killpg(id, SIGCONT) }

  /// Ends the whole group.
  ///
  /// The id is still ours here, because nobody has waited for it yet.
  func kill() {
    _ = killpg(id, SIGKILL)
    ChildSignals.forget(-id)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
  }
}
