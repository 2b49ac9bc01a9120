import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal, while it is ours to lend to a command that may ask for a passphrase.
///
/// Only when standard input and output are both the terminal: in `program | less` the pager
/// would be stopped for reading from a terminal that belongs to someone else.
package final class ForegroundTerminal {
  /// The terminal itself.
  package let descriptor: Int32
  private var modes = termios()

  /// Opens the terminal; `nil` when there is none or another job has it.
  package init?() {
    guard isatty(0) == 1, isatty(1) == 1 else { return nil }
    descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    // In the background the kernel would stop us (SIGTTOU) when we hand the terminal on.
    guard tcgetpgrp(descriptor) == getpgrp(), tcgetattr(descriptor, &modes) == 0 else {
      close(descriptor)
      return nil
    }
  }

  /// Makes it the terminal of the process group `group`.
  func lend(to group: pid_t) {
    tcsetpgrp(descriptor, group)
    // It may have asked already, and was stopped for it.
    kill(-group, SIGCONT)
  }

  /// Makes it ours again, with its modes as they were: a killed command may leave the echo off.
  package func takeBack() {
    var blocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGTTOU)
    // We are in the background just now; unblocked, the call would stop us.
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    tcsetpgrp(descriptor, getpgrp())
    tcsetattr(descriptor, TCSADRAIN, &modes)
    pthread_sigmask(SIG_SETMASK, &before, nil)
    close(descriptor)
  }
}

/// The right to have the terminal, of one command at a time.
final class TerminalTurn {
  private static let isTaken = Mutex(false)
  private let terminal: ForegroundTerminal

  private init(_ terminal: ForegroundTerminal) { self.terminal = terminal }

  /// Whether another command has it just now.
  static var isBusy: Bool { isTaken.withLock { $0 } }

  /// Whether there is a terminal of ours, though another command may have it just now.
  static var isPossible: Bool {
    if isBusy { return true }
    guard isatty(0) == 1, isatty(1) == 1 else { return false }
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return tcgetpgrp(descriptor) == getpgrp() || isBusy
  }

  /// Takes the terminal; `nil` while another command has it, and where there is none.
  static func take() -> TerminalTurn? {
    let isFree = isTaken.withLock { isTaken in
      defer { isTaken = true }
      return !isTaken
    }
    guard isFree else { return nil }
    guard let terminal = ForegroundTerminal() else {
      isTaken.withLock { $0 = false }
      return nil
    }
    return TerminalTurn(terminal)
  }

  /// Puts the group of a command in front.
  func lend(to group: pid_t) { terminal.lend(to: group) }

  /// Puts us in front again, and lets the next one have its turn.
  func end() {
    terminal.takeBack()
    Self.isTaken.withLock { $0 = false }
  }
}
