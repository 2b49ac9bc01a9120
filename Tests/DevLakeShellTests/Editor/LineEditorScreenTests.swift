import Testing

@testable import DevLakeShell
@testable import LineEditing

/// What a person sees.
struct LineEditorScreenTests {
  @Test func `a long line wraps, and the cursor goes through its rows`() async throws {
    _ = try await EditorTerminal.session(columns: 10) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("abcdefgh")
      try terminal.expectScreen("1> abcdefg\nh")
      try terminal.expect(cursor: 1, 1)
      terminal.type("\u{1}")
      try terminal.expect(cursor: 3, 0)
      terminal.type("日本")
      try terminal.expectScreen("1> 日本abc\ndefgh")
      terminal.type("\u{5}ijklm")
      try terminal.expectScreen("1> 日本abc\ndefghijklm")
      try terminal.expect(cursor: 0, 2)
      terminal.type("\r")
    }
  }

  @Test func `a wide character is not cut at the edge`() async throws {
    _ = try await EditorTerminal.session(columns: 10) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("abcdef日本")
      try terminal.expectScreen("1> abcdef\n日本")
      terminal.type("\u{7F}\u{7F}g")
      try terminal.expectScreen("1> abcdefg")
      terminal.type("\r")
    }
  }

  @Test func `an entry taller than the screen shows the part around the cursor`() async throws {
    _ = try await EditorTerminal.session(rows: 4) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("\u{1B}[200~a\nb\nc\nd\ne\nf\u{1B}[201~")
      try terminal.expectScreen("c\nd\ne\nf")
      terminal.type("\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A")
      try terminal.expectScreen("b\nc\nd\ne")
      terminal.type("\u{1B}[A")
      try terminal.expectScreen("1> a\nb\nc\nd")
      terminal.type("x")
      try terminal.expectScreen("1> ax\nb\nc\nd")
      terminal.type("\r")
      try terminal.expectScreen("d\ne\nf")
    }
  }

  @Test func `a message appears above the line, which stays as it was`() async throws {
    let inputs = try await EditorTerminal.session(columns: 10) { terminal, mailbox in
      try terminal.expect("1>")
      terminal.type("draft of tworows\u{1B}[D\u{1B}[D")
      try terminal.expect("worows")
      mailbox.post("привет")
      try terminal.expectScreen("привет\n1> draft o\nf tworows")
      try terminal.expect(cursor: 7, 2)
      mailbox.post("two\nlines")
      try terminal.expectScreen("привет\ntwo\nlines\n1> draft o\nf tworows")
      terminal.type("X\r")
    }
    #expect(inputs == [.line("draft of tworoXws")])
  }

  @Test(arguments: [
    ("", "1> x"), ("output", "output\n1> x"), ("0123456789", "0123456789\n1> x"),
    ("ended\r\n", "ended\n1> x"),
  ])
  func `output without a newline is not drawn over`(output: String, screen: String) async throws {
    let write: @Sendable (LineEditor) -> Void = { $0.send(output) }
    _ = try await EditorTerminal.session(columns: 10, configure: write) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("x")
      try terminal.expectScreen(screen)
      terminal.type("\r")
    }
  }

  private static func postEarly(_ editor: LineEditor) { editor.mailbox.post("early") }

  @Test func `a message from before the prompt stands above it`() async throws {
    _ = try await EditorTerminal.session(configure: Self.postEarly) { terminal, _ in
      try terminal.expectScreen("early\n1>")
      terminal.type("\r")
    }
  }

  @Test func `a resize leaves one prompt, one line and the cursor`() async throws {
    let inputs = try await EditorTerminal.session(columns: 20) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("abcdef\u{1B}[D")
      try terminal.expect(cursor: 8, 0)
      terminal.resize(columns: 12, rows: 10)
      terminal.type("ghij")
      try terminal.expectScreen("1> abcdeghij\nf")
      try terminal.expect(cursor: 0, 1)
      terminal.resize(columns: 30, rows: 5)
      terminal.type("\u{5}k\r")
    }
    #expect(inputs == [.line("abcdeghijfk")])
  }

  @Test func `Ctrl-L leaves the line alone on the screen`() async throws {
    _ = try await EditorTerminal.session(count: 2) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("gone\r")
      try terminal.expect("2>")
      terminal.type("kept\u{C}")
      try terminal.expectScreen("2> kept")
      terminal.type("\r")
    }
  }

  @Test func `control characters are shown, not sent`() async throws {
    _ = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      terminal.type("a\u{16}\u{1B}[2Jb\u{16}\tc")
      try terminal.expectScreen("1> a^[[2Jb      c")
      terminal.type("\r")
    }
  }

  @Test func `a prompt may have any letters, and no control sequence passes`() throws {
    let terminal = "\u{1B}[31mдевлейк日\u{1B}[0m> "
    let layout = LineEditorLayout(
      line: EditedLine("ab"),
      prompts: [TerminalText.sanitized(terminal)],
      columns: 20
    )
    #expect(layout.text(of: layout.rows[0], in: EditedLine("ab")) == "девлейк日> ab")
    #expect(layout.cursorColumn == 13)
  }

  @Test func `a terminal that can do nothing shows one row that scrolls`() async throws {
    let settings = LineEditorSettings(showsHints: false, isDumb: true, readsPreferences: false)
    let inputs = try await EditorTerminal.session(columns: 12, settings: settings) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("abcdef")
      try terminal.expectScreen("1> abcdef")
      terminal.type("ghijk")
      try terminal.expectScreen("bcdefghijk")
      terminal.type("\u{1}\u{1B}[3~")
      try terminal.expectScreen("1> bcdefghi")
      #expect(!terminal.hasSeen("\u{1B}"))
      terminal.type("\r")
    }
    #expect(inputs == [.line("bcdefghijk")])
  }
}
