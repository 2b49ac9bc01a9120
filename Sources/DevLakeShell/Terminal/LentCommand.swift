import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that has the person's terminal while it runs, as a pager or an editor does: its keys and
/// its Ctrl-C are its own.
struct LentCommand {
  let command: String
  /// The variables it gets.
  let environment: [String: String]
  /// Where it runs; `nil`: where we do.
  var folder: String?
  private let child = InterruptibleChild()

  init(command: String, environment: [String: String], folder: String? = nil) {
    self.command = command
    self.environment = environment
    self.folder = folder
  }

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
    var start = ShellChild(command: command, environment: environment)
    start.folder = folder
    start.input = pipe.isOpen ? pipe.reader : terminal.descriptor
    start.terminal = terminal.descriptor
    switch child.start(isGroup: true, { start.start(&$0) }) {
    case 0: break
    case ECANCELED: return .signal(SIGINT)
    default: return .unavailable
    }
    pipe.closeReader()
    // A program that reads no more is told by its exit, not by what was left to write.
    if let input { _ = writeAll(Array(input.utf8), to: pipe.writer) }
    pipe.closeWriter()
    let status = child.wait(isWoken: true)
    return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }

  /// Passes on a Ctrl-C that reached us before the program had the terminal.
  func interrupt() { child.interrupt() }
}
