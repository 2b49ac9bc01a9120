import Testing

@testable import DevLakeShell

@Suite struct SymbolsTests {
  @Test(arguments: [
    ("✅ Created GitHub connection (ID=1)", "ok Created GitHub connection (ID=1)"),
    ("❌ Connection test failed:", "FAILED Connection test failed:"),
    ("💡 Ensure your PAT has these scopes", "hint: Ensure your PAT has these scopes"),
    ("⚠️  This will delete", "warning: This will delete"), ("⚠ plain http", "warning: plain http"),
    ("   🔑 Testing the new token...", "   Testing the new token..."),
    ("a · b → c…", "a - b -> c..."), ("───", "---"), ("платформа 日本", "платформа 日本"),
    ("✅", "ok"), ("", ""), ("plain  blanks", "plain  blanks"),
  ])
  func `a line without UTF-8 keeps its meaning`(line: String, ascii: String) {
    #expect(Symbols.ascii(line) == ascii)
  }

  @Test(arguments: [
    (ColorChoice.always, false, ["NO_COLOR": "1"], true),
    (.never, true, ["CLICOLOR_FORCE": "1"], false),
    (.auto, true, ["TERM": "xterm"], true), (.auto, false, ["TERM": "xterm"], false),
    (.auto, true, ["TERM": "dumb"], false), (.auto, true, [:], false),
    (.auto, true, ["TERM": "xterm", "NO_COLOR": "1"], false),
    (.auto, true, ["TERM": "xterm", "NO_COLOR": ""], true),
    (.auto, false, ["CLICOLOR_FORCE": "1"], true), (.auto, false, ["CLICOLOR_FORCE": "0"], false),
    (.auto, false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
    (.auto, true, ["TERM": "xterm", "CLICOLOR": "0"], false),
  ])
  func `colour follows option, environment and terminal`(
    choice: ColorChoice,
    isTerminal: Bool,
    environment: [String: String],
    isOn: Bool
  ) {
    #expect(choice.isOn(isTerminal: isTerminal, environment: environment) == isOn)
  }

  @Test func `a style leaves text alone when colour is off`() {
    #expect(TextStyle.red.applied(to: "error", isOn: false) == "error")
    #expect(TextStyle.red.applied(to: "error", isOn: true) == "\u{1B}[1;31merror\u{1B}[0m")
    #expect(TextStyle.red.applied(to: "", isOn: true) == "")
  }
}
