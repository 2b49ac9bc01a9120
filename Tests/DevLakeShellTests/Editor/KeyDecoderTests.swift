import Testing

@testable import DevLakeShell
@testable import LineEditing

/// Bytes in, keys out.
struct KeyDecoderTests {
  /// What the bytes of a terminal mean; nothing is awaited behind them.
  private static func keys(_ bytes: [UInt8], givesUp: Bool = true) -> [TerminalKey] {
    var decoder = KeyDecoder()
    var keys: [TerminalKey] = []
    for byte in bytes {
      decoder.take(byte)
      while let key = decoder.next() { keys.append(key) }
    }
    if givesUp { decoder.giveUp() }
    while let key = decoder.next() { keys.append(key) }
    return keys
  }

  @Test(
    arguments: [
      ("aZ~ ", [.scalar("a"), .scalar("Z"), .scalar("~"), .scalar(" ")]),
      ("é", [.scalar("é")]),
      ("日", [.scalar("日")]),
      ("\u{10FFFF}", [.scalar("\u{10FFFF}")]),
      ("👩", [.scalar("👩")]),
      ("e\u{301}", [.scalar("e"), .scalar("\u{301}")]),
      ("\u{FFFD}", [.scalar("\u{FFFD}")]),
      (
        "\r\n\t\u{7F}\u{0}\u{3}",
        [
          .scalar("\r"), .scalar("\n"), .scalar("\t"), .scalar("\u{7F}"), .scalar("\u{0}"),
          .scalar("\u{3}"),
        ]
      ),
    ] as [(String, [TerminalKey])]
  )
  func `text is its characters`(text: String, keys: [TerminalKey]) {
    #expect(Self.keys(Array(text.utf8)) == keys)
  }

  @Test(
    arguments: [
      // Bytes that never begin a character, and continuations without a beginning.
      ([0x80], 1), ([0xBF, 0xBF], 2), ([0xC0], 1), ([0xC1, 0x81], 2), ([0xF5], 1), ([0xFF], 1),
      // Latin-1, cut after each byte of two, three and four.
      ([0xE9], 1), ([0xC3], 1), ([0xE2, 0x82], 1), ([0xF0], 1), ([0xF0, 0x9F], 1),
      ([0xF0, 0x9F, 0x91], 1),
      // Overlong forms, a surrogate, beyond Unicode.
      ([0xE0, 0x80, 0x80], 3), ([0xF0, 0x80, 0x80, 0x80], 4), ([0xED, 0xA0, 0x80], 3),
      ([0xF4, 0x90, 0x80, 0x80], 4),
    ] as [([UInt8], Int)]
  )
  func `what is no UTF-8 swallows no other key`(bytes: [UInt8], count: Int) {
    let broken = Array(repeating: TerminalKey.malformed, count: count)
    #expect(Self.keys(bytes) == broken)
    // Enter, a letter, another character, an arrow behind it.
    #expect(Self.keys(bytes + [0x0D]) == broken + [.scalar("\r")])
    #expect(Self.keys([0x61] + bytes + [0x62]) == [.scalar("a")] + broken + [.scalar("b")])
    #expect(Self.keys(bytes + Array("é".utf8)) == broken + [.scalar("é")])
    #expect(Self.keys(bytes + Array("\u{1B}[A".utf8)) == broken + [.sequence("\u{1B}[A")])
  }

  @Test(
    arguments: [
      ("\u{1B}[A", [.sequence("\u{1B}[A")]),
      ("\u{1B}OA", [.sequence("\u{1B}OA")]),
      ("\u{1B}[1;5C", [.sequence("\u{1B}[1;5C")]),
      ("\u{1B}[3~x", [.sequence("\u{1B}[3~"), .scalar("x")]),
      ("\u{1B}[[A", [.sequence("\u{1B}[[A")]),
      ("\u{1B}[?1;2c", [.sequence("\u{1B}[?1;2c")]),
      ("\u{1B}\u{1B}[A", [.sequence("\u{1B}[A")]),
      ("\u{1B}b", [.meta("b")]),
      ("\u{1B}\r", [.meta("\r")]),
      ("\u{1B}é", [.scalar("é")]),
      ("\u{1B}", [.escape]),
      ("\u{1B}\u{1B}", [.escape]),
      // Cut or broken ones: what comes next is a key of its own.
      ("\u{1B}[", []),
      ("\u{1B}[1;5", []),
      ("\u{1B}[\r", [.scalar("\r")]),
      ("\u{1B}[1;\u{3}", [.scalar("\u{3}")]),
      ("\u{1B}[1\u{1B}[A", [.sequence("\u{1B}[A")]),
      ("\u{1B}[é", [.scalar("é")]),
      ("\u{1B}[201~a", [.sequence("\u{1B}[201~"), .scalar("a")]),
    ] as [(String, [TerminalKey])]
  )
  func `a sequence is one key`(text: String, keys: [TerminalKey]) {
    #expect(Self.keys(Array(text.utf8)) == keys)
  }

