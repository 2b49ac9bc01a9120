import Testing

@testable import DevLakeShell
@testable import LineEditing

/// How the parts of a line stand out while it is typed.
@MainActor
struct HighlighterTests {
  private static let letters: [LineStyle.Look: Character] = [
    .wrong: "!", .name: "n", .option: "o", .text: "t", .value: "v", .comment: "c",
  ]

  @Test(arguments: [
    ("list --wide", "     oooooo"), ("lst", "!!!"), ("li", "  "), ("list; lst", "      !!!"),
    ("list && delet github/1 --force", "                       ooooooo"),
    ("echo 'a b' \"c\"", "     ttttt ttt"), ("echo 'open", "     ttttt"),
    ("echo \"a $x\"", "     tttvvt"), ("list --output=json", "     oooooooo"),
    ("list # все", "     ccccc"), ("echo $x", "     vv"),
    ("for c in $(lst) { show $c }", "           !!!         vv"),
    ("if not lst {", "       !!!"), ("let x = 5", ""), ("configure connection list", ""),
    ("? ls", ""), ("!vim 'x'", ""), ("list | grep -v x", ""), ("", ""),
  ])
  func `parts of a line stand out`(line: String, looks: String) async throws {
    try await CompletionFixture.with(isConnected: false) { fixture in
      let styles = Highlighter(session: fixture.session, registry: .standard).styles(of: line)
      var shown = Array(repeating: Character(" "), count: line.utf8.count)
      for style in styles {
        for index in style.range { shown[index] = Self.letters[style.look] ?? "?" }
      }
      // A character of several bytes has one look.
      var offset = 0
      var text = ""
      for character in line {
        text.append(shown[offset])
        offset += character.utf8.count
      }
      while text.last == " " { text.removeLast() }
      var wanted = looks
      while wanted.last == " " { wanted.removeLast() }
      #expect(text == wanted, "\(line)")
    }
  }

  @Test func `on the terminal what is wrong is underlined, too, and no colour is left over`()
    async throws
  {
    var settings = LineEditorSettings(readsPreferences: false)
    settings.hasColor = true
    let inputs = try await EditorTerminal.session(
      settings: settings,
      configure: { editor in
        editor.styles = { $0.hasPrefix("lst") ? [LineStyle(.wrong, 0..<3)] : [] }
      },
      script: { terminal, _ in
        try terminal.expect("1>")
        terminal.type("lst x")
        try terminal.expectRaw("\u{1B}[0;31;4mlst\u{1B}[0m x")
        terminal.type("\r")
      }
    )
    #expect(inputs == [.line("lst x")])
  }

  @Test func `a secret and a search stay plain`() async throws {
    var settings = LineEditorSettings(readsPreferences: false)
    settings.hasColor = true
    let inputs = try await EditorTerminal.session(
      settings: settings,
      configure: { editor in
        editor.dot = "*"
        editor.styles = { [LineStyle(.wrong, 0..<$0.utf8.count)] }
      },
      script: { terminal, _ in
        try terminal.expect("1>")
        terminal.type("abc")
        try terminal.expect("***")
        #expect(!terminal.hasSeen("\u{1B}[0;31"))
        terminal.type("\r")
      }
    )
    #expect(inputs == [.line("abc")])
  }
}
