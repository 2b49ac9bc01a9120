import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Where tokens and user names come from, and what becomes of the env file.
struct CredentialTests {
  private static let create = "create --plugin circleci --name ci"

  /// What is there, and whose secret wins.
  struct Sources: Sendable, CustomTestStringConvertible {
    var option: String?
    var file: String?
    var variables: [String: String] = [:]
    let winner: String

    var testDescription: String { winner }
  }

  @Test(arguments: [
    Sources(
      option: "from-option",
      file: "CIRCLECI_TOKEN=from-file",
      variables: ["CIRCLECI_TOKEN": "from-variable"],
      winner: "from-option"
    ),
    Sources(
      file: "CIRCLE_TOKEN=from-file",
      variables: ["CIRCLECI_TOKEN": "from-variable"],
      winner: "from-file"
    ),
    Sources(variables: ["CIRCLE_TOKEN": "from-variable"], winner: "from-variable"),
    Sources(
      variables: ["CIRCLE_TOKEN": "second", "CIRCLECI_TOKEN": "first-key"],
      winner: "first-key"
    ),
    Sources(winner: "from-person"),
  ])
  func `option, env file, environment and person are asked in that order`(
    _ sources: Sources
  ) async throws {
    try await ShellFixture.with { place in
      if let file = sources.file { try place.folder.write(".devlake.env", file + "\n") }
      let option = sources.option.map { " --token \($0)" } ?? ""
      let shell = await place.with(sources.variables)
        .run(Self.create + option, answers: ["from-person"])
      #expect(shell.exitCode == .success)
      try #expect(place.stored("circleci")["token"] == .string(sources.winner))
      #expect(shell.questions.count == (sources.winner == "from-person" ? 1 : 0))
      #expect(!shell.everything.contains(sources.winner))
    }
  }

  @Test func `a person is asked with the name and the scopes`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin github --org my-org",
        answers: [.text(Tokens.github)]
      )
      #expect(shell.questions == ["Token for GitHub \"GitHub - my-org\": "])
      #expect(shell.stderr.contains("these scopes: repo, read:org, read:user"))
      try #expect(place.stored("github")["token"] == .string(Tokens.github))
    }
  }

  @Test func `Ctrl-C at the question sends and saves nothing`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("create --plugin github --org o", answers: [.interrupt])
      #expect(shell.exitCode == .interrupted)
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `without any source the places are named and nothing is written`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("create --plugin github --org o")
      #expect(shell.exitCode == .unasked)
      for name in ["--token", "GITHUB_PAT", "GITHUB_TOKEN", "GH_TOKEN", ".devlake.env"] {
        #expect(shell.stderr.contains(name), "\(name)")
      }
      #expect(place.writes.isEmpty)
    }
  }

  @Test(arguments: [
    ("env:NEW", "by-name"), ("file:token.txt", "in-a-file"), ("cmd:echo made", "made"),
    ("text:env:odd", "env:odd"),
  ])
  func `a reference leads to the secret`(_ reference: String, _ secret: String) async throws {
    try await ShellFixture.with { place in
      try place.folder.write("token.txt", "in-a-file\n")
      let shell = await place.with(["NEW": "by-name", "PATH": "/usr/bin:/bin"])
        .run("\(Self.create) --token '\(reference)'")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(place.stored("circleci")["token"] == .string(secret))
    }
  }

  @Test func `one command reads a secret from standard input`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        words: "create",
        "--plugin",
        "circleci",
        "--name",
        "ci",
        "--token",
        "-",
        input: "piped\n"
      )
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(place.stored("circleci")["token"] == "piped")
      let script = await place.run("create --plugin circleci --name c2 --token -")
      #expect(script.exitCode == .usage)
      #expect(script.stderr.contains("standard input contains the commands"))
    }
  }

  @Test(arguments: [
    ("--username flag", "flag"), ("", "from-file"),
  ])
  func `the user name comes from the option, then the env file`(
    _ option: String,
    _ name: String
  ) async throws {
    try await ShellFixture.with { place in
      try place.folder.write(
        ".devlake.env",
        "JENKINS_USERNAME=from-file\nJENKINS_TOKEN=secret\n"
      )
      let shell = await place.with(["JENKINS_USERNAME": "from-variable"])
        .run("create --plugin jenkins --endpoint https://j.example.com \(option)")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(place.stored("jenkins")["username"] == .string(name))
    }
  }

  @Test func `the user name comes from the environment at last`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["JENKINS_USER": "ada", "JENKINS_PASSWORD": "secret"])
        .run("create --plugin jenkins --endpoint https://j.example.com")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(place.stored("jenkins")["username"] == "ada")
    }
  }
}
