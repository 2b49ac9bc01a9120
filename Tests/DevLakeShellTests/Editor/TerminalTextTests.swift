import Testing

@testable import DevLakeShell
@testable import LineEditing

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("GitHub - acme", "GitHub - acme"), ("Ünïcode 日本 👩‍👩‍👧 ─…", "Ünïcode 日本 👩‍👩‍👧 ─…"),
    ("a\nb\tc", "a b c"), ("a\r\nb", "a b"), ("a\rb", "a b"),
    ("a\u{85}b\u{2028}c\u{2029}d", "a b c d"),
    ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{07}x", "x"),
    ("\u{1B}]8;;http://evil\u{1B}\\link", "link"), ("\u{1B}Pq#0\u{1B}\\x", "x"),
    ("\u{1B}c\u{1B}(Bx", "x"), ("\u{9B}2Jx", "x"), ("\u{9D}0;t\u{9C}x", "x"),
    ("\u{1B}]0;never ends", "0;never ends"), ("end\u{1B}", "end"), ("\u{1B}[", ""),
    ("a\u{0}b\u{7}c\u{8}d\u{7F}e", "abcde"),
    ("\u{202E}evil\u{202C}\u{2066}x\u{2069}\u{200F}", "evilx"),
    ("\u{61C}a\u{200E}", "a"), ("\u{1B}\u{1B}[1mx", "x"), ("\u{1B}\nx", " x"),
    ("a\u{200B}b\u{FEFF}c\u{2060}d\u{FFF9}e\u{180E}f", "abcdef"),
    ("\u{FEFF}x", "x"), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
  ])
  func `only harmless text is left`(text: String, clean: String) {
    #expect(TerminalText.sanitized(text) == clean)
    #expect(!clean.unicodeScalars.contains(where: TerminalText.isHarmful))
  }

  @Test func `every control character is harmless afterwards`() {
    for value in UInt32(0)...0x2100 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let clean = TerminalText.sanitized("a\(scalar)b")
      #expect(!clean.unicodeScalars.contains(where: TerminalText.isHarmful), "U+\(value)")
    }
  }

  @Test func `line ends can stay`() {
    #expect(TerminalText.sanitized("a\n\u{1B}[1mb\tc", keeping: ["\n", "\t"]) == "a\nb\tc")
  }
}
