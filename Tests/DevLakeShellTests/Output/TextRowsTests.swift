import DevLakeKit
import Testing

@testable import DevLakeShell
@testable import LineEditing

/// Lines for people, broken at words and coloured by their sign.
@Suite struct TextRowsTests {
  @Test(arguments: [
    ("it fits", 7, 2, ["it fits"]),
    ("one two three", 8, 2, ["one two", "  three"]),
    ("one  two", 6, 0, ["one", "two"]),
    ("   indented text", 12, 5, ["   indented", "     text"]),
    (
      "at https://devlake.example.com/api now", 10, 2,
      ["at", "  https://devlake.example.com/api", "  now"]
    ),
    ("日本 語 三", 5, 1, ["日本", " 語", " 三"]),
    ("日本 語 三", 6, 1, ["日本", " 語 三"]),
    ("one two ", 7, 2, ["one two"]),
    ("abcdefghij", 4, 2, ["abcdefghij"]),
  ])
  func `a line is broken at blanks, and words stay whole`(
    _ line: String,
    _ width: Int,
    _ hang: Int,
    _ rows: [String]
  ) {
    #expect(TextRows.rows(line, width: width, hang: hang) == rows)
  }

  @Test(arguments: [
    ("❌ jenkins/2 failed: it is not there", ["❌ jenkins/2 failed:", "   it is not there"]),
    ("   💡 look at what it is good for", ["   💡 look at what it", "      is good for"]),
    ("DevLake v1.0.3 at http://d:8080", ["DevLake v1.0.3 at", "  http://d:8080"]),
    ("+ create  gitlab \"a long name\"", ["+ create  gitlab \"a", "  long name\""]),
  ])
  func `further rows begin behind the sign`(_ line: String, _ rows: [String]) {
    #expect(Medium(width: 22, isTerminal: true).rows(line) == rows)
  }

  @Test func `what words stand for a sign count in a locale without it`() {
    let medium = Medium(width: 20, isUTF8: false, isTerminal: true)
    // Behind a word as long as this one little room would be left.
    #expect(medium.rows("⚠️ one two three four") == ["warning: one two", "three four"])
    #expect(medium.rows("✅ one two three four") == ["ok one two three", "   four"])
  }

  @Test(arguments: [
    ("❌ bad", "31"), ("⚠️ odd", "33"), ("   💡 try", "2"), ("+ create  x", "32"),
    ("   ~ update  x", "33"), ("- delete  x", "31"),
  ])
  func `the sign says the colour, and each row has it whole`(_ line: String, _ code: String) {
    let medium = Medium(width: 8, isTerminal: true, hasColor: true)
    let rows = medium.rows(line + " and more")
    #expect(rows.count > 1)
    #expect(rows.allSatisfy { $0.hasPrefix("\u{1B}[\(code)m") && $0.hasSuffix("\u{1B}[0m") })
    let plain = Medium(width: 8, isTerminal: true).rows(line + " and more")
    #expect(rows.map { TerminalText.sanitized($0) } == plain)
  }

  @Test(arguments: ["✅ fine", "plain", "-", "      - deep", "a + b", ""])
  func `other lines have none`(_ line: String) {
    #expect(Medium(width: 80, isTerminal: true, hasColor: true).rows(line) == [line])
  }

  @Test func `text without a screen stays in one line`() {
    let long = "❌ " + String(repeating: "word ", count: 100)
    #expect(Medium.file.rows(long) == [long])
  }

  @Test func `a table has a bold header, and styled rows, only where there is colour`() {
    var table = Table(columns: [.init("Name")], rows: [["a"], ["b"]], footer: ["❌ 2 rows"])
    table.styles[1] = .failed
    let output = Output(data: [], view: .table(table))
    let plain = OutputFormat.table.render(output, for: Medium(width: 40, isTerminal: true))
    let colored = OutputFormat.table.render(
      output,
      for: Medium(width: 40, isTerminal: true, hasColor: true)
    )
    #expect(
      colored
        == "\u{1B}[1mName\u{1B}[0m\n────\na\n\u{1B}[31mb\u{1B}[0m\n\u{1B}[31m❌ 2 rows\u{1B}[0m\n"
    )
    #expect(plain == "Name\n────\na\nb\n❌ 2 rows\n")
  }

  @Test func `a column without text is none on a terminal, but for those that always count`() {
    let table = Table(
      columns: [.init("Plugin"), .init("Name"), .init("Organization", priority: 60)],
      rows: [["jira", "", ""]]
    )
    let output = Output(data: [], view: .table(table))
    let shown = OutputFormat.table.render(output, for: Medium(width: 80, isTerminal: true))
    #expect(shown == "Plugin  Name\n──────  ────\njira\n")
    #expect(OutputFormat.table.render(output).contains("Organization"))
  }
}
