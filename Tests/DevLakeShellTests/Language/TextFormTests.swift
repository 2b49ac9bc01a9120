import Testing

@testable import DevLakeShell
@testable import ShellLanguage

/// Line ends, marks and alphabets: what a text may look like and still mean the same.
@Suite struct TextFormTests {
  @Test(
    arguments: [
      "list\ntest 1\n", "if a {\n  b\n}\n", "echo 'two\nlines' \"and\nmore\"\n", "a &&\nb\n",
      "echo a \\\n b\n", "list | sed 's/a/b/\np'\n", "!(a\nb)\n", "# only\nlist # x\n",
      "!ls \\\n -l\n", "let x =\n 1\n",
    ]
  )
  func `CRLF means the same as LF`(text: String) throws {
    let crlf = text.split(separator: "\n", omittingEmptySubsequences: false).joined(
      separator: "\r\n"
    )
    #expect(try parsed(crlf).withoutSpans == parsed(text).withoutSpans)
  }

  @Test func `a line that arrived without the LF of its CRLF is complete`() throws {
    #expect(TreeOutline.of(try parsed("list --wide\r")) == "(run list --wide)")
  }

  @Test func `places count the bytes of the original text, with its mark and line ends`() throws {
    let input = try MarkedText("\u{FEFF}⟦list⟧ ⟦é⟧\r\n⟦test⟧\t⟦'👩‍💻 я'⟧\r\n")
    let commands = try parsed(input.source.text).statements.compactMap { statement in
      guard case .list(.command(let piped)) = statement else { return nil as SimpleCommand? }
      return piped.command
    }
    #expect(commands.flatMap { [$0.name.span] + $0.words.map(\.span) } == input.spans)
    #expect(commands.map(\.span.upper) == [input.spans[1].upper, input.spans[3].upper])
  }

  @Test func `a byte order mark is skipped at the beginning only`() throws {
    #expect(TreeOutline.of(try parsed("\u{FEFF}")) == "")
    let input = try MarkedText("\u{FEFF}⟦\u{FEFF}⟧list")
    #expect(Parser.parse(input.source).mistakes.map(\.span) == input.spans)
  }

  @Test func `words of any alphabet need no quotes, names of variables are ASCII`() throws {
    #expect(TreeOutline.of(try parsed("тест 測試 👩‍💻")) == "(run тест 測試 👩‍💻)")
    #expect(TreeOutline.of(try parsed("echo $xя")) == "(run echo $x+я)")
    let input = try MarkedText("let ⟦имя⟧ = 1")
    #expect(Parser.parse(input.source).mistakes.map(\.span) == input.spans)
  }
}
