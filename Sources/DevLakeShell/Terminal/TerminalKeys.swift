import Glibc

/// The keys of a terminal whose line discipline is off.
struct TerminalKeys {
  enum Key {
    case character(Character)
    case erase
    case eraseAll
    case enter
    case interrupt
    case end
    case suspend
    case pasteBegins
    case pasteEnds
    /// A key that means nothing here, such as an arrow.
    case other
  }

  private let descriptor: CInt
  private var cameReturn = false

  /// The keys typed on the terminal behind `descriptor`.
  init(descriptor: CInt) { self.descriptor = descriptor }

  /// The next key; `nil` when the terminal is gone, or the task is cancelled.
  mutating func next() -> Key? {
    guard var byte = byte() else { return nil }
    // The line breaks of some pastes are two characters.
    if byte == 0x0A, cameReturn {
      guard let following = self.byte() else { return nil }
      byte = following
    }
    cameReturn = byte == 0x0D
    switch byte {
    case 0x03: return .interrupt
    case 0x04: return .end
    case 0x08, 0x7F: return .erase
    case 0x15: return .eraseAll
    case 0x1A: return .suspend
    case 0x0A, 0x0D: return .enter
    case 0x1B: return sequence()
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

  /// The rest of an escape sequence: the brackets of a paste, or something to swallow.
  private func sequence() -> Key {
    guard isWaiting, let second = byte(), second == 0x5B || second == 0x4F else { return .other }
    var parameters: [UInt8] = []
    while isWaiting, let next = byte() {
      guard (0x40...0x7E).contains(next) else {
        parameters.append(next)
        continue
      }
      guard next == UInt8(ascii: "~") else { return .other }
      return parameters == Array("200".utf8)
        ? .pasteBegins : parameters == Array("201".utf8) ? .pasteEnds : .other
    }
    return .other
  }

  /// Whether more keys are there already, as in a sequence that one key sends.
  private var isWaiting: Bool {
    isReadable(within: 50)
  }

  private func isReadable(within milliseconds: CInt) -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&poller, 1, milliseconds) > 0
  }

  private func byte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      // A signal that ends the command does not reach a waiting `read`.
      while !isReadable(within: 200) { if Task.isCancelled { return nil } }
      let count = read(descriptor, &byte, 1)
      if count == 1 { return byte }
      if count < 0, errno == EINTR { continue }
      return nil
    }
  }
}
