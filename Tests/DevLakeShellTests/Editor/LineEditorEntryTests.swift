import Testing

@testable import DevLakeShell
@testable import LineEditing

/// Entries of several rows, pastes, and the history.
struct LineEditorEntryTests {
  /// A second; a build for debugging does the same work several times as slowly.
  private static var second: Duration {
    #if DEBUG
    .seconds(5)
    #else
    .seconds(1)
    #endif
  }

  private static func braces(_ editor: LineEditor) {
    editor.isComplete = { text in
      text.filter { $0 == "{" }.count <= text.filter { $0 == "}" }.count
    }
    editor.continuationPrompts = { _ in [". "] }
  }

  @Test func `Enter in an open block begins a row of the same entry`() async throws {
    let inputs = try await EditorTerminal.session(configure: Self.braces) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("if {\r  x\r")
      try terminal.expectScreen("1> if {\n.   x\n.")
      terminal.type("}\r")
    }
    #expect(inputs == [.line("if {\n  x\n}")])
  }

  @Test func `arrows cross the rows of an entry and keep their column`() async throws {
    let inputs = try await EditorTerminal.session(configure: Self.braces) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("{\rдва\rthree}\u{1B}[A1\u{1B}[A\u{1B}[B2\u{1B}[B\u{1B}[F\r")
    }
    #expect(inputs == [.line("{\nд2ва1\nthree}")])
  }

  @Test func `an entry of several rows comes back as one`() async throws {
    let inputs = try await EditorTerminal.session(count: 2, configure: Self.braces) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("{\ra\r}\r")
      try terminal.expect("2>")
      terminal.type("\u{1B}[A")
      try terminal.expectScreen("1> {\n. a\n. }\n2> {\n. a\n. }")
      terminal.type(" x\r")
    }
    #expect(inputs == [.line("{\na\n}"), .line("{\na\n} x")])
  }

  @Test(arguments: [
    ("one\ntwo", "one\ntwo"),
    ("one\rtwo\r\nthree\r", "one\ntwo\nthree"),
    ("tab\there", "tab\there"),
    // Keys in it are text, and seen: left out, what is read would not be what was pasted.
    ("hidden\u{1B}[31m\u{8}\u{4}bytes", "hidden\u{1B}[31m\u{8}\u{4}bytes"),
    (
      "harmless\u{3}delete gitlab/1\n\u{3}\u{1A}end", "harmless\u{3}delete gitlab/1\n\u{3}\u{1A}end"
    ),
    ("nul\u{0}byte", "nul\u{FFFD}byte"),
    ("\u{1B}[200~twice", "\u{1B}[200~twice"),
    ("прив\u{301}ет 日本", "прив\u{301}ет 日本"),
  ])
  func `a paste is text until Enter`(paste: String, line: String) async throws {
    let inputs = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      terminal.type("\u{1B}[200~\(paste)\u{1B}[201~\r")
    }
    #expect(inputs == [.line(line)])
  }

  @Test func `a paste in the middle keeps its last newline`() async throws {
    let inputs = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      terminal.type("b\u{1}\u{1B}[200~a\n\u{1B}[201~\r")
    }
    #expect(inputs == [.line("a\nb")])
  }

  @Test func `Ctrl-C gives up a paste without an end`() async throws {
    let inputs = try await EditorTerminal.session(count: 2) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("\u{1B}[200~lost")
      try terminal.expect("the paste has no end yet")
      terminal.type("\u{3}")
      try terminal.expect("2>")
      terminal.type("x\r")
    }
    #expect(inputs == [.interrupt, .line("x")])
  }

  @Test func `a paste that stops for a while is whole all the same`() async throws {
    let inputs = try await EditorTerminal.session { terminal, _ in
      try terminal.expect("1>")
      terminal.type("a\u{1B}[200~b")
      try terminal.expect("the paste has no end yet")
      terminal.type("c\u{3}d\u{1B}[201~e\r")
    }
    #expect(inputs == [.line("abc\u{3}de")])
  }

  @Test func `ten thousand pasted lines take less than a second`() async throws {
    let lines = (1...10_000).map { "create --plugin github --name connection-\($0)" }
    let text = lines.joined(separator: "\n")
    let start = ContinuousClock.now
    let inputs = try await EditorTerminal.session(columns: 80) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("\u{1B}[200~\(text)\u{1B}[201~")
      try terminal.expect("connection-10000")
      terminal.type("\r")
    }
    #expect(inputs == [.line(text)])
    #expect(ContinuousClock.now - start < Self.second)
  }

  @Test(arguments: [3, 1_023, 1_024, 1_500, 40_000])
  func `a draft survives Up and Down at any length`(length: Int) async throws {
    let draft = String(repeating: "д", count: length)
    let inputs = try await EditorTerminal.session(remembered: ["one", "two"]) {
      terminal,
      _ in
      try terminal.expect("1>")
      terminal.type("\u{1B}[200~\(draft)\u{1B}[201~\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B!\r")
    }
    #expect(inputs == [.line(draft + "!")])
  }

  @Test func `a recalled line that was changed is still changed after a look elsewhere`()
    async throws
  {
    let inputs = try await EditorTerminal.session(remembered: ["one ", "two"]) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("\u{1B}[A!\u{1B}[A\u{1B}[B?\r")
    }
    #expect(inputs == [.line("two!?")])
  }

  @Test(arguments: [
    ("test\u{1B}[A\r", "test 2"), ("test\u{1B}[A\u{1B}[A\r", "test 1"),
    // At the oldest one it stays, and Down comes back to what was typed.
    ("test\u{1B}[A\u{1B}[A\u{1B}[A\r", "test 1"),
    ("test\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B!\r", "test!"),
    // Where no line begins so, Up is what it is with nothing typed.
    ("zzz\u{1B}[A\r", "list"), ("zzz\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B!\r", "zzz!"),
    // With nothing typed every line is walked through; so it is from one that was changed.
    ("\u{1B}[A\r", "list"), ("test\u{1B}[A!\u{1B}[A\r", "list x"),
  ])
  func `Up walks through the lines that begin with what was typed`(
    keys: String,
    line: String
  ) async throws {
    let inputs = try await EditorTerminal.session(
      remembered: ["test 1", "list x", "test 2", "list"]
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }

  @Test(arguments: [
    ("x \u{1B}.\r", "x 'a b'"), ("x \u{1B}.\u{1B}.\r", "x github/1"),
    // Behind the oldest one nothing is left, and what stands there stays.
    ("x \u{1B}.\u{1B}.\u{1B}.\r", "x github/1"),
    ("x \u{1B}.y \u{1B}.\r", "x 'a b'y 'a b'"), ("-\u{1}\u{1B}.\r", "'a b'-"),
  ])
  func `Alt-. puts in the last word of the lines before`(keys: String, line: String) async throws {
    let inputs = try await EditorTerminal.session(
      remembered: ["show github/1", "echo 'a b'"]
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }

  @Test(arguments: [
    ("a b", "b"), ("a 'b c' ", "'b c'"), ("a b\\ c", "b\\ c"), ("\"x \\\" y\"", "\"x \\\" y\""),
    ("", ""),
    ("{\n  echo x\n}", "}"),
  ])
  func `a last word has its quotes`(entry: String, word: String) {
    #expect(LineEditor.lastWord(of: entry) == word)
  }

  @Test func `another program changes the line, and Enter is the person's`() async throws {
    let inputs = try await EditorTerminal.session(
      configure: { editor in editor.editElsewhere = { $0.uppercased() + "\nsecond" } },
      script: { terminal, _ in
        try terminal.expect("1>")
        terminal.type("first\u{18}\u{5}")
        try terminal.expect("FIRST")
        terminal.type("!\r")
      }
    )
    #expect(inputs == [.line("FIRST\nsecond!")])
  }

  @Test(arguments: [
    // The blank at the end of a line is kept.
    ("\u{10}\u{10}x\r", "one x"),
    ("\u{1B}<\r", "one "),
    ("\u{1B}<\u{1B}>x\r", "x"),
    ("t\u{1B}p\r", "two"),
    ("o\u{1B}p\u{5}!\r", "one !"),
    // The oldest line stays when there is none before it.
    ("\u{10}\u{10}\u{10}\u{10}\r", "one "),
  ])
  func `keys walk through the history`(keys: String, line: String) async throws {
    let inputs = try await EditorTerminal.session(remembered: ["one ", "two"]) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }
}
