import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct WordTests {
  @Test(
    arguments: [
      ("--force", true), ("-o", true), ("-", true), ("--", true), ("-5", true), ("--$x", true),
      ("--name='a b'", true), ("'--force'", false), ("\"--force\"", false), ("\\--force", false),
      ("$x", false), ("$x--force", false), ("''--force", false), ("a-b", false), ("$(x)", false),
    ]
  )
  func `an option is what begins with an unquoted hyphen`(text: String, isOption: Bool) throws {
    #expect(try word(text).isOptionLike == isOption)
  }

  @Test(
    arguments: [
      ("⟦--plugin⟧=⟦github⟧", "--plugin", "github"),
      ("⟦--name⟧=⟦'a b'⟧", "--name", "'a b'"),
      ("⟦--name⟧=⟦a'b'$c⟧", "--name", "a+'b'+$c"),
      ("⟦--name⟧=⟦⟧", "--name", ""),
      ("⟦--where⟧=⟦a=b⟧", "--where", "a=b"),
      ("⟦-o⟧=⟦json⟧", "-o", "json"),
      ("⟦--имя⟧=⟦é⟧", "--имя", "é"),
      ("⟦--force⟧", "--force", nil),
      ("⟦-5⟧", "-5", nil),
    ] as [(String, String, String?)]
  )
  func `splits an option into its name and its value, with their places`(
    marked: String,
    name: String,
    value: String?
  ) throws {
    let input = try MarkedText("echo " + marked)
    let option = try #require(try word(input.source.text.dropFirst(5)).writtenOption)
    #expect(option.name.value == name)
    #expect(option.name.span == input.spans.first)
    #expect(option.value.map(TreeOutline.of) == value)
    #expect(option.value?.span == input.spans.dropFirst().first)
  }

  @Test(arguments: ["--na'me'", "--$x", "--$x=1", "--a\\b"])
  func `an option's name is written plainly`(text: String) throws {
    #expect(try word(text).isOptionLike)
    #expect(try word(text).writtenOption == nil)
  }

  @Test func `only the plain double hyphen ends options`() throws {
    #expect(try word("--").endsOptions)
    #expect(try !word("'--'").endsOptions)
    #expect(try !word("\\--").endsOptions)
  }

  private func word(_ text: some StringProtocol) throws -> Word {
    let script = try parsed("echo \(text)")
    guard case .list(.command(let piped))? = script.statements.first else {
      throw NoWord()
    }
    return try #require(piped.command.words.first)
  }

  private struct NoWord: Error {}
}
