import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct LongLineTests {
  @Test(
    .timeLimit(.minutes(1)),
    arguments: ["a && ", "\\a", "a${", "$("]
  )
  func `a long line takes time in proportion to its length`(piece: String) {
    // Looking from every place to the end of the line would be 20,000,000,000 steps here.
    let text = "echo " + String(repeating: piece, count: 200_000 / piece.utf8.count)
    let result = Parser.parse(SourceText(name: "long.lake", text: text))
    #expect(!result.script.statements.isEmpty || !result.allMistakes.isEmpty)
  }
}
