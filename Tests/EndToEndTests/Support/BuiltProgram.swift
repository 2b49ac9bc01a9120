import Foundation
import Glibc

/// The built `devlake-shell`, run as a process with streams of its own.
enum BuiltProgram {
  /// The program that people get.
  ///
  /// `scripts/test` names the folder of the static release build in `DEVLAKE_PROGRAMS`; with
  /// `scripts/test --debug` it is the debug build beside the tests.
  static let path: String = {
    if let folder = ProcessInfo.processInfo.environment["DEVLAKE_PROGRAMS"] {
      return folder + "/devlake-shell"
    }
    return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "devlake-shell").path
  }()

  /// A child may end before it has read everything.
  private static let ignoresBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

  /// How a process ended and what it wrote.
  struct Outcome: Sendable {
    let stdout: String
    let stderr: String
    /// The exit code, or 128 and the signal's number.
    let status: CInt
    /// Whether a signal ended it.
    var isBySignal = false
  }

  /// A process that was started.
  struct Running: Sendable {
    let pid: pid_t
    fileprivate let input: CInt
    fileprivate let output: String

    /// Writes to its standard input.
    func write(_ text: String) {
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }

    /// What it has written to standard output so far.
    var stdout: String { BuiltProgram.text(output + ".out") }

    func send(_ signal: CInt) { kill(pid, signal) }

    /// Ends its standard input and waits for its end.
    func end() async -> Outcome {
      close(input)
      let pid = pid
      let status = await withCheckedContinuation { (done: CheckedContinuation<CInt, Never>) in
        Thread {
          var status: CInt = 0
          while waitpid(pid, &status, 0) < 0, errno == EINTR {}
          done.resume(returning: status)
        }.start()
      }
      return Outcome(
        stdout: stdout,
        stderr: BuiltProgram.text(output + ".err"),
        status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F,
        isBySignal: status & 0x7F != 0
      )
    }
  }

  /// Starts it, or another program, in a folder, which gets its output.
  static func start(
    _ arguments: [String],
    program: String = path,
    environment: [String: String],
    folder: String
  ) throws -> Running {
    _ = ignoresBrokenPipes
    let output = folder + "/.run-" + UUID().uuidString
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { throw PseudoTerminal.Failure.system("pipe", errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    for (descriptor, suffix) in [(1 as CInt, ".out"), (2, ".err")] {
      posix_spawn_file_actions_addopen(
        &actions,
        descriptor,
        output + suffix,
        O_WRONLY | O_CREAT | O_TRUNC,
        0o600
      )
    }
    InheritedDescriptors.close(in: &actions)
    // Glibc keeps the file action for a folder from Swift.
    let words = ["/usr/bin/env", "-C", folder, program] + arguments
    let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for string in argv + envp { free(string) } }
    var pid: pid_t = 0
    let code = SpawnAttributes.withFreshSignals { attributes in
      posix_spawn(&pid, words[0], &actions, &attributes, argv, envp)
    }
    guard code == 0 else { throw PseudoTerminal.Failure.system("posix_spawn", code) }
    return Running(pid: pid, input: ends[1], output: output)
  }

  private static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
