import Glibc

/// Asks one question on a terminal, key by key, so that a secret is never echoed and Ctrl-C is heard.
///
/// What is pasted is text until Enter, line breaks included: the rest of a pasted key must not run
/// as commands. A private key that comes line by line is one answer as well.
struct TerminalQuestion {
  /// How a question ended.
  enum Reply: Equatable {
    case answer(String)
    /// Ctrl-D, or the terminal is gone.
    case end
    case interrupted
  }

  private let descriptor: CInt

  /// Opens the controlling terminal; `nil` when there is none.
  init?() {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
  }

  /// Shows `question` and reads a line; of a secret only `dot` shows for each character.
  func ask(_ question: String, dot: Character? = nil) -> Reply {
    defer { close(descriptor) }
    var saved = termios()
    guard tcgetattr(descriptor, &saved) == 0 else { return .end }
    return TerminalGuard.whileAsking(on: descriptor) { ask(question, dot, saved) }
  }

  private func ask(_ question: String, _ dot: Character?, _ saved: termios) -> Reply {
    var (saved, raw) = (saved, saved)
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    // A typed answer that came before the question is not meant for it.
    tcsetattr(descriptor, dot == nil ? TCSADRAIN : TCSAFLUSH, &raw)
    defer { tcsetattr(descriptor, TCSADRAIN, &saved) }
    show("\u{1B}[?2004h" + question)
    defer { show("\u{1B}[?2004l") }
    return read(TerminalAnswer(after: question, width: width, dot: dot))
  }

  private func read(_ empty: TerminalAnswer) -> Reply {
    var (keys, answer) = (TerminalKeys(descriptor: descriptor), empty)
    var isPasted = false
    while let key = keys.next() {
      switch key {
      case .pasteBegins: isPasted = true
      case .pasteEnds: isPasted = false
      case .character(let character): show(answer.append(character))
      case .enter where isPasted || answer.isUnfinishedKey: show(answer.breakLine())
      case .enter:
        show("\r\n")
        return .answer(answer.text)
      case .erase: show(answer.erase())
      case .eraseAll: while !answer.isEmpty { show(answer.erase()) }
      case .interrupt where !isPasted:
        show("^C\r\n")
        return .interrupted
      case .end where !isPasted && answer.isEmpty:
        show("\r\n")
        return .end
      case .interrupt, .end, .other: break
      }
    }
    guard Task.isCancelled else { return .end }
    show("\r\n")
    return .interrupted
  }

  private var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private func show(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
