import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That the documents' words create what the documents say.
struct DocumentedCreateTests {
  @Test(arguments: CreateExample.all + CreateExample.others)
  func `an example tests first, creates once and is remembered`(
    _ example: CreateExample
  )
    async throws
  {
    try await ShellFixture.with { place in
      let shell = await place.with(example.variables).run(example.lines)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(
        place.writes == [
          "POST /plugins/\(example.plugin)/test", "POST /plugins/\(example.plugin)/connections",
        ]
      )
      let stored = try place.stored(example.plugin)
      for member in example.stored.members {
        #expect(stored[member.key] == member.value, "\(member.key)")
      }
      let lines = shell.stdout.split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines.first?.hasPrefix("   ✅ Connection test passed") == true)
      #expect(lines.last == "   ✅ Created \(example.service) connection (ID=1)")
      #expect(shell.stderr.contains("   🔑 Testing connection...\n"))
      let remembered = try #require(try place.remembered().first)
      #expect(remembered["plugin"] as? String == example.plugin)
      #expect(remembered["connectionId"] as? Int == 1)
      #expect(remembered["name"] as? String == example.stored["name"]?.string)
      #expect(remembered["organization"] as? String == example.organization)
      #expect(remembered["enterprise"] as? String == example.enterprise)
    }
  }

  @Test(arguments: [
    "configure connection", "configure connections", "configure connection create",
    "configure connections create", "configure connection add", "configure connections add",
    "create",
  ])
  func `every name of the command creates`(_ words: String) async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["GITHUB_TOKEN": Tokens.github])
        .run("\(words) --plugin github --org my-org")
      #expect(shell.exitCode == .success)
      try #expect(place.stored("github")["name"] == "GitHub - my-org")
    }
  }

  @Test func `a secret on the command line creates and is warned about`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        words: "configure",
        "connection",
        "--plugin",
        "jenkins",
        "--username",
        "admin",
        "--token",
        "mypassword",
        "--endpoint",
        "https://jenkins.example.com"
      )
      #expect(shell.exitCode == .success)
      try #expect(place.stored("jenkins")["password"] == "mypassword")
      #expect(shell.stderr.contains("--token shows the secret to everyone who can run ps"))
      #expect(!shell.everything.contains("mypassword"))
    }
  }

  @Test(arguments: [
    ("github", "--org my-org", "💡 Ensure your PAT has these scopes: repo, read:org, read:user"),
    ("gh-copilot", "--org o", "these scopes: manage_billing:copilot, read:org (+ read:enterprise"),
    ("gitlab", "--org g", "💡 Ensure your PAT has these scopes: read_api, read_repository"),
  ])
  func `the scopes are told whatever the token's source`(
    _ plugin: String,
    _ options: String,
    _ reminder: String
  ) async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["T": Tokens.github])
        .run("create --plugin \(plugin) \(options) --token env:T")
      #expect(shell.stderr.contains(reminder))
      #expect(!shell.stdout.contains("scopes"))
    }
  }

  @Test func `a failed test saves nothing and says what the documents say`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["GITHUB_PAT": Tokens.refused])
        .run("configure connection --plugin github --org my-org")
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.hasPrefix("   ❌ Connection test failed: "))
      #expect(
        shell.stderr.contains("   💡 Ensure your PAT has these scopes: repo, read:org, read:user\n")
      )
      #expect(shell.stderr.contains("nothing was saved"))
      #expect(place.writes == ["POST /plugins/github/test"])
      #expect(place.simulator.connections("github").isEmpty)
      #expect(place.folder.text(".devlake-local.json") == nil)
    }
  }

  @Test func `no plugin and nobody to ask is refused with the option's name`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("configure connection")
      #expect(shell.exitCode == .unasked)
      #expect(shell.stderr.contains("--plugin"))
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `a user name for a token plugin is said to mean nothing`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["GITHUB_PAT": Tokens.github])
        .run("create --plugin github --org my-org --username octocat")
      #expect(shell.exitCode == .success)
      #expect(shell.stderr.contains("--username has no meaning for GitHub"))
    }
  }
}
