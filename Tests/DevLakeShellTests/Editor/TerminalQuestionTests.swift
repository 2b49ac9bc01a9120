import Testing

@testable import DevLakeShell
@testable import LineEditing

/// Questions: what is shown of an answer, and what it is.
struct TerminalQuestionTests {
  private static func masked(_ editor: LineEditor) {
    editor.dot = "*"
    editor.isComplete = { !TerminalQuestion.isUnfinishedKey($0) }
  }

  private static func prefilled(_ editor: LineEditor) { editor.prefilled = "htps://ci" }

  @Test(arguments: [
    ("abc", "1> ***"),
    ("12345678", "1> ********"),
    ("123456789", "1> ******** (9 characters)"),
    (String(repeating: "x", count: 4096), "1> ******** (4096 characters)"),
    ("abc\u{7F}\u{7F}", "1> *"),
    ("\u{1B}[200~two\nlines\u{1B}[201~", "1> ******** (9 characters)"),
  ])
  func `a secret shows a few dots and its length`(keys: String, screen: String) async throws {
    let inputs = try await EditorTerminal.session(configure: Self.masked) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
      try terminal.expectScreen(screen)
      terminal.type("\r")
    }
    #expect(inputs.count == 1)
  }

  @Test func `a search shows nothing of a secret`() async throws {
    let inputs = try await EditorTerminal.session(configure: Self.masked) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("s3cret\u{12}\u{13}x")
      try terminal.expectScreen("1> *******")
      terminal.type("\r")
    }
    #expect(inputs == [.line("s3cretx")])
  }

  @Test func `a private key is one answer, although its lines come one by one`() async throws {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
    let inputs = try await EditorTerminal.session(configure: Self.masked) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(key.replacing("\n", with: "\r") + "\r")
    }
    #expect(inputs == [.line(key)])
  }

  @Test func `what stands there already can be changed`() async throws {
    let inputs = try await EditorTerminal.session(configure: Self.prefilled) { terminal, _ in
      try terminal.expectScreen("1> htps://ci")
      terminal.type("\u{1}\u{6}t\r")
    }
    #expect(inputs == [.line("https://ci")])
  }

  @Test(arguments: [
    ("  token \n", true, "token"), ("two\nlines", true, "two\nlines"),
    ("two\nlines", false, "two lines"),
    ("", false, ""), ("  \t ", true, ""),
  ])
  func `an answer has no blanks around it`(typed: String, isSecret: Bool, answer: String) {
    #expect(TerminalQuestion.answer(typed, isSecret: isSecret) == answer)
  }

  @Test(arguments: [
    ("Name: ", 80, ["Name: "]),
    ("one two three four: ", 12, ["one two ", "three four:", " "]),
    ("Title:\nName: ", 80, ["Title:", "Name: "]),
    ("Token for it (scopes: a, b): ", 40, ["Token for it ", "(scopes: a, b): "]),
    ("Use it, as it is there? (yes/no): ", 40, ["Use it, as it is there? (yes/no): "]),
    ("abcdefghijklmnop: ", 11, ["abcdefghij", "klmnop: "]),
  ])
  func `a question that is wider than the screen has rows`(
    question: String,
    columns: Int,
    rows: [String]
  ) {
    let made = TerminalQuestion.rows(of: question, columns: columns)
    #expect(made.joined() == rows.joined())
    #expect(made.allSatisfy { $0.count <= columns })
    #expect(made.count == rows.count, "\(made)")
  }
}
