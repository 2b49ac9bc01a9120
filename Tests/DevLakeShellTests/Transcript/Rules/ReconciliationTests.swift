import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Where the documents and the server disagree: the documents' flags, the server's truth.
struct ReconciliationTests {
  @Test(arguments: [
    ("github", Tokens.github, "GitHub - acme"), ("gitlab", "glpat-1", "GitLab - acme"),
  ])
  func `an organization DevLake does not keep names the connection and goes to the state file`(
    _ plugin: String,
    _ token: String,
    _ name: String
  ) async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["T": token])
        .run("create --plugin \(plugin) --org acme --token env:T")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(place.stored(plugin)["name"] == .string(name))
      for request in place.simulator.requests {
        #expect(request.body["organization"] == nil)
        #expect(request.body["org"] == nil)
      }
      try #expect(place.remembered().first?["organization"] as? String == "acme")
      await #expect(place.run("list").stdout.contains("acme"))
    }
  }

  @Test func `Azure DevOps stores the organization and has no endpoint`() async throws {
    try await ShellFixture.with { place in
      let create = "create --plugin azuredevops_go --token text:t --proxy http://127.0.0.1:9311"
      let shell = await place.run(create + " --org acme --endpoint https://dev.azure.com/acme/")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(place.stored("azuredevops_go")["organization"] == "acme")
      for request in place.simulator.requests { #expect(request.body["endpoint"] == nil) }
      let alone = await place.run(create + " --org other")
      #expect(alone.exitCode == .success)
    }
  }

  @Test(arguments: [
    "--org acme --endpoint https://dev.azure.com/other",
    "--org acme --endpoint https://example.com/",
  ])
  func `an Azure DevOps address that says something else is an error`(
    _ options: String
  )
    async throws
  {
    try await ShellFixture.with { place in
      let shell = await place.run("create --plugin azuredevops_go --token text:t \(options)")
      #expect(shell.exitCode == .usage)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `SonarQube keeps the organization in its own field`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin sonarqube --org acme --endpoint https://sonarcloud.io/api/ --token text:t"
      )
      #expect(shell.exitCode == .success)
      let stored = try place.stored("sonarqube")
      #expect(stored["org"] == "acme")
      #expect(stored["name"] == "SonarQube - acme")
    }
  }

  @Test(arguments: [("", false), ("--api-token", true)])
  func `a Bitbucket secret is an app password or an API token`(
    _ option: String,
    _ usesToken: Bool
  ) async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin bitbucket --username ada@example.com --token text:t \(option)"
      )
      #expect(shell.exitCode == .success)
      try #expect(place.stored("bitbucket")["usesApiToken"] == .bool(usesToken))
    }
  }

  @Test func `CircleCI's address is the one that passes`() async throws {
    try await ShellFixture.with { place in
      await #expect(place.run("create --plugin circleci --token text:t").exitCode == .success)
      try #expect(place.stored("circleci")["endpoint"] == "https://circleci.com/api/")
    }
  }

  @Test func `an unusual end of an endpoint is a hint after a failed test, no error`()
    async throws
  {
    for (plugin, suffix) in [
      ("gitlab", "/api/v4/"), ("sonarqube", "/api/"), ("argocd", "/api/v1"), ("circleci", "/api/"),
    ] {
      try await ShellFixture.with { place in
        let options = "--org o --name n --token text:t"
        let passing = await place.run(
          "create --plugin \(plugin) --endpoint https://example.com/own/ \(options)"
        )
        #expect(passing.exitCode == .success, "\(plugin): \(passing.everything)")
        #expect(!passing.stderr.contains("usually ends"))
      }
      guard plugin != "argocd" else { continue }
      try await ShellFixture.with { place in
        let failing = await place.run(
          "create --plugin \(plugin) --endpoint http://127.0.0.1:9310/404/ --org o --token text:t"
        )
        #expect(failing.exitCode == .failure, "\(plugin): \(failing.everything)")
        #expect(
          failing.stderr.contains("the endpoint usually ends in '\(suffix)'"),
          "\(plugin): \(failing.everything)"
        )
      }
    }
  }

  @Test func `a final slash is added where DevLake wants one, and only there`() async throws {
    try await ShellFixture.with { place in
      _ = await place.run(
        "create --plugin gitlab --org o --endpoint https://g.example.com/api/v4 --token text:t"
      )
      _ = await place.run(
        "create --plugin argocd --endpoint https://a.example.com/api/v1 --token text:t"
      )
      try #expect(place.stored("gitlab")["endpoint"] == "https://g.example.com/api/v4/")
      try #expect(place.stored("argocd")["endpoint"] == "https://a.example.com/api/v1")
    }
  }

  @Test(arguments: [
    ("--org acme", "GitHub Copilot - acme"),
    ("--enterprise corp", "GitHub Copilot - corp"),
    ("--org acme --enterprise corp", "GitHub Copilot - acme"),
  ])
  func `the default name has the organization or the enterprise`(
    _ options: String,
    _ name: String
  ) async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin gh-copilot \(options) --token \(Tokens.github)"
      )
      #expect(shell.exitCode == .success)
      try #expect(place.stored("gh-copilot")["name"] == .string(name))
    }
  }

  @Test func `a default name that exists is refused with --name`() async throws {
    try await ShellFixture.with { place in
      let create = "create --plugin circleci --token text:t"
      await #expect(place.run(create).exitCode == .success)
      let again = await place.run(create)
      #expect(again.exitCode == .failure)
      #expect(again.stderr.contains("--name"))
      #expect(place.simulator.connections("circleci").count == 1)
    }
  }

  @Test(arguments: [("", 0), ("--rate-limit 250", 250), ("--rate-limit ui", 10000)])
  func `the rate limit is automatic unless told`(_ option: String, _ limit: Int) async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("create --plugin circleci --token text:t \(option)")
      #expect(shell.exitCode == .success)
      try #expect(place.stored("circleci")["rateLimitPerHour"]?.int == limit)
    }
  }

  @Test func `a selected plugin makes the id enough`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      for command in ["test 1", "test --id 1", "show 1", "update 1 --name x", "delete 2 --force"] {
        let alone = await place.run(command)
        #expect(!alone.exitCode.isSuccess, "\(command)")
        let selected = await place.run("use gitlab; \(command)")
        #expect(selected.exitCode == .success, "\(command): \(selected.stderr)")
      }
    }
  }
}
