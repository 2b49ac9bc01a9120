import DevLakeKit
import Glibc

/// Shows a text a screen at a time, with the program of `$PAGER`.
///
/// The pager has the terminal while it runs, so that its Ctrl-C is not ours. One that is left early
/// has shown enough.
struct Pager {
  /// The variables it gets.
  let environment: [String: String]

  /// Shows `text` and waits until the person is done; false when nothing could show it.
  func show(_ text: String) -> Bool {
    let command = environment["PAGER"] ?? Self.usual
    guard !command.allSatisfy(\.isWhitespace), environment["TERM"] != "dumb",
      let terminal = ForegroundTerminal()
    else { return false }
    defer { terminal.takeBack() }
    guard let (id, input) = start(command) else { return false }
    terminal.lend(to: id)
    Self.write(Array(text.utf8)[...], to: input)
    close(input)
    defer { ChildSignals.forget(-id) }
    return Self.status(of: id) != Self.notFound
  }

  /// `less` shows what fits without waiting, keeps colours, and leaves the text on the screen.
  private static let usual =
    "if command -v less >/dev/null 2>&1; then exec less -FRX; else exec more; fi"

  /// What a shell says when there is no such program.
  private static let notFound: Int32 = 127

  private func start(_ command: String) -> (pid_t, input: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var child = ShellChild(command: command, environment: environment)
    child.input = ends[0]
    var id: Int32 = 0
    guard child.start(&id) == 0 else {
      close(ends[1])
      return nil
    }
    return (id, ends[1])
  }

  /// Writes until all is written or the pager has left.
  private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }

  /// Waits for its end.
  ///
  /// One that was stopped goes on: there is no job control to wake it up.
  private static func status(of id: pid_t) -> Int32 {
    var status: Int32 = 0
    while true {
      let result = waitpid(id, &status, WUNTRACED)
      if result < 0 {
        if errno == EINTR { continue }
        return -1
      }
      guard status & 0xFF == 0x7F else { return status & 0x7F == 0 ? status >> 8 & 0xFF : -1 }
      kill(-id, SIGCONT)
    }
  }
}
