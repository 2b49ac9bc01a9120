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
      // What was typed before the question came is the beginning of its answer.
      begin(over: saved, when: TCSADRAIN)
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
    // The line breaks of keys that are pasted without brackets may be two characters.
    var isBehindReturn = false
    while let key = keys.next() {
      switch key {
      case .scalar("\r") where answer.isUnfinishedKey: show(answer.breakLine())
      case .scalar("\n") where isBehindReturn: break
      case .scalar("\n") where answer.isUnfinishedKey: show(answer.breakLine())
      case .scalar("\r"), .scalar("\n"):
        show("\r\n")
        return .answer(answer.text)
      case .scalar("\u{3}"):
        show("^C\r\n")
        return .interrupted
      case .scalar("\u{4}") where answer.isEmpty:
        show("\r\n")
        return .end
      case .scalar("\u{8}"), .scalar("\u{7F}"): show(answer.erase())
      case .scalar("\u{15}"): while !answer.isEmpty { show(answer.erase()) }
      case .scalar("\u{1A}"): suspend(answer)
      case .scalar(let scalar) where scalar.value >= 0x20: show(answer.append(Character(scalar)))
      case .malformed: show(answer.append("\u{FFFD}"))
      case .paste(let text): show(answer.append(pasted: text))
      // A key that means nothing here, such as an arrow.
      case .scalar, .meta, .sequence, .escape: break
      }
      isBehindReturn = key == .scalar("\r")
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
