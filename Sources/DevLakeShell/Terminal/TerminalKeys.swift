import Glibc

/// The keys of a terminal whose line discipline is off.
struct TerminalKeys {
  private let descriptor: CInt
  private var decoder = KeyDecoder()

  /// A sequence that one key sends comes at once; an ESC that nothing follows is the key.
  private static let sequencePause: CInt = 50
  /// How often to look whether the task is cancelled.
  private static let interval: CInt = 200
  /// After how many looks a paste that does not go on has lost its end mark.
  private static let pastePatience = 5

  /// The keys typed on the terminal behind `descriptor`.
  init(descriptor: CInt) { self.descriptor = descriptor }

  /// The next key; `nil` when the terminal is gone, or the task is cancelled.
  mutating func next() -> TerminalKey? {
    while true {
      if let key = decoder.next() { return key }
      if decoder.isBehindEscape, !isReadable(within: Self.sequencePause) {
        decoder.giveUp()
        continue
      }
      guard let (byte, pauses) = byte() else { return nil }
      // In a paste Ctrl-C is text. Alone behind one that has stopped it is a person's way out.
      if decoder.isPasting, byte == 0x03, pauses >= Self.pastePatience, !isReadable(within: 0) {
        decoder = KeyDecoder()
      }
      decoder.take(byte)
    }
  }

  private func isReadable(within milliseconds: CInt) -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&poller, 1, milliseconds) > 0
  }

  /// The next byte, and how many looks it took until it came.
  private func byte() -> (UInt8, pauses: Int)? {
    var byte: UInt8 = 0
    var pauses = 0
    while true {
      // A signal that ends the command does not reach a waiting `read`.
      while !isReadable(within: Self.interval) {
        if Task.isCancelled { return nil }
        pauses += 1
      }
      let count = read(descriptor, &byte, 1)
      if count == 1 { return (byte, pauses) }
      if count < 0, errno == EINTR { continue }
      return nil
    }
  }
}
