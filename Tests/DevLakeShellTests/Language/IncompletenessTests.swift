import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct IncompletenessTests {
  @Test(
    arguments: [
      ("echo ⟦'⟧abc", .singleQuote, ["this quote is never closed"]),
      ("echo 'a' ⟦\"⟧abc\n", .doubleQuote, ["this quote is never closed"]),
      ("echo ⟦\"⟧a$(b", .capture, ["this '$(' is never closed"]),
      ("echo ⟦$(⟧list", .capture, ["this '$(' is never closed"]),
      ("echo ⟦\"⟧a\\", .doubleQuote, ["this quote is never closed"]),
      ("echo ${x:-⟦'⟧a", .singleQuote, ["this quote is never closed"]),
      ("if a ⟦{⟧\n list\n", .block, ["this block is never closed"]),
      ("if a ⟦{⟧", .block, ["this block is never closed"]),
      ("if a { b } else ⟦{⟧", .block, ["this block is never closed"]),
      ("try ⟦{⟧ if a ⟦{⟧", .block, ["this block is never closed", "this block is never closed"]),
      ("try { echo ⟦'⟧ }", .singleQuote, ["this quote is never closed"]),
      ("if a ⟦{⟧ # '", .block, ["this block is never closed"]),
      ("echo a⟦\\⟧", .backslash, ["a line is missing after this backslash"]),
      ("echo a ⟦\\⟧\n", .backslash, ["a line is missing after this backslash"]),
      ("echo a ⟦\\⟧\r\n", .backslash, ["a line is missing after this backslash"]),
      ("!ls ⟦\\⟧\n", .backslash, ["a line is missing after this backslash"]),
      ("a ⟦&&⟧", .operand, ["a command is missing after '&&'"]),
      ("a ⟦||⟧\n # why\n", .operand, ["a command is missing after '||'"]),
      ("list ⟦|⟧", .operand, ["a shell command is missing after '|'"]),
      ("list ⟦>⟧ ", .operand, ["a file is missing after '>'"]),
      ("list ⟦>>⟧\n", .operand, ["a file is missing after '>>'"]),
      ("let x ⟦=⟧", .operand, ["a value is missing after '='"]),
      ("for x ⟦in⟧", .operand, ["a list is missing after 'in'"]),
      ("⟦for⟧ x in a b\n", .operand, ["this statement needs a block: '{ … }'"]),
      ("⟦if⟧", .operand, ["a condition is missing after 'if'"]),
      ("⟦if⟧ test 1\n", .operand, ["this statement needs a block: '{ … }'"]),
      ("if a ⟦and⟧", .operand, ["a condition is missing after 'and'"]),
      ("if $x ⟦==⟧", .operand, ["a value is missing after '=='"]),
      ("⟦try⟧", .operand, ["this statement needs a block: '{ … }'"]),
      ("if a { b } else ⟦if⟧", .operand, ["a condition is missing after 'if'"]),
      ("if a { b } ⟦else⟧ ", .operand, ["this statement needs a block: '{ … }'"]),
      ("!echo ⟦'⟧it", .singleQuote, ["this quote is never closed"]),
      ("!echo ⟦\"⟧it\\\"", .doubleQuote, ["this quote is never closed"]),
      ("!⟦(⟧a; b\n", .capture, ["this '(' is never closed"]),
      ("list | grep ⟦'⟧it", .singleQuote, ["this quote is never closed"]),
    ] as [(String, Incompleteness, [String])]
  )
  func `says what an unfinished input waits for, and at which place it was opened`(
    marked: String,
    reason: Incompleteness,
    messages: [String]
  ) throws {
    let input = try MarkedText(marked)
    let result = Parser.parse(input.source)
    #expect(result.mistakes == [])
    #expect(result.incompleteness == reason)
    // What is opened first is closed last; a capture in quotes leaves both open.
    let outermostFirst = result.allMistakes.filter { input.spans.contains($0.span) }
    #expect(result.closingMistakes.first.map { messages.contains($0.message) } == true)
    if result.incompleteness != .capture || !marked.contains("\"") {
      #expect(outermostFirst.map(\.span) == input.spans)
      #expect(outermostFirst.map(\.message) == messages)
    }
  }

  @Test(
    arguments: [
      "", "\n", "list", "list\n", "list \\\n\n", "if a { b }", "try {\n} else {\n}\n", "echo '\n'",
      "let x = 1", "echo \"$(a)\"", "!echo a", "list | sort", "# 'comment", "echo a#'b'", "a && b",
      "}", "echo )", "let", "for x", "let x", "!",
    ]
  )
  func `knows a complete input`(text: String) {
    let result = Parser.parse(SourceText(name: "test.lake", text: text))
    #expect(result.incompleteness == nil)
    #expect(result.closingMistakes == [])
  }

  @Test func `a mistake inside an open block leaves the input incomplete`() {
    let text = "if false {\n echo a&b\n delete all --force\n"
    let open = Parser.parse(SourceText(name: "<stdin>", text: text))
    #expect(open.mistakes.count == 1)
    #expect(open.incompleteness == .block)
    let closed = Parser.parse(SourceText(name: "<stdin>", text: text + "}\n"))
    #expect(closed.mistakes.count == 1)
    #expect(closed.incompleteness == nil)
    #expect(closed.script.statements.count == 1)
  }

  @Test func `a line without the closing sign cannot end an input, and the parser agrees`() {
    let line = "\n list --plugin jira"
    for (open, closer) in [
      ("echo 'a", "'"), ("echo \"a", "\""), ("try {", "\n}"), ("echo $(", ")"),
    ] {
      let reason = Parser.parse(SourceText(name: "<stdin>", text: open)).incompleteness
      #expect(reason?.mayEnd(with: line) == false)
      #expect(
        Parser.parse(SourceText(name: "<stdin>", text: open + line)).incompleteness == reason
      )
      #expect(reason?.mayEnd(with: closer) == true)
      #expect(
        Parser.parse(SourceText(name: "<stdin>", text: open + closer)).incompleteness == nil
      )
    }
    #expect(Incompleteness.operand.mayEnd(with: "x"))
    #expect(Incompleteness.backslash.mayEnd(with: ""))
  }
}
