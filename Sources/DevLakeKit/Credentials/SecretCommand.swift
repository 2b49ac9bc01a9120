import Glibc
import Synchronization

/// Runs a `cmd:` reference and takes what it prints.
///
/// `/bin/sh -c`, standard input from `/dev/null`, standard error left alone so that `op` or `vault`
/// can speak to the person. A deadline or cancellation ends the command with all its children.
struct SecretCommand {
  let text: Secret
  let sources: SecretSources

  /// Its output, at most 64 KiB.
  func run() async throws(SecretReferenceError) -> [UInt8] {
    let stream = SecretStream(place: "the command of cmd:", patience: sources.commandDeadline)
    let terminal = ForegroundTerminal()
    // Between `pipe` and `fcntl` another command would inherit the pipe and keep it open.
    let started = Self.oneAtATime.withLock { _ in startWithPipe(isLent: terminal != nil) }
    let (child, descriptor) = try started.get()
    let output = OpenFile(reading: descriptor)
    terminal?.lend(to: child.id)
    var status: Int32?
    defer {
      if status == nil { child.kill() }
      terminal?.takeBack()
    }
    let bytes = try await stream.readAll(output)
    try await stream.wait {
      status = child.status()
      return status != nil
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
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Without the terminal a command that asks must fail at once, not stop until the deadline.
    let group = isLent ? Int32(POSIX_SPAWN_SETPGROUP) : Self.newSession
    let flags = group | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    let words = text.reveal { command in
      ["/bin/sh", "-c", Self.script, sources.workingDirectory, command]
    }
    let arguments = words.map { strdup($0) as UnsafeMutablePointer<CChar>? }
    let variables = sources.environment.map { name, value in
      strdup("\(name)=\(value)") as UnsafeMutablePointer<CChar>?
    }
    defer { for copy in arguments + variables { free(copy) } }
    var id: pid_t = 0
    let code = posix_spawn(
      &id,
      "/bin/sh",
      &actions,
      &attributes,
      arguments + [nil],
      variables + [nil]
    )
    return code == 0 ? .success(ChildProcess(id: id)) : .failure(Self.notStarted(code))
  }

  /// Moves to the folder and becomes the command: `posix_spawn` has no portable way to do it.
  private static let script = #"cd -- "$0" && exec /bin/sh -c -- "$1""#

  /// `POSIX_SPAWN_SETSID` of `<spawn.h>`, which Glibc's module shows to GNU sources only.
  private static let newSession: Int32 = 0x80
}

/// A started command and everything it started in turn.
private struct ChildProcess {
  let id: pid_t

  /// How it ended, as `waitpid` says; `nil` while it runs.
  func status() -> Int32? {
    var status: Int32 = 0
    let result = waitpid(id, &status, WNOHANG)
    if result == id { return status }
    // Whoever took the status before us has taken the truth with it: no success is claimed.
    return result < 0 && errno != EINTR ? SIGCHLD : nil
  }

  /// Ends the whole group.
  ///
  /// The id is still ours here, because nobody has waited for it yet.
  func kill() {
    Glibc.kill(-id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
  }
}
