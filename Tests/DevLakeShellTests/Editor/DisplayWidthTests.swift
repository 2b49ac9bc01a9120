import Testing

@testable import DevLakeShell
@testable import LineEditing

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("платформа", 9), ("日本語", 6), ("한글", 4), ("ﾊﾝｶｸ", 4), ("ＡＢ", 4),
    ("e\u{301}", 1), ("\u{301}", 0), ("क्षि", 2), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("😀", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("1️⃣", 2), ("⚠️", 2), ("⚠", 1),
    ("❤︎", 1), ("✅", 2), ("a\u{200B}b", 2), ("\u{AD}", 1), ("\u{1B}[0m", 3), ("─…·→", 4),
    ("\u{3099}", 0), ("か\u{3099}", 2), ("🀄", 2), ("𠀀", 2),
  ])
  func `a text takes the cells a terminal gives it`(text: String, cells: Int) {
    #expect(DisplayWidth.cells(of: text) == cells)
  }

  @Test(arguments: [("\t", 0, 8), ("\t", 3, 5), ("\t", 8, 8), ("ab\tc", 0, 9), ("日\tc", 1, 8)])
  func `a tab reaches to the next stop`(text: String, column: Int, cells: Int) {
    #expect(DisplayWidth.cells(of: text, from: column) == cells)
  }

  @Test func `every emoji drawn in colour is wide`() {
    let narrow = (UInt32(0x2000)...0x1FAFF).compactMap(Unicode.Scalar.init).filter { scalar in
      let properties = scalar.properties
      guard properties.isEmojiPresentation, let age = properties.age, age.major <= 15 else {
        return false
      }
      let isRegional = (0x1F1E6...0x1F1FF).contains(scalar.value)
      return !isRegional && DisplayWidth.cells(of: Character(scalar)) != 2
    }
    #expect(narrow.isEmpty)
  }

  @Test(arguments: [
    ("ab", 4, "ab  "), ("日本", 5, "日本 "), ("abc", 2, "abc"), ("e\u{301}", 2, "e\u{301} "),
  ])
  func `padding fills cells`(text: String, width: Int, padded: String) {
    #expect(text.padded(to: width) == padded)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
    ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3, "👩‍👩‍👧‍👦…"),
  ])
  func `clipping never splits a character`(text: String, width: Int, clipped: String) {
    #expect(text.clipped(to: width) == clipped)
    #expect(DisplayWidth.cells(of: clipped) <= width)
  }

  @Test func `an ellipsis that does not fit is cut, too`() {
    #expect("abcdef".clipped(to: 5, ellipsis: "...") == "ab...")
    #expect("abcdef".clipped(to: 2, ellipsis: "...") == "..")
  }
}
