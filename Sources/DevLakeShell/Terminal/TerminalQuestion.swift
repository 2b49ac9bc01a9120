import Glibc

/// Asks one question on a terminal, key by key, so that a secret is never echoed and Ctrl-C is heard.
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

  /// Shows `question` and reads a line; a secret shows as a dot for each character.
  func ask(_ question: String, isSecret: Bool) -> Reply {
    defer { close(descriptor) }
    var saved = termios()
    guard tcgetattr(descriptor, &saved) == 0 else { return .end }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    // A typed answer that came before the question is not meant for it.
    tcsetattr(descriptor, isSecret ? TCSAFLUSH : TCSADRAIN, &raw)
    defer { tcsetattr(descriptor, TCSADRAIN, &saved) }
    show("\u{1B}[?2004h" + question)
    defer { show("\u{1B}[?2004l") }
    var keys = Keys(descriptor: descriptor)
    var text: [Character] = []
    while let key = keys.next() {
      switch key {
      case .character(let character):
        text.append(character)
        show(isSecret ? "·" : String(character))
      case .erase:
        if let last = text.popLast() { rub(isSecret ? 1 : DisplayWidth.cells(of: String(last))) }
      case .eraseAll:
        while let last = text.popLast() { rub(isSecret ? 1 : DisplayWidth.cells(of: String(last))) }
      case .enter:
        show("\r\n")
        return .answer(String(text.reduce(into: "") { $0.append($1) }.trimmed))
      case .interrupt:
        show("^C\r\n")
        return .interrupted
      case .end:
        if text.isEmpty {
          show("\r\n")
          return .end
        }
      case .other: break
      }
    }
    return .end
  }

  private func rub(_ cells: Int) {
    let back = String(repeating: "\u{8}", count: cells)
    show(back + String(repeating: " ", count: cells) + back)
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

extension String {
  /// Without blanks around it, as a paste often brings them.
  fileprivate var trimmed: Substring {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return rest
  }
}

/// The keys of a terminal whose line discipline is off.
private struct Keys {
  enum Key {
    case character(Character)
    case erase
    case eraseAll
    case enter
    case interrupt
    case end
    /// A key that means nothing here, such as an arrow.
    case other
  }

  let descriptor: CInt

  /// The next key; `nil` when the terminal is gone.
  mutating func next() -> Key? {
    guard let byte = byte() else { return nil }
    switch byte {
    case 0x03: return .interrupt
    case 0x04: return .end
    case 0x08, 0x7F: return .erase
    case 0x15: return .eraseAll
    case 0x0A, 0x0D: return .enter
    case 0x1B:
      skipSequence()
      return .other
    case 0..<0x20: return .other
    default: return character(byte).map(Key.character) ?? .other
    }
  }

  private func character(_ first: UInt8) -> Character? {
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var bytes = [first]
    while bytes.count < length, let next = byte() { bytes.append(next) }
    return String(decoding: bytes, as: UTF8.self).first
  }

  /// Swallows the rest of an escape sequence, the brackets of a paste among them.
  private func skipSequence() {
    guard isWaiting, let second = byte(), second == 0x5B || second == 0x4F else { return }
    while isWaiting, let next = byte() {
      if (0x40...0x7E).contains(next) { return }
    }
  }

  /// Whether more keys are there already, as in a sequence that one key sends.
  private var isWaiting: Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&poller, 1, 50) > 0
  }

  private func byte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count == 1 { return byte }
      if count < 0, errno == EINTR { continue }
      return nil
    }
  }
}
