import Testing

@testable import DevLakeShell

@Suite struct LanguageTopicTests {
  static let examples = LanguageTopic.all.flatMap { topic in
    topic.examples.map { (topic.name, $0.script, $0.output) }
  }

  @Test(arguments: examples)
  func `every example of the help runs, and does what it says`(
    topic: String,
    script: String,
    output: String?
  ) async throws {
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.code == 0, "\(outcome.messages)")
    if let output { #expect(outcome.output == output) }
    #expect(try await ScriptHarness().run(["--check", "-c", script]).code == 0)
  }

  @Test(arguments: LanguageTopic.all.map(\.name))
  func `help shows each page, and offers the near one`(topic: String) async throws {
    let outcome = try await ScriptHarness().run(["help", topic])
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("\nExamples\n"))
    #expect(
      !outcome.output.split(separator: "\n").contains { $0.count > 100 && !$0.hasPrefix("  ") }
    )
    let mistyped = try await ScriptHarness().run(["help", topic + "x"])
    #expect(mistyped.messages.contains("did you mean '\(topic)'?"))
    #expect(outcome.requests.isEmpty)
  }

  @Test(
    arguments: [
      ("if", "conditions"), ("else", "conditions"), ("~", "conditions"), ("for", "loops"),
      ("try", "errors"), ("let", "variables"), (">", "redirection"), ("|", "redirection"),
      ("!", "redirection"), ("--secret", "secrets"), ("--where", "selectors"), ("null", "values"),
    ]
  )
  func `help takes the words of the language`(word: String, topic: String) async throws {
    let outcome = try await ScriptHarness().run(["help", "--", word])
    #expect(outcome.output == (try await ScriptHarness().run(["help", topic])).output)
    #expect(outcome.code == 0)
  }

  @Test func `no page has the name of a command`() {
    let names = Set(CommandRegistry.standard.names)
    #expect(LanguageTopic.all.allSatisfy { !names.contains($0.name) })
    #expect(Set(LanguageTopic.all.map(\.name)).count == LanguageTopic.all.count)
  }
}