  @Test func `a sequence without an end holds up no keys`() {
    let garbage = "\u{1B}[" + String(repeating: "1", count: 200) + "\r"
    #expect(Self.keys(Array(garbage.utf8)).last == .scalar("\r"))
  }

  @Test(
    arguments: [
      ("97;1u", [.scalar("a")]),
      ("97u", [.scalar("a")]),
      ("97;5u", [.scalar("\u{1}")]),
      ("99;5u", [.scalar("\u{3}")]),
      ("27;5;99~", [.scalar("\u{3}")]),
      ("13u", [.scalar("\r")]),
      ("13;2u", [.scalar("\r")]),
      ("9u", [.scalar("\t")]),
      ("127u", [.scalar("\u{7F}")]),
      ("27u", [.escape]),
      ("98;3u", [.meta("b")]),
      ("233;1u", [.scalar("é")]),
      ("27;1;233~", [.scalar("é")]),
      // A second code is the key with Shift, the event a press.
      ("97:65;1:1u", [.scalar("a")]),
      // A release, a key of the keyboard without a character, one with Super.
      ("97;1:3u", []), ("57441u", []), ("97;9u", []), ("55296u", []), ("49;5u", []),
    ] as [(String, [TerminalKey])]
  )
  func `a key that is written as its code point is that key`(
    parameters: String,
    keys: [TerminalKey]
  ) {
    let following = [TerminalKey.scalar("x")]
    #expect(Self.keys(Array("\u{1B}[\(parameters)x".utf8)) == keys + following)
  }

  @Test(arguments: [
    ("one", "one"),
    ("a\r\nb\rc\nd\n", "a\nb\nc\nd\n"),
    ("tab\tand é日", "tab\tand é日"),
    // Keys of any kind are text within it.
    ("a\u{3}b\u{4}\u{1A}c", "a\u{3}b\u{4}\u{1A}c"),
    ("a\u{0}b\u{1B}c\u{1B}[Ad\u{1B}[200~e", "a\u{0}b\u{1B}c\u{1B}[Ad\u{1B}[200~e"),
    ("\u{1B}[201", "\u{1B}[201"),
    ("", ""),
  ])
  func `a paste is text, whatever stands in it`(pasted: String, text: String) {
    let bytes = Array("\u{1B}[200~\(pasted)\u{1B}[201~\r".utf8)
    #expect(Self.keys(bytes) == [.paste(text), .scalar("\r")])
    // In one piece, as it is read.
    var decoder = KeyDecoder()
    for byte in bytes.prefix(6) { decoder.take(byte) }
    #expect(decoder.isPasting)
    var rest = bytes[6...]
    decoder.takePaste(&rest)
    #expect(decoder.next() == .paste(text))
    #expect(Array(rest) == [0x0D])
  }

  @Test func `a paste of broken UTF-8 shows where it is broken`() {
    let bytes = Array("\u{1B}[200~a".utf8) + [0xE9] + Array("b\u{1B}[201~".utf8)
    #expect(Self.keys(bytes) == [.paste("a\u{FFFD}b")])
  }

  @Test func `behind Ctrl-V any byte is its character`() {
    var decoder = KeyDecoder()
    decoder.isLiteral = true
    decoder.take(0x1B)
    #expect(decoder.next() == .scalar("\u{1B}"))
    decoder.take(0x1B)
    #expect(decoder.isBehindEscape)
  }
}
