import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// That bad input gets one clear line, and that nothing is sent and nothing is lost.
struct BadInputTests {
  /// A mistake, and what is said about it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let command: String
    let exitCode: ExitCode
    /// The beginning of the line, and what stands in it or the help below.
    let says: [String]
    /// Whether DevLake is asked before the mistake shows.
    var asks = false

    init(_ command: String, _ exitCode: ExitCode, _ says: String..., asks: Bool = false) {
      self.command = command
      self.exitCode = exitCode
      self.says = says
      self.asks = asks
    }

    var testDescription: String { command }
  }

  static let mistakes: [Mistake] = [
    Mistake(
      "list --plugin githbu",
      .usage,
      "no plugin named 'githbu'",
      "did you mean 'github'?",
      asks: true
    ),
    Mistake(
      "show githbu/1",
      .usage,
      "no plugin named 'githbu'",
      "did you mean 'github'?",
      asks: true
    ),
    Mistake("help rotaet", .usage, "no help for 'rotaet'", "did you mean 'rotate'?"),
    Mistake("echo on; help nosuch", .usage, "no help for 'nosuch'", "'help' lists the commands"),
    Mistake("list --json -o csv", .usage, "'--json' and '--output csv' request two formats", "one"),
    Mistake("list -o ndjson --json", .usage, "'--json' and '--output ndjson' request two formats"),
    Mistake("use jria", .usage, "no plugin named 'jria'", "did you mean 'jira'?", asks: true),
    Mistake("create --plugin github --token text:x", .unasked, "--org"),
    Mistake("create --plugin gitlab --token text:x", .unasked, "--org"),
    Mistake("create --plugin azuredevops_go --token text:x", .unasked, "--org"),
    Mistake("create --plugin gh-copilot --token text:x", .unasked, "--org", "--enterprise"),
    Mistake("create --plugin jenkins --token text:x", .unasked, "--endpoint", "--username"),
    Mistake("create --plugin sonarqube --token text:x", .unasked, "--endpoint"),
    Mistake("create --plugin argocd --token text:x", .unasked, "--endpoint"),
    Mistake("create --plugin jira --token text:x", .unasked, "--endpoint"),
    Mistake(
      "create --plugin jenkins --username u --token text:x --endpoint jenkins.example.com",
      .usage,
      "the endpoint 'jenkins.example.com' does not start with https:// or http://"
    ),
    Mistake(
      "create --plugin jenkins --username u --token text:x --endpoint https://j.example.com/api",
      .usage,
      "must not contain '/api'"
    ),
    Mistake(
      "create --plugin jira --token text:x --endpoint https://jira.example.com/",
      .usage,
      "does not end in '/rest/'"
    ),
    Mistake(
      "create --plugin sonarqube --token text:x --endpoint 'https://sonar example.com'",
      .usage,
      "the endpoint contains spaces"
    ),
    Mistake(
      "update --plugin github --id 1 --endpoint ftp://x",
      .usage,
      "the endpoint 'ftp://x' does not start with https:// or http://",
      asks: true
    ),
    Mistake("test --plugin github --id one", .usage, "'one' is not a connection ID"),
    Mistake("show --plugin github --id 0", .usage, "'0' is not a connection ID"),
    Mistake("show --plugin github --id -1", .usage, "'-1' is not a connection ID"),
    Mistake("delete --plugin github --id 1.5 --force", .usage, "'1.5' is not a connection ID"),
    Mistake(
      "show github/99999999999999999999",
      .usage,
      "'99999999999999999999' is not a connection ID"
    ),
    Mistake("rotate github/1x --token text:x", .failure, "1x'", asks: true),
    Mistake(
      "create --plugin gitlab --org my-group --token text:x",
      .failure,
      "gitlab/1 is named \"GitLab - my-group\" already",
      "--name",
      asks: true
    ),
    Mistake(
      "create --plugin gitlab --org x --name 'GitLab - my-group  ' --token text:x",
      .failure,
      "already",
      asks: true
    ),
    Mistake(
      "update gitlab/2 --name 'GitLab - my-group'",
      .failure,
      "gitlab/1 is named \"GitLab - my-group\" already",
      asks: true
    ),
    Mistake(
      "create --plugin circleci --token text:x --name \(String(repeating: "n", count: 101))",
      .usage,
      "the name has 101 characters; DevLake allows at most 100"
    ),
    Mistake(
      "create --plugin gitlab --token text:x --org \(String(repeating: "o", count: 95))",
      .usage,
      "the name has 104 characters; DevLake allows at most 100",
      "--name"
    ),
    Mistake("create --plugin circleci --token text:x --name ''", .usage, "the name is empty"),
    Mistake("create --plugin circleci --token '' --name x", .usage, "--token", asks: true),
    Mistake(
      "create --plugin github --org o --token ghp_tooshort",
      .usage,
      "too short to be a GitHub token",
      asks: true
    ),
    Mistake("update github/1 --token ghp_tooshort", .usage, "too short", asks: true),
    Mistake("rotate github/1 --token ghp_tooshort", .usage, "too short", asks: true),
    Mistake(
      "rotate github/1 --token github_pat_11ABCDE",
      .usage,
      "too short",
      asks: true
    ),
    Mistake("rotate gitlab/1 --token 'gl****************n1'", .usage, "mask", asks: true),
    Mistake("rotate gitlab/1 --token env:NOT_SET", .usage, "'NOT_SET' is not set", asks: true),
    Mistake(
      "create --plugin circleci --name x --env-file missing.env",
      .usage,
      "missing.env"
    ),
    Mistake(
      "create --plugin circleci --name x --proxy proxy:8080",
      .usage,
      "write it like http://proxy:8080"
    ),
    Mistake(
      "create --plugin circleci --name x --rate-limit lots",
      .usage,
      "must be a whole number"
    ),
    Mistake(
      "create --plugin azure-devops --org a --endpoint https://dev.azure.com/b --token text:x",
      .usage,
      "--org says 'a', but --endpoint 'b'"
    ),
    Mistake(
      "create --plugin jira --endpoint https://acme.atlassian.net/rest/ --token text:x",
      .unasked,
      "requires an email address",
      "--username"
    ),
    Mistake(
      "create --plugin circleci --name x --token prompt",
      .unasked,
      "no terminal to ask on",
      asks: true
    ),
    Mistake(
      "create --plugin github --org o --auth-method AppKey --app-id 1 --installation-id 2",
      .unasked,
      "no private key for GitHub: pass --secret-key",
      asks: true
    ),
    Mistake(
      "create --plugin github --org o --auth-method AppKey",
      .unasked,
      "--app-id VALUE and --installation-id VALUE and --secret-key REF"
    ),
    Mistake("list -ojson", .usage, "has no option '-ojson'", "help: write -o json"),
    Mistake("test all -yo json", .usage, "has no option '-yo'", "help: write -y -o"),
    Mistake("lst", .usage, "did you mean 'list'?"),
    Mistake("list --plugn jira", .usage, "did you mean '--plugin'?"),
    Mistake("list --where 'name'", .usage, "a comparison is missing after 'name'"),
    Mistake("test 1", .usage, "no plugin is selected", "PLUGIN/1"),
    Mistake("test github/9", .failure, "no connection github/9", asks: true),
    Mistake("show \"GitLab - my-grup\"", .failure, "did you mean 'GitLab - my-group'?", asks: true),
    Mistake("echo $undefned", .usage, "no variable named 'undefned'"),
    Mistake(
      "create --plugin mainframe --token text:x",
      .failure,
      "no plugin named 'mainframe'",
      asks: true
    ),
    Mistake("echo 'open", .usage, "this quote is never closed"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is one error, and nothing is written`(_ mistake: Mistake) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let plugins = ["github", "gitlab", "jenkins", "jira", "circleci"]
      let before = plugins.map { place.simulator.connections($0) }
      let shell = await place.run(mistake.command)
      #expect(shell.exitCode == mistake.exitCode, "\(shell.stderr)")
      #expect(shell.stdout.isEmpty)
      for text in mistake.says { #expect(shell.stderr.contains(text), "\(text): \(shell.stderr)") }
      #expect(shell.stderr.ranges(of: "error: ").count == 1, "\(shell.stderr)")
      // DevLake's test may be asked whether a row is there; nothing else is ever sent.
      #expect(place.writes.filter { $0 != "POST /plugins/github/connections/9/test" }.isEmpty)
      if !mistake.asks { #expect(place.simulator.requests.isEmpty) }
      #expect(plugins.map { place.simulator.connections($0) } == before)
    }
  }

  @Test func `mistakes anywhere in a script are all told before anything runs`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("delete github/2 --force; lst; list --plugin jria; test --id x")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.ranges(of: "error: ").count == 3)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: [
    ("--fields id list", "--fields A,B,C"), ("--fields=id list", "--fields A,B,C"),
    ("-q --plugin github list", "--plugin PLUGIN"), ("--dry-run delete github/1", "--dry-run"),
    ("--wide", "--wide"), ("-c list --where x", "--where 'FIELD OP VALUE'"),
  ])
  func `an option of a command before it is told where to stand`(
    _ words: String,
    _ option: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(arguments: words.split(separator: " ").map(String.init))
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("is an option of a command\n"), "\(shell.stderr)")
      #expect(shell.stderr.hasSuffix("devlake-shell COMMAND \(option)\n"), "\(shell.stderr)")
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `an env file nobody may read ends the command and stays`() async throws {
    try await ShellFixture.with { place in
      // A folder of that name cannot be read whoever runs the test, root too.
      try FileManager.default.createDirectory(
        atPath: place.folder.path(".devlake.env"),
        withIntermediateDirectories: false
      )
      let shell = await place.with(["CIRCLECI_TOKEN": "from-variable"])
        .run("create --plugin circleci --name ci")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains(".devlake.env"))
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `an env file that is no text ends the command and stays`() async throws {
    try await ShellFixture.with { place in
      let path = place.folder.path(".devlake.env")
      let bytes = Data([0x41, 0x3D, 0xFF, 0xFE, 0x00])
      try bytes.write(to: URL(filePath: path))
      let shell = await place.with(["CIRCLECI_TOKEN": "from-variable"])
        .run("create --plugin circleci --name ci")
      #expect(shell.exitCode == .usage)
      #expect(place.simulator.requests.isEmpty)
      try #expect(Data(contentsOf: URL(filePath: path)) == bytes)
    }
  }
}
