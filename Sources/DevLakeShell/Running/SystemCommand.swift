import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A command for `/bin/sh`, with its input given and its output let through or taken.
///
/// Cancelling the task interrupts it as Ctrl-C would.
struct SystemCommand {
  /// How it ended.
  struct Ending {
    /// Why it counts as failed; `nil` for success.
    var failure: String?
    /// The program's own exit code, 128 and the signal where one ended it; `nil`: it did not run.
    var exitCode: Int32?
    /// Whether a Ctrl-C ended it, which may have reached it before it reached us.
    var isInterrupted = false
    var output: [UInt8] = []
  }

  /// The most that is kept of an output; more would only fill the memory.
  static let outputLimit = 64 << 20

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
    // Whoever is not read any more ends when it writes; a stubborn one is told.
    if output.count > Self.outputLimit { child.interrupt() }
    let status = child.wait()
    guard output.count <= Self.outputLimit else {
      return Ending(
        failure:
          "the shell command wrote more than \(Self.outputLimit >> 20) MiB, which is the limit;"
          + " write it to a file"
      )
    }
    return Ending(
      failure: Self.reason(status),
      exitCode: status & 0x7F != 0 ? 128 + (status & 0x7F) : status >> 8 & 0xFF,
      isInterrupted: status & 0x7F == SIGINT && Self.hasTerminal,
      output: output
    )
  }

  private static func reason(_ status: CInt) -> String? {
    if status & 0x7F != 0 { return "the shell command was killed by signal \(status & 0x7F)" }
    let code = status >> 8 & 0xFF
    return code == 0 ? nil : "the shell command exited with code \(code)"
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
          if output.count > outputLimit {
            stdin.closeWriter()
            stdout.closeReader()
          }
        } else if count == 0 || errno != EINTR {
          stdout.closeReader()
        }
      }
    }
    return output
  }

  private func spawn(_ child: InterruptibleChild, stdin: ChildPipe, stdout: ChildPipe) -> CInt {
    // On a terminal `less` must stay in the foreground; anywhere else Ctrl-C has to reach all of it.
    let hasTerminal = Self.hasTerminal
    var command = ShellChild(command: text, environment: environment)
    command.folder = folder
    command.group = hasTerminal ? .ours : .own
    command.input = stdin.isOpen ? stdin.reader : nil
    command.output = stdout.isOpen ? stdout.writer : nil
    return child.start(isGroup: !hasTerminal) { command.start(&$0) }
  }

  private static var hasTerminal: Bool {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }
}
