import DevLakeKit
import DevLakeSimulator
import ShellLanguage
import Testing

@testable import DevLakeShell

/// `--restricted`: no file is written and no program started, by any word.
struct RestrictionTests {
  /// Files that options and arguments name and only read.
  ///
  /// A new one that writes has an effect.
  private static let readOnly: Set<String> = [
    "include FILE", "read FILE", "create --from", "plan FILE", "apply FILE", "apply --plan",
    "create --env-file",
    "update --env-file", "update --from",
    "rotate --env-file", "rotate --from", "plan --env-file", "apply --env-file",
  ]

  private static let commands = CommandRegistry.standard.commands.map(\.signature)

  @Test func `every option and argument that names a file is judged`() {
    for signature in Self.commands {
      for option in signature.options where option.kind == .file && option.effect == nil {
        #expect(Self.readOnly.contains("\(signature.name) --\(option.name)"))
      }
      for argument in signature.arguments where argument.kind == .file {
        #expect(Self.readOnly.contains("\(signature.name) \(argument.name)"))
      }
    }
    let effects = Self.commands.flatMap { signature in
      signature.options.filter { $0.effect != nil }.map { "\(signature.name) --\($0.name)" }
    }
    for known in ["api --raw", "create --secret-file", "apply --secret-file"] {
      #expect(effects.contains(known))
    }
  }

  /// A line for each option of each command that would leave the shell.
  private static let options = commands.flatMap { signature in
    signature.options.compactMap { option -> String? in
      let start = "\(signature.name) --\(option.name)"
      if option.effect != nil { return "\(start) owned" }
      switch option.kind {
      case .secret: return "\(start) 'cmd:touch owned; echo x'"
      case .field: return "\(start) 'token=cmd:touch owned; echo x'"
      default: return nil
      }
    }
  }

  private static let forms = [
    "!touch owned", "list | touch owned", "list > owned", "list >> owned",
    "let --secret t = 'cmd:touch owned; echo x'", "for x in 1 { list } > owned",
    "if true { list } >> owned", "for x in 1 { list } | touch owned",
  ]

  private static let wrappings: [@Sendable (String) -> String] = [
    { $0 }, { "try { \($0) }" }, { "for x in 1 { \($0) }" },
    { "if true { echo a } else { \($0) }" },
    { "echo a && \($0)" }, { "echo $(\($0))" }, { "try { show nothing/1 } else { \($0) }" },
  ]

  private static func isKnown(_ line: String) -> Bool {
    let source = SourceText(name: "x", text: line)
    return Parser.parse(source).mistakes.isEmpty
  }

  @Test(arguments: options + forms)
  func `it is refused wherever it stands, and nothing is sent`(_ line: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      for wrapping in Self.wrappings where Self.isKnown(wrapping(line)) {
        let shell = await place.run(wrapping(line), ["--restricted"])
        #expect(shell.exitCode == .usage, "\(wrapping(line)): \(shell.stderr)")
        #expect(shell.stderr.contains("is not allowed with --restricted"), "\(shell.stderr)")
      }
      #expect(place.folder.text("owned") == nil)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `a command within a command is as restricted`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("watch 1 api /version --raw owned", ["--restricted"])
      #expect(shell.exitCode == .usage)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `a key of DevLake is not fetched by a program either`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      for option in ["--api-key", "--password"] {
        let before = await place.run("list", ["--restricted", option, "cmd:touch owned; echo x"])
        let behind = await place.run("list", [option, "cmd:touch owned; echo x", "--restricted"])
        for shell in [before, behind] {
          #expect(shell.exitCode == .usage, "\(shell.stderr)")
          #expect(shell.stderr.contains("'cmd:' is not allowed with --restricted"))
        }
      }
      #expect(place.folder.text("owned") == nil)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `an env file is read and left as it is`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let text = "GITLAB_TOKEN=glpat-abcdefghij1234567890\n"
      try place.folder.write("profile", text)
      let line = "create --plugin gitlab --org acme --name New --env-file profile"
      let shell = await place.run(line, ["--restricted"])
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.folder.text("profile") == text)
      #expect(!shell.stderr.contains("removed from"))
    }
  }

  @Test func `a secret's file that exists is said before anything is sent`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("there", "kept")
      try place.folder.write(
        "wanted.yaml",
        "version: 1\nconnections:\n- plugin: webhook\n  name: hook\n"
      )
      for line in [
        "create --plugin webhook --name hook --secret-file there",
        "apply wanted.yaml --yes --secret-file there",
      ] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .usage, "\(shell.stderr)")
        #expect(shell.stderr.contains("/there' exists; name a new file"), "\(shell.stderr)")
      }
      #expect(place.folder.text("there") == "kept")
      #expect(place.simulator.requests.isEmpty)
    }
  }
}
