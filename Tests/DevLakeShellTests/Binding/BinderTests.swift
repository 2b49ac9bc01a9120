import ShellLanguage
import Testing

@testable import DevLakeShell

/// Words held against a signature, as a checked script has them: nothing is expanded.
@Suite struct BinderTests {
  @Test(
    arguments: [
      ("rotate github/1 --token env:NEW", "SEL=github/1 token=env:NEW"),
      ("rotate --token=env:NEW github/1", "SEL=github/1 token=env:NEW"),
      ("rotate github/1 --token 'a b'", "SEL=github/1 token=a b"),
      ("rotate github/1 --token=''", "SEL=github/1 token="),
      ("test github/1 github/2", "SEL=github/1,github/2"),
      ("test -- --all", "SEL=--all"),
      ("update github/1 --field a=1 --field b=2", "SEL=github/1 field=a=1,b=2"),
      ("update github/1 --name=--token", "SEL=github/1 name=--token"),
    ]
  )
  func `words become the arguments and options of the command`(line: String, values: String) throws
  {
    let call = try Self.bind(line)
    var found =
      call.all(argument: "SEL").isEmpty
      ? [] : ["SEL=" + call.all(argument: "SEL").map(\.text).joined(separator: ",")]
    for option in ["token", "field", "name"] where call.option(option) != nil {
      found.append("\(option)=" + call.all(option: option).map(\.text).joined(separator: ","))
    }
    #expect(found.joined(separator: " ") == values)
  }

  @Test(
    arguments: [
      ("⟦rotat⟧ github/1", "rotate"), ("rotate github/1 ⟦--tokn⟧ x", "--token"),
      ("rotate github/1 ⟦--token⟧", "needs"), ("rotate github/1 --token a ⟦--token⟧ b", "twice"),
      ("use github ⟦gitlab⟧", "unexpected argument"),
      ("list --json=⟦yes⟧", "does not take a value"),
      ("test github/1 --timeout ⟦x⟧", "seconds"),
      ("update github/1 ⟦--name⟧ --token", "needs NAME"),
    ]
  )
  func `a mistake is at the word that is wrong`(marked: String, says: String) throws {
    let text = try MarkedText(marked)
    let failure = #expect(throws: Failure.self, "\(marked)") { try Self.bind(text.source.text) }
    let diagnostic = try #require(failure?.diagnostic)
    #expect(failure?.exitCode == .usage)
    #expect(diagnostic.span == text.spans.first, "\(diagnostic)")
    let said = "\(diagnostic.message) \(diagnostic.help ?? "")"
    #expect(said.contains(says), "\(said)")
  }

  @Test func `a beginning of a name is enough only at the prompt`() throws {
    let call = try Self.bind("rota github/1", allowsAbbreviations: true)
    #expect(call.signature.name == "rotate")
    #expect(throws: Failure.self) { try Self.bind("rota github/1") }
  }

  @Test(arguments: ["rotate github/1 --token cmd:id", "update github/1 --field token=cmd:id"])
  func `a restricted shell takes no command for a secret`(line: String) throws {
    _ = try Self.bind(line)
    #expect(throws: Failure.self) { try Self.bind(line, isRestricted: true) }
  }

  private static func bind(
    _ line: String,
    allowsAbbreviations: Bool = false,
    isRestricted: Bool = false
  ) throws -> Call {
    let source = SourceText(name: "<test>", text: line)
    let script = Parser.parse(source).script
    guard case .list(.command(let piped))? = script.statements.first else {
      throw Failure.interrupted
    }
    var binder = Binder(
      registry: .standard,
      source: source,
      // What is written plainly is known before it runs.
      expand: { (_, _) throws(Failure) in nil }
    )
    binder.allowsAbbreviations = allowsAbbreviations
    binder.isRestricted = isRestricted
    return try binder.bind(piped.command)
  }
}
