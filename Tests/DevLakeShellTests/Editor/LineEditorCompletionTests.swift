import Testing

@testable import DevLakeShell
@testable import LineEditing

struct LineEditorCompletionTests {
  private typealias Candidate = CompletionAnswer.Candidate

  /// Completes the word before the cursor from a list.
  private static func completing(
    _ candidates: [Candidate]
  ) -> @Sendable (LineEditor) -> Void {
    { editor in
      editor.completions = { line, cursor in
        let before = String(decoding: Array(line.utf8)[..<cursor], as: UTF8.self)
        let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
        return CompletionAnswer(
          replaced: (cursor - word.utf8.count)..<cursor,
          candidates: candidates.filter { $0.text.hasPrefix(word) }
        )
      }
    }
  }

  private static let words = ["list", "привет", "приятель", "show"].map { Candidate(text: $0) }

  @Test(arguments: [
    ("l\t1\r", "list 1"),
    ("при\tв\t!\r", "привет !"),
    ("п\t\r", "при"),
    ("x\t\r", "x"),
    ("show\t\r", "show "),
    // Completed in the middle, the rest stays, and a blank that is there is not doubled.
    ("l x\u{1}\u{6}\ty\r", "list yx"),
    ("日 l\t\r", "日 list "),
  ])
  func `Tab inserts what is certain`(keys: String, line: String) async throws {
    let inputs = try await EditorTerminal.session(
      configure: Self.completing(Self.words)
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }

  @Test(arguments: [
    // Alone, with another one, with several that begin alike: never typed.
    (["all"], "x \t\tq\r", "x q"),
    (["all", "one"], "x \t\tq\r", "x oneq"),
    (["all"], "x al\tq\r", "x alq"),
    (["all", "alpha", "alps"], "x \t\tq\r", "x alpq"),
    (["all", "all-in", "allowed"], "x a\tq\r", "x aq"),
  ])
  func `what is only listed is not typed`(names: [String], keys: String, line: String) async throws
  {
    let candidates = names.map { Candidate(text: $0, isOnlyListed: $0 == "all") }
    let inputs = try await EditorTerminal.session(configure: Self.completing(candidates)) {
      terminal,
      _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }

  @Test(arguments: [
    // The list, then its first, second and again its first; Shift-Tab goes back.
    ("n\t\t\r", "n1"), ("n\t\t\t\r", "n2"), ("n\t\t\t\t\r", "n1"),
    ("n\t\t\t\u{1B}[Z\r", "n1"), ("n\t\u{1B}[Z\r", "n2"),
    // What is typed ends the walk, and what was walked to stays.
    ("n\t\tx\t\r", "n1x"),
    // In the middle the rest stays.
    ("n y\u{2}\u{2}\t\t\t\r", "n2 y"),
  ])
  func `a second Tab walks through what the first one listed`(
    keys: String,
    line: String
  ) async throws {
    let inputs = try await EditorTerminal.session(
      configure: Self.completing(["n1", "n2"].map { Candidate(text: $0) })
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type(keys)
    }
    #expect(inputs == [.line(line)])
  }

  @Test func `where nothing is proposed it is said why`() async throws {
    let inputs = try await EditorTerminal.session(
      configure: { editor in
        editor.completions = { _, cursor in
          CompletionAnswer(replaced: cursor..<cursor, candidates: [], note: "asking")
        }
      },
      script: { terminal, _ in
        try terminal.expect("1>")
        terminal.type("delete \t")
        try terminal.expectScreen("asking\n1> delete")
        terminal.type("x\r")
      }
    )
    #expect(inputs == [.line("delete x")])
  }

  @Test(arguments: [
    ("Git\t\r", "\"GitHub - "),
    ("git\t\r", "\"GitHub - "),
    ("\"GitHub - a\t\r", "\"GitHub - acme\" "),
  ])
  func `what is completed may begin with a quote`(keys: String, line: String) async throws {
    let names = ["\"GitHub - acme\"", "\"GitHub - my-org\""]
    let inputs = try await EditorTerminal.session(
      configure: { editor in
        editor.completions = { line, cursor in
          let fits = names.filter { line.count < 5 || $0.hasPrefix(line) }
          return CompletionAnswer(replaced: 0..<cursor, candidates: fits.map { .init(text: $0) })
        }
      },
      script: { terminal, _ in
        try terminal.expect("1>")
        terminal.type(keys)
      }
    )
    #expect(inputs == [.line(line)])
  }

  @Test func `where only some need a quote, what all begin with comes without`() async throws {
    let candidates = [Candidate(text: "'ab c'", display: "ab c"), Candidate(text: "abd")]
    let inputs = try await EditorTerminal.session(
      configure: { editor in
        editor.completions = { _, cursor in
          CompletionAnswer(replaced: 0..<cursor, candidates: candidates)
        }
      },
      script: { terminal, _ in
        try terminal.expect("1>")
        terminal.type("a\t!\r")
      }
    )
    #expect(inputs == [.line("ab!")])
  }

  @Test func `a candidate may ask for no blank`() async throws {
    let inputs = try await EditorTerminal.session(
      configure: Self.completing([Candidate(text: "--url=", appendsBlank: false)])
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("--\tx\r")
    }
    #expect(inputs == [.line("--url=x")])
  }

  @Test func `several candidates are listed below, and the line stays`() async throws {
    let inputs = try await EditorTerminal.session(
      configure: Self.completing(Self.words)
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("при x\u{1B}[D\u{1B}[D\t")
      try terminal.expectScreen("1> при x\nпривет    приятель\n1> при x")
      try terminal.expect(cursor: 6, 2)
      terminal.type("в\t\r")
    }
    #expect(inputs == [.line("привет x")])
  }

  @Test func `descriptions stand beside their candidates`() async throws {
    let candidates = [
      Candidate(text: "1", description: "GitHub - 日本"), Candidate(text: "22", description: "Jira"),
    ]
    _ = try await EditorTerminal.session(
      columns: 14,
      configure: Self.completing(candidates)
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("\t")
      try terminal.expectScreen("1>\n1   GitHub -…\n22  Jira\n1>")
      terminal.type("\r")
    }
  }

  @Test func `a list taller than the screen comes in pages`() async throws {
    let candidates = (1...9).map { Candidate(text: "n\($0)", description: "number \($0)") }
    let inputs = try await EditorTerminal.session(
      rows: 5,
      configure: Self.completing(candidates)
    ) { terminal, _ in
      try terminal.expect("1>")
      terminal.type("n\t")
      try terminal.expect("n4  number 4\n-- 5 more: space, enter, q --")
      terminal.type("\r")
      try terminal.expect("n5  number 5\n-- 4 more: space, enter, q --")
      terminal.type("q")
      try terminal.expect("n5  number 5\n1> n")
      terminal.type("\t")
      try terminal.expect("-- 5 more")
      terminal.type(" ")
      try terminal.expect("n8  number 8\n-- 1 more: space, enter, q --")
      terminal.type("\u{3}")
      try terminal.expect("n8  number 8\n1> n")
      terminal.type("\t")
      try terminal.expect("-- 5 more")
      // Any other key is for the line.
      terminal.type("n7y\r")
    }
    #expect(inputs == [.line("nn7y")])
  }

  @Test func `on a narrow screen a long name stays apart from its description`() {
    let candidates = [
      Candidate(text: "azuredevops_go/1", description: "Azure"),
      Candidate(text: "jira/1", description: "Jira"),
    ]
    #expect(
      LineEditorListing.rows(candidates, columns: 24) == [
        "azuredevops_go/1  Azure", "jira/1      Jira",
      ]
    )
    #expect(
      LineEditorListing.rows(candidates, columns: 20) == [
        "azuredevops_go/1  …", "jira/1    Jira",
      ]
    )
  }
}
