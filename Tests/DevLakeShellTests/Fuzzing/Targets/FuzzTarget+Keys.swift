import Testing

@testable import DevLakeShell
@testable import LineEditing

extension FuzzTarget {
  /// Whatever a terminal sends, no key is lost or made up, and the keys after it are heard.
  static let keys = FuzzTarget(
    name: "keys",
    words: [
      "\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}[200~", "\u{1B}[201~", "\u{1B}[A", "\u{1B}[1;5C", ";",
      "\u{1B}[99;5u", "\u{1B}[27;5;99~", "u", "~", ":", "1", "\r", "\n", "\r\n", "\t", "\0",
      "\u{3}", "\u{4}", "\u{7F}", "é", "日", "👩\u{200D}👧", "e\u{301}", "\u{FFFD}", "abc",
    ],
    check: { checkKeys }
  )

  @Sendable
  private static func checkKeys(_ input: [UInt8]) {
    let once = decoded(input)
    // The end of a paste, and a key that no sequence swallows: Enter is heard.
    let behind = decoded(input + Array("\u{1B}[201~\r".utf8))
    #expect(behind.last == .scalar("\r"), shown(input))
    for key in once {
      guard case .sequence(let sequence) = key else { continue }
      #expect(sequence.utf8.count <= 70 && sequence.first == "\u{1B}", shown(input))
    }
    guard !input.contains(0x1B) else { return }
    // Without sequences it is what the bytes are as text.
    let scalars = String(decoding: input, as: UTF8.self).unicodeScalars.map { $0 }
    let found = once.map { key -> Unicode.Scalar? in
      switch key {
      case .scalar(let scalar): scalar
      case .malformed: "\u{FFFD}"
      default: nil
      }
    }
    #expect(found == scalars, shown(input))
  }

  private static func decoded(_ bytes: [UInt8]) -> [TerminalKey] {
    var decoder = KeyDecoder()
    var keys: [TerminalKey] = []
    for byte in bytes {
      decoder.take(byte)
      while let key = decoder.next() { keys.append(key) }
    }
    decoder.giveUp()
    while let key = decoder.next() { keys.append(key) }
    return keys
  }
}
