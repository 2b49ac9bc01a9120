import DevLakeKit
import Testing

@testable import DevLakeKit
@testable import DevLakeShell
@testable import LineEditing
@testable import ShellLanguage

extension FuzzTarget {
  /// Completion, hints and the search for secrets, at every place of a line.
  static let completion = FuzzTarget(
    name: "completion",
    words: script.words + CommandRegistry.standard.names.map { $0 + " " }
      + [
        "configure connection ", "--plugin ", "--where ", "--token ", "env:", "file:./", "github/",
      ],
    check: {
      let session = try prompt()
      return { check($0, session) }
    }
  )

  private static func prompt() throws -> Session {
    let console = Console(results: CollectedText(), messages: CollectedText())
    let world = World(
      environment: ["GITHUB_PAT": "ghp_0123456789012345678901234567890123456789"],
      workingDirectory: "/nowhere",
      transport: { AsyncHTTPTransport(options: $0) }
    )
    let session = Session(
      world: world,
      options: SessionOptions(),
      conversation: ScriptedConversation(console, Settings(), nil)
    )
    session.set("team", .text("core"))
    let names = ["GitHub - my-org", "it's", "\"quoted\"", "назв 😀", "$x"]
    let connections = names.enumerated().compactMap { index, name in
      Connection(["id": .integer(index + 1), "name": .string(name)], of: .generic("github"))
    }
    session.inventory.note(connections, of: "github")
    return session
  }

  private static func check(_ input: [UInt8], _ session: Session) {
    let line = String(decoding: input.prefix(400), as: UTF8.self)
    let count = line.utf8.count
    let completer = Completer(session: session, registry: .standard)
    // The editor's cursor stands between characters.
    for place in line.indices.prefix(12) + line.indices.suffix(4) + [line.endIndex] {
      let cursor = line.utf8.distance(from: line.startIndex, to: place)
      let answer = completer.answer(line, cursor: cursor)
      let range = answer.replaced
      #expect(range.lowerBound >= 0 && range.upperBound <= count, shown(input))
      #expect(answer.candidates.allSatisfy { !$0.text.isEmpty }, shown(input))
    }
    _ = Hinter(session: session, registry: .standard, history: ["list --plugin jira", "test all"])
      .hint(for: line)
    let scanner = SecretScanner(registry: .standard)
    for span in scanner.spans(in: line) {
      #expect(0 <= span.lower && span.lower <= span.upper && span.upper <= count, shown(input))
    }
    let redacted = scanner.redacted(line)
    #expect(scanner.redacted(redacted) == redacted, "\(redacted.debugDescription): \(shown(input))")
  }
}
