import Glibc

/// A command for `/bin/sh`, with its input given and its output let through or taken.
///
/// Cancelling the task interrupts it as Ctrl-C would.
struct SystemCommand {
  /// How it ended.
  struct Ending {
    /// Why it counts as failed; `nil` for success.
    var failure: String?
    var output: [UInt8] = []
  }

  let text: String
  let environment: [String: String]
  let folder: String

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - input: What it reads; `nil` for `/dev/null`.
  ///   - isCaptured: Whether its output is kept instead of written where the shell's goes.
  func run(input: String?, isCaptured: Bool) async -> Ending {
    let child = InterruptibleChild()
    return await withTaskCancellationHandler {
      start(child, input: input, isCaptured: isCaptured)
    } onCancel: {
      child.interrupt()
    }
  }

  private func start(_ child: InterruptibleChild, input: String?, isCaptured: Bool) -> Ending {
    var (stdin, stdout) = (ChildPipe.none, ChildPipe.none)
    if input != nil { stdin = .make() }
    if isCaptured { stdout = .make() }
    defer {
      stdin.close()
      stdout.close()
    }
    guard input == nil || stdin.isOpen, !isCaptured || stdout.isOpen else {
      return Ending(failure: "no pipe: \(String(cString: strerror(errno)).lowercased())")
    }
    let code = spawn(child, stdin: stdin, stdout: stdout)
    guard code == 0 else {
      return Ending(failure: "/bin/sh: \(String(cString: strerror(code)).lowercased())")
    }
    stdin.closeReader()
    stdin.doNotBlockWriter()
    stdout.closeWriter()
    let output = Self.exchange(Array((input ?? "").utf8), &stdin, &stdout)
    return Ending(failure: Self.reason(child.wait()), output: output)
  }

  private static func reason(_ status: CInt) -> String? {
    if status & 0x7F != 0 { return "the shell command was ended by signal \(status & 0x7F)" }
    let code = status >> 8 & 0xFF
    return code == 0 ? nil : "the shell command ended with exit code \(code)"
  }

  /// Writes all input and reads all output, whichever is ready; a reader that leaves ends the input.
  private static func exchange(
    _ input: [UInt8],
    _ stdin: inout ChildPipe,
    _ stdout: inout ChildPipe
  ) -> [UInt8] {
    var rest = input[...]
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while stdin.writer >= 0 || stdout.reader >= 0 {
      if rest.isEmpty, stdin.writer >= 0 {
        stdin.closeWriter()
        continue
      }
      var polled = [
        pollfd(fd: stdin.writer, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: stdout.reader, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
      if polled[0].revents != 0 {
        let count = rest.withUnsafeBytes { write(stdin.writer, $0.baseAddress, $0.count) }
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR, errno != EAGAIN {
          stdin.closeWriter()
        }
      }
      if polled[1].revents != 0 {
        let count = read(stdout.reader, &chunk, chunk.count)
        if count > 0 {
          output += chunk[..<count]
        } else if count == 0 || errno != EINTR {
          stdout.closeReader()
        }
      }
    }
    return output
  }

  private func spawn(_ child: InterruptibleChild, stdin: ChildPipe, stdout: ChildPipe) -> CInt {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if stdin.isOpen {
      posix_spawn_file_actions_adddup2(&actions, stdin.reader, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    if stdout.isOpen { posix_spawn_file_actions_adddup2(&actions, stdout.writer, STDOUT_FILENO) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // On a terminal `less` must stay in the foreground; anywhere else Ctrl-C has to reach all of it.
    let hasTerminal = Self.hasTerminal
    let group = hasTerminal ? 0 : CInt(POSIX_SPAWN_SETPGROUP)
    let flags = group | CInt(POSIX_SPAWN_SETSIGDEF) | CInt(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    let words = ["/bin/sh", "-c", Self.script, folder, text]
    let arguments = words.map { strdup($0) as UnsafeMutablePointer<CChar>? }
    let variables = environment.map { strdup("\($0)=\($1)") as UnsafeMutablePointer<CChar>? }
    defer { for copy in arguments + variables { free(copy) } }
    return child.start(isGroup: !hasTerminal) { id in
      posix_spawn(&id, "/bin/sh", &actions, &attributes, arguments + [nil], variables + [nil])
    }
  }

  /// Moves to the folder and becomes the command: `posix_spawn` has no portable way to do it.
  private static let script = #"cd -- "$0" && exec /bin/sh -c -- "$1""#

  private static var hasTerminal: Bool {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }
}
