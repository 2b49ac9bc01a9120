import DevLakeKit
import Glibc

/// A program that has the person's terminal while it runs, as a pager or an editor does: its keys and
/// its Ctrl-C are its own.
struct LentCommand {
  let command: String
  /// The variables it gets.
  let environment: [String: String]
  /// Where it runs; `nil`: where we do.
  var folder: String?

  /// How it ended.
  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
    /// There is no terminal of ours to lend, or the program could not be started.
    case unavailable
  }

  /// Runs it to its end, and takes the terminal back.
  ///
  /// - Parameter input: What it reads; `nil`: the terminal.
  func run(input: String? = nil) -> Ending {
    guard let terminal = ForegroundTerminal() else { return .unavailable }
    defer { terminal.takeBack() }
    var pipe = input == nil ? ChildPipe.none : .make()
    defer { pipe.close() }
    guard input == nil || pipe.isOpen else { return .unavailable }
    var child = ShellChild(command: command, environment: environment)
    child.folder = folder
    child.input = pipe.isOpen ? pipe.reader : terminal.descriptor
    var id: Int32 = 0
    guard child.start(&id) == 0 else { return .unavailable }
    pipe.closeReader()
    terminal.lend(to: id)
    if let input { Self.write(Array(input.utf8)[...], to: pipe.writer) }
    pipe.closeWriter()
    defer { ChildSignals.forget(-id) }
    return Self.ending(of: id)
  }

  /// Writes until all is written or the reader has left.
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
  private static func ending(of id: pid_t) -> Ending {
    var status: Int32 = 0
    while true {
      let result = waitpid(id, &status, WUNTRACED)
      if result < 0 {
        if errno == EINTR { continue }
        return .unavailable
      }
      guard status & 0xFF == 0x7F else {
        return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
      }
      kill(-id, SIGCONT)
    }
  }
}
