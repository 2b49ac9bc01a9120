import Testing

@testable import DevLakeShell

struct ContinuationPromptsTests {
  @Test(arguments: [
    ("if test 1 {\n", ["   {… "]), ("if test 1 {\n  echo 'a\n", ["   {… ", "   '… "]),
    ("if test 1 {\n  echo 'a\n'\n}", ["   {… ", "   '… ", "   {… "]),
    ("echo \"a\nb\"", ["   \"… "]), ("echo a \\\nb", ["   \\… "]), ("echo $(list\n)", ["   (… "]),
    ("list &&\n", ["    … "]), ("echo one\necho two", ["    … "]),
  ])
  func `each row says what was open before it`(text: String, prompts: [String]) {
    #expect(ContinuationPrompts.make(for: text, ellipsis: "…") == prompts)
  }

  @Test func `a long paste has one plain prompt`() {
    let text = String(repeating: "echo x\n", count: 1000)
    #expect(ContinuationPrompts.make(for: text, ellipsis: "...") == ["    ... "])
  }
}
