import Testing

@testable import DevLakeShell
@testable import LineEditing

struct LineEditorSearchTests {
  private static let remembered = [
    "list --plugin github", "test 1", "echo Ваня Алёна Ёж", "list --plugin jira", "a[b",
    "if {\n x\n}",
  ]

  @Test(arguments: [
    ("\u{12}list\r", "list --plugin jira"),
    ("\u{12}list\u{12}\r", "list --plugin github"),
    ("\u{12}list\u{12}\u{13}\r", "list --plugin jira"),
    ("\u{12}LIST\u{3}", nil),
    // Each of these letters is a command of libedit's own search.
    ("\u{12}Ваня А\r", "echo Ваня Алёна Ёж"),
    ("\u{12}Ё\r", "echo Ваня Алёна Ёж"),
    // The pattern is no regular expression.
    ("\u{12}a[\r", "a[b"),
    ("\u{12}t.st\u{7F}\u{7F}\u{7F}est\r", "test 1"),
    // The cursor is where the text was found; arrows leave nothing behind.
    ("\u{12}plugin g\u{1B}[DX\r", "list -X-plugin github"),
    ("\u{12}1\u{5}2\r", "test 12"),
    // Given up, the draft is back.
    ("draft\u{12}list\u{7}!\r", "draft!"),
    ("\u{12} x\r", "if {\n x\n}"),
  ])
  func `Ctrl-R finds what was typed before`(keys: String, line: String?) async throws {
    let inputs = try await EditorTerminal.session(remembered: Self.remembered) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [line.map { .line($0) } ?? .interrupt])
  }

  @Test func `the search shows its pattern and what it found`() async throws {
    _ = try await EditorTerminal.session(columns: 60, remembered: Self.remembered) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("\u{12}git")
      try terminal.expectScreen("(reverse-i-search)`git': list --plugin github")
      terminal.type("x")
      try terminal.expectScreen("(failing reverse-i-search)`gitx': list --plugin github")
      terminal.type("\u{7F}\u{1B}[C")
      try terminal.expectScreen("1> list --plugin github")
      terminal.type("\r")
    }
  }

  @Test func `Ctrl-C in a search gives up the line, and the shell goes on`() async throws {
    let inputs = try await EditorTerminal.session(
      count: 2,
      remembered: Self.remembered
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("draft\u{12}list\u{3}")
      try terminal.expect("2>")
      terminal.type("\u{10}\r")
    }
    #expect(inputs == [.interrupt, .line("if {\n x\n}")])
  }
}
