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
  private let isDumb: Bool

  /// Opens the controlling terminal; `nil` when there is none.
  ///
  /// - Parameter isDumb: Whether it knows no escape sequences.
  init?(isDumb: Bool) {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    self.isDumb = isDumb
  }

  /// Shows `question` and reads a line; of a secret only `dot` shows for each character.
  func ask(_ question: String, dot: Character? = nil) -> Reply {
    defer { close(descriptor) }
    var saved = termios()
    guard tcgetattr(descriptor, &saved) == 0 else { return .end }
    return TerminalGuard.whileAsking(on: descriptor, isPasteBracketed: !isDumb) {
      // A typed answer that came before the question is not meant for it.
      begin(over: saved, when: dot == nil ? TCSADRAIN : TCSAFLUSH)
      defer { finish(saved) }
      show(question)
      return read(TerminalAnswer(after: question, width: width, dot: dot)) { answer in
        show("\r\n")
        finish(saved)
        TerminalGuard.suspend()
        begin(over: saved, when: TCSADRAIN)
        show(question + answer.shown)
      }
    }
  }

  private func read(_ empty: TerminalAnswer, suspend: (TerminalAnswer) -> Void) -> Reply {
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
      case .suspend where !isPasted: suspend(answer)
      case .interrupt, .end, .suspend, .other: break
      }
    }
    guard Task.isCancelled else { return .end }
    show("\r\n")
    return .interrupted
  }

  /// Keys come one by one from now, and none of them is echoed or a signal.
  private func begin(over saved: termios, when: CInt) {
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    tcsetattr(descriptor, when, &raw)
    TerminalGuard.noteQuestion()
    if !isDumb { show("\u{1B}[?2004h") }
  }

  private func finish(_ saved: termios) {
    var saved = saved
    if !isDumb { show("\u{1B}[?2004l") }
    tcsetattr(descriptor, TCSADRAIN, &saved)
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
