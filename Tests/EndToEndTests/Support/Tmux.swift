import Foundation
import Glibc

/// A program on the screen of a real terminal emulator: tmux, on a socket of the test's own.
///
/// For what only a screen shows: rows that wrap anew after a resize, debris, colours. Waits poll
/// the screen until it shows what is wanted, up to one deadline.
final class Tmux {
  enum Failure: Error, CustomStringConvertible {
    case command([String], String)
    case timeout(waitingFor: String, screen: String)

    var description: String {
      switch self {
      case .command(let words, let message): "tmux \(words.joined(separator: " ")): \(message)"
      case .timeout(let wanted, let screen):
        "no \(wanted.debugDescription) in time; the screen is\n\(screen)"
      }
    }
  }

  /// Whether tmux is installed; a test's trait: `.enabled(if: Tmux.isInstalled)`.
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  private static let program = "/usr/bin/tmux"
  private let folder: URL
  private let deadline: Duration

  /// Starts a program in a terminal of a fixed size; the environment is what is given, with TERM.
  init(
    _ arguments: [String],
    environment: [String: String],
    columns: Int = 80,
    rows: Int = 24,
    deadline: Duration = .seconds(20)
  ) throws {
    // Short, as the path of a socket may have 107 bytes.
    folder = URL(filePath: "/tmp/lake-tmux-\(UUID().uuidString.prefix(8))")
    self.deadline = deadline
    let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    try FileManager.default.createDirectory(
      at: folder,
      withIntermediateDirectories: false,
      attributes: attributes
    )
    // The screen of a program that has ended stays to be looked at.
    let settings = """
      set -g remain-on-exit on
      set -g status off
      set -s escape-time 0
      set -g default-terminal screen-256color
      """
    try Data(settings.utf8).write(to: folder.appending(path: "conf"))
    var variables = environment
    variables["TERM"] = variables["TERM"] ?? "screen-256color"
    let words = ["env", "-i"] + variables.map { "\($0)=\($1)" } + arguments
    try run(["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)"] + words)
  }

  deinit {
    _ = try? run(["kill-server"])
    // What is left of a test that failed to start is only a folder in /tmp.
    try? FileManager.default.removeItem(at: folder)
  }

  /// Types text as it is.
  func type(_ text: String) throws { try run(["send-keys", "-l", "--", text]) }

  /// Types a line and ends it.
  func enter(_ line: String) throws {
    try type(line)
    try press("Enter")
  }

  /// Presses keys by tmux's names: `Enter`, `C-c`, `Up`, `M-x`.
  func press(_ keys: String...) throws { try run(["send-keys"] + keys) }

  /// Pastes as a terminal does: bracketed if the program asked for it.
  func paste(_ text: String) throws {
    let file = folder.appending(path: "paste")
    try Data(text.utf8).write(to: file)
    try run(["load-buffer", file.path])
    try run(["paste-buffer", "-p"])
  }

  func resize(columns: Int, rows: Int) throws {
    try run(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// The screen's rows without the empty ones at the bottom; with `styles` as escape sequences.
  func screen(styles: Bool = false) throws -> String {
    var text = try run(["capture-pane", "-p"] + (styles ? ["-e"] : []))
    while text.last == "\n" { text.removeLast() }
    return text
  }

  /// Column and row, from 0.
  func cursor() throws -> (column: Int, row: Int) {
    let parts = try run(["display-message", "-p", "#{cursor_x} #{cursor_y}"])
      .split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
    return parts.count == 2 ? (parts[0], parts[1]) : (-1, -1)
  }

  /// The process that runs in the terminal.
  func pid() throws -> pid_t {
    let text = try run(["display-message", "-p", "#{pane_pid}"])
    return pid_t(text.filter(\.isNumber)) ?? -1
  }

  /// The terminal's name, for `stty -F`.
  func terminal() throws -> String {
    try run(["display-message", "-p", "#{pane_tty}"]).filter { !$0.isNewline }
  }

  /// Waits until a session has said what it found and shows its prompt; on a busy machine the one
  /// comes after the other.
  func waitForGreeting() throws {
    try wait(for: "a greeting and a prompt") { screen in
      screen.replacing("\n", with: "").contains("connections") && screen.hasSuffix(">")
    }
  }

  /// Waits until a text is on the screen.
  func wait(until text: String) throws { try wait(for: text) { $0.contains(text) } }

  /// Waits until the screen shows just this.
  func wait(untilScreenIs text: String) throws { try wait(for: text) { $0 == text } }

  /// Waits until a claim about the screen holds.
  func wait(for wanted: String, until holds: (String) throws -> Bool) throws {
    let end = ContinuousClock.now + deadline
    var screen = try screen()
    while try !holds(screen) {
      guard ContinuousClock.now < end else {
        throw Failure.timeout(waitingFor: wanted, screen: screen)
      }
      screen = try self.screen()
    }
  }

  @discardableResult
  private func run(_ words: [String]) throws -> String {
    let options = ["-u", "-S", folder.path + "/s", "-f", folder.path + "/conf"]
    let environment = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TERM=xterm"]
    let (text, status) = try Self.output(
      of: [Self.program] + options + words,
      environment: environment
    )
    guard status == 0 else { throw Failure.command(words, text) }
    return text
  }

  /// What a program writes, and how it ends.
  ///
  /// Not Foundation's `Process`: that one waits for the tmux server too, which inherits its pipe.
  private static func output(
    of words: [String],
    environment: [String]
  ) throws -> (text: String, status: CInt) {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { throw PseudoTerminal.Failure.system("pipe", errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    InheritedDescriptors.close(in: &actions)
    let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for string in argv + envp { free(string) } }
    var pid: pid_t = 0
    let code = SpawnAttributes.withFreshSignals { attributes in
      posix_spawn(&pid, words[0], &actions, &attributes, argv, envp)
    }
    close(ends[1])
    defer { close(ends[0]) }
    guard code == 0 else { throw PseudoTerminal.Failure.system("posix_spawn \(words[0])", code) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    var status: CInt = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return (String(decoding: bytes, as: UTF8.self), status)
  }
}
