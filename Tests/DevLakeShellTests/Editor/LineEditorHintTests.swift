import Testing

@testable import DevLakeShell
@testable import LineEditing

struct LineEditorHintTests {
  private static func hints(_ editor: LineEditor) {
    editor.hint = { line in
      if line == "show " { return Hint("<id>", isAcceptable: false) }
      let known = "list --plugin github"
      guard known.hasPrefix(line), known != line else { return nil }
      return Hint(String(known.dropFirst(line.count)), isAcceptable: true)
    }
  }

  @Test(arguments: [
    ("li\u{1B}[C\r", "list --plugin github"),
    ("li\u{6}\r", "list --plugin github"),
    ("li\u{1B}f\u{1B}[1;5C\r", "list --plugin"),
    // In the middle of the line the keys move.
    ("lx\u{1B}[D\u{1B}[C!\r", "lx!"),
    // A placeholder is no text.
    ("show \u{1B}[C1\r", "show 1"),
    ("li\r", "li"),
  ])
  func `a hint is taken by keys that go right`(keys: String, line: String) async throws {
    let inputs = try await EditorTerminal.session(configure: Self.hints) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }

  @Test func `a hint is faint, ends at the edge and is gone with the line`() async throws {
    _ = try await EditorTerminal.session(columns: 14, configure: Self.hints) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("li")
      try terminal.expectScreen("1> list --plu")
      try terminal.expect(cursor: 5, 0)
      try terminal.expectRaw("\u{1B}[2mst --plu\u{1B}[22m")
      terminal.type("x")
      try terminal.expectScreen("1> lix")
      terminal.type("\u{7F}")
      try terminal.expectScreen("1> list --plu")
      terminal.type("\u{1B}[D")
      try terminal.expectScreen("1> li")
      terminal.type("\u{5}\r")
      try terminal.expectScreen("1> li")
    }
  }

  @Test func `a hint stays beside a message and a resize`() async throws {
    _ = try await EditorTerminal.session(configure: Self.hints) { terminal, mailbox in
      try terminal.expect("1>")
      terminal.type("li")
      try terminal.expect("list --plugin")
      mailbox.post("news")
      try terminal.expectScreen("news\n1> list --plugin github")
      terminal.resize(columns: 10, rows: 10)
      try terminal.expectScreen("news\n1> list -")
      terminal.type("\r")
    }
  }

  @Test(arguments: [
    (["TERM": "xterm"], true, false),
    (["TERM": "xterm", "NO_COLOR": "1"], false, false),
    (["TERM": "xterm", "NO_COLOR": ""], true, false),
    (["TERM": "dumb"], false, true),
    ([:], false, true),
  ])
  func `the environment decides about hints`(
    environment: [String: String],
    showsHints: Bool,
    isDumb: Bool
  ) {
    let settings = LineEditorSettings(program: "shell", environment: environment)
    #expect(settings.showsHints == showsHints)
    #expect(settings.isDumb == isDumb)
  }
}
