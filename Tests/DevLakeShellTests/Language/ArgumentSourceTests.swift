import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct ArgumentSourceTests {
  @Test func `shows the arguments as they could be typed, and knows where each is`() {
    let (source, command) = ArgumentSource.make(
      ["update", "GitHub - acme", "--name=a b", "--token", "$x", "-5", "--", "{", "it's"]
    )
    let text = "update 'GitHub - acme' --name='a b' --token '$x' -5 -- '{' \"it's\""
    #expect(source == SourceText(name: "<argument>", text: text))
    #expect(command.name == Located(value: "update", span: SourceSpan(lower: 0, upper: 6)))
    #expect(command.span == SourceSpan(lower: 0, upper: text.utf8.count))
    let shown = command.words.map { word in
      String(decoding: Array(text.utf8)[word.span.lower..<word.span.upper], as: UTF8.self)
    }
    #expect(
      shown == [
        "'GitHub - acme'", "--name='a b'", "--token", "'$x'", "-5", "--", "'{'", "\"it's\"",
      ]
    )
  }

  @Test(
    arguments: ["$x", "$(list)", "a && b", "#", "", "\\", "'", ";", "\n"]
  )
  func `every word is literal`(argument: String) throws {
    let (_, command) = ArgumentSource.make(["echo", argument])
    #expect(command.words.map(\.literal) == [argument])
    #expect(command.words.map(\.isOptionLike) == [false])
  }

  @Test func `a word that begins with a hyphen may be an option`() throws {
    let (source, command) = ArgumentSource.make(["create", "--name=it's", "--force", "-", "--x="])
    let options = command.words.map(\.writtenOption)
    #expect(options.map(\.?.name.value) == ["--name", "--force", "-", "--x"])
    #expect(options.map(\.?.value?.literal) == ["it's", nil, nil, ""])
    let value = try #require(options.first??.value)
    let bytes = Array(source.text.utf8)[value.span.lower..<value.span.upper]
    #expect(String(decoding: bytes, as: UTF8.self) == "\"it's\"")
  }

  @Test func `no arguments make a command without a name`() {
    let (source, command) = ArgumentSource.make([])
    #expect(source.text == "")
    #expect(command.name.value == "")
    #expect(command.words == [])
  }
}
