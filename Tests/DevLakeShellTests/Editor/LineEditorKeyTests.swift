import Glibc
import Testing

@testable import DevLakeShell
@testable import LineEditing

struct LineEditorKeyTests {
  @Test(arguments: [
    ("list\r", "list"),
    ("привет, 日本\r", "привет, 日本"),
    ("abc\u{1B}[D\u{1B}[DX\r", "aXbc"),
    ("abc\u{1B}OD\u{7F}\r", "ac"),
    ("abc\u{1}\u{1B}[3~\r", "bc"),
    ("abc\u{1}\u{4}\r", "bc"),
    ("abc\u{1B}[HX\u{1B}[FY\r", "XabcY"),
    ("one two\u{17}\r", "one "),
    ("one two\u{1B}[1;5DX\r", "one Xtwo"),
    ("one two\u{1}\u{1B}[1;5CX\r", "oneX two"),
    ("один два\u{1B}bX\r", "один Xдва"),
    // A letter and its accent, and an emoji of several parts, are one character.
    ("ae\u{301}\u{7F}\r", "a"),
    ("a👩\u{200D}👧\u{7F}b\r", "ab"),
    // A quoted key is text.
    ("a\u{16}\tb\r", "a\tb"),
    ("abc\u{1F}\r", ""),
  ])
  func `keys edit the line`(keys: String, line: String) async throws {
    let inputs = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }

  @Test(arguments: [
    "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[2~", "\u{1B}[15~", "\u{1B}[1;5A", "\u{1B}[1;2P", "\u{1B}OP",
    "\u{1B}[[A", "\u{1B}[201~", "\u{1B}[I", "\u{1B}[?1;2c", "\u{1B}[<0;10;10M", "\u{1B}x", "\u{1E}",
    "\u{0}", "\u{7}", "\u{1C}", "\u{1D}", "\u{F}",
  ])
  func `a key that means nothing leaves nothing in the line`(key: String) async throws {
    let inputs = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      terminal.type("a\(key)b\r")
    }
    #expect(inputs == [.line("ab")])
  }

  @Test func `an arrow key that arrives in pieces is an arrow key`() async throws {
    let inputs = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      for piece in ["ab\u{1B}", "[", "D"] {
        terminal.type(piece)
        try terminal.expect("ab")
      }
      terminal.type("X\r")
    }
    #expect(inputs == [.line("aXb")])
  }

  @Test func `Ctrl-D ends the input on an empty line only`() async throws {
    let inputs = try await EditorTerminal.session(count: 2) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("ab\u{4}\r")
      try terminal.expect("2>")
      terminal.type("\u{4}")
    }
    #expect(inputs == [.line("ab"), .end])
  }

  private static func openBrace(_ editor: LineEditor) {
    editor.isComplete = { $0.last != "{" }
  }

  @Test func `Ctrl-C gives the line up and says so behind it`() async throws {
    let inputs = try await EditorTerminal.session(
      columns: 10,
      count: 3,
      configure: Self.openBrace
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("a long line\u{1}\u{3}")
      try terminal.expectScreen("1> a long\nline^C\n2>")
      terminal.type("{\rx}\u{1B}[A\u{3}")
      try terminal.expectScreen("1> a long\nline^C\n2> {\nx}^C\n3>")
      terminal.type("x\r")
    }
    #expect(inputs == [.interrupt, .interrupt, .line("x")])
  }

  @Test func `a SIGINT that was sent is Ctrl-C`() async throws {
    let inputs = try await EditorTerminal.session { terminal, mailbox in
      try terminal.expect("1>")
      terminal.type("abc")
      try terminal.expect("abc")
      mailbox.interrupt()
      try terminal.expect("abc^C")
    }
    #expect(inputs == [.interrupt])
  }

  @Test func `what is typed ahead is read`() async throws {
    let inputs = try await EditorTerminal.session(count: 3) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("one\rtwo\rthree\r")
    }
    #expect(inputs == [.line("one"), .line("two"), .line("three")])
  }

  @Test func `the terminal has its modes again behind a line`() async throws {
    let terminal = try EditorTerminal(columns: 40, rows: 10)
    let before = terminal.modes
    _ = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      #expect(terminal.modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0)
      terminal.type("\r")
      try terminal.expectRaw("\u{1B}[?2004l")
      #expect(terminal.modes.c_lflag == before.c_lflag)
      #expect(terminal.modes.c_iflag == before.c_iflag)
    }
  }
}
