import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// The other side of what `ReconciliationTests` shows: what the documents ask for and the server
/// would not, and what the server takes and the documents do not tell.
struct ReconciliationSidesTests {
  @Test(arguments: ["github", "gitlab", "azuredevops_go", "azure-devops"])
  func `the organization is required, although DevLake would do without`(
    _ plugin: String
  ) async throws {
    try await ShellFixture.with { place in
      let create = "create --plugin \(plugin) --token \(Tokens.github)"
      let shell = await place.run(create)
      #expect(shell.exitCode == .unasked)
      #expect(shell.stderr.contains("give --org ORG"))
      #expect(place.simulator.requests.isEmpty)
      let asked = await place.run(create + " --no-test", answers: ["acme"])
      #expect(asked.exitCode == .success, "\(asked.everything)")
      #expect(asked.questions.count == 1)
    }
  }

  @Test func `SonarQube's own server has no organization`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin sonarqube --endpoint https://sonar.example.com/api/ --token text:t"
      )
      #expect(shell.exitCode == .success)
      let stored = try place.stored("sonarqube")
      #expect(stored["org"] == "")
      #expect(stored["name"] == "SonarQube")
      for request in place.simulator.requests { #expect(request.body["org"] == nil) }
    }
  }

  @Test func `CircleCI's address of the rival fails, and the hint says how it ends`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin circleci --token text:t --endpoint http://127.0.0.1:9310/404/api/v2/"
      )
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("the endpoint usually ends in '/api/'"))
      #expect(place.simulator.connections("circleci").isEmpty)
    }
  }

  @Test(arguments: [
    (Tokens.github, false), (Tokens.fineGrained, true), ("gho_" + Tokens.github.dropFirst(4), true),
    ("\(Tokens.github),\(Tokens.newGitHub)", false), ("0123456789abcdef0123", true),
  ])
  func `every kind of GitHub token passes, and of most the scopes are not checked`(
    _ token: String,
    _ isUnchecked: Bool
  ) async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["T": token])
        .run("create --plugin github --org acme --token env:T; test github/1")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.contains("✅ Connection test passed (login octocat)"))
      #expect(shell.stderr.contains("permissions were not checked") == isUnchecked)
      try #expect(place.stored("github")["token"] == .string(token))
    }
  }

  @Test func `a token GitHub does not know fails, whatever its kind`() async throws {
    for token in [Tokens.refused, "gho_" + Tokens.refused.dropFirst(4), "BAD0123456789abcdef"] {
      try await ShellFixture.with { place in
        let shell = await place.with(["T": token])
          .run("create --plugin github --org acme --token env:T")
        #expect(shell.exitCode == .failure, "\(token)")
        #expect(place.simulator.connections("github").isEmpty)
      }
    }
  }

  @Test func `Jenkins without an address is asked for it, or names the option`() async throws {
    try await ShellFixture.with { place in
      let create = "configure connection --plugin jenkins --username admin --token text:t"
      let asked = await place.run(create, answers: ["https://ci.example.com"])
      #expect(asked.exitCode == .success, "\(asked.everything)")
      #expect(asked.questions.count == 1)
      try #expect(place.stored("jenkins")["endpoint"] == "https://ci.example.com/")
      let alone = await place.run(create + " --name other")
      #expect(alone.exitCode == .unasked)
      #expect(alone.stderr.contains("give --endpoint URL"))
    }
  }

  @Test(arguments: ["test", "update --name new", "delete", "rotate"])
  func `a missing id is asked for, or named`(_ command: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let words = "configure connection \(command) --plugin gitlab"
      let rotates = command == "rotate"
      let asked = await place.run(
        rotates ? "rotate --plugin gitlab" : words,
        answers: ["2", "yes"]
      )
      #expect(asked.exitCode == .success, "\(asked.everything)")
      #expect(asked.questions.first?.contains("  gitlab/2 \"GitLab - mirror\"") == true)
      #expect(asked.questions.first?.contains("github/1") == false)
      let alone = await place.run(rotates ? "rotate --plugin gitlab" : words)
      #expect(alone.exitCode == .unasked)
      #expect(alone.stderr.contains("--id ID"))
    }
  }

  @Test func `an organization may be longer than a name, which then has to be given`() async throws
  {
    try await ShellFixture.with { place in
      let organization = String(repeating: "o", count: 95)
      let create = "create --plugin gitlab --org \(organization) --token text:t"
      let shell = await place.run(create)
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("--name"))
      await #expect(place.run(create + " --name short").exitCode == .success)
    }
  }
}
