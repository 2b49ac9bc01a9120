import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What the catalogue does not know is never guessed over.
struct FailClosedTests {
  private static let row: JSONValue = [
    "connections": [
      [
        "plugin": "jira", "id": 1, "name": "j", "endpoint": "https://jira.example.com/rest/",
        "authMethod": "AccessToken", "token": "old-token-0123456789",
      ]
    ]
  ]

  @Test(
    arguments: [
      "rotate jira/1 --token env:NEW", "update jira/1 --token env:NEW",
      "rotate --from secrets.csv",
    ]
  )
  func
    `an authentication the catalogue lacks is refused, with its fields and the command that works`(
      _ command: String
    ) async throws
  {
    try await ShellFixture.with(seed: .json(Self.row)) { direct in
      let place = direct.with(["NEW": "new-token-0123456789"])
      try place.folder.write("secrets.csv", "jira,1,env:NEW\n")
      place.simulator.change("jira", 1, ["authMethod": "OAuth3"])
      let shell = await place.run(command)
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.stderr.contains("'OAuth3'"), "\(shell.stderr)")
      #expect(shell.stderr.contains("update jira/1 --field token=REF"), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
      let named = await place.run("update jira/1 --field token=env:NEW --dry-run --json")
      #expect(named.stdout.contains("PATCH"), "\(named.everything)")
    }
  }

  @Test func `a secret the authentication does not use is refused`() async throws {
    try await ShellFixture.with(seed: .json(Self.row)) { direct in
      let place = direct.with(["NEW": "new-token-0123456789"])
      let shell = await place.run("update jira/1 --field password=env:NEW")
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.stderr.contains("does not use 'password'"), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `what export writes of an unknown authentication plans to nothing`() async throws {
    try await ShellFixture.with(seed: .json(Self.row)) { place in
      place.simulator.change("jira", 1, ["authMethod": "OAuth3"])
      let export = await place.run("export > all.yaml")
      #expect(export.exitCode == .success, "\(export.everything)")
      let plan = await place.run("plan all.yaml --exit-code")
      #expect(plan.exitCode == .success, "\(plan.everything)")
    }
  }

  @Test func `apply does not set a secret of an authentication nobody knows`() async throws {
    try await ShellFixture.with(seed: .json(Self.row)) { direct in
      let place = direct.with(["NEW": "new-token-0123456789"])
      place.simulator.change("jira", 1, ["authMethod": "OAuth3"])
      try place.folder.write(
        "one.yaml",
        """
        version: 1
        connections:
          - plugin: jira
            name: j
            endpoint: https://jira.example.com/rest/
            authMethod: OAuth3
            token: env:NEW
        """
      )
      let shell = await place.run("apply one.yaml --secrets always --yes")
      #expect(shell.exitCode != .success, "\(shell.everything)")
      #expect(shell.stderr.contains("its fields for secrets are 'token'"), "\(shell.stderr)")
      #expect(shell.stderr.contains("set that secret by itself"), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `the gateway's id makes the endpoint, and OAuth2 needs its three fields`() async throws
  {
    try await ShellFixture.with(seed: .empty) { direct in
      let place = direct.with(["S": "made-up-secret-0123456789"])
      let gateway = await place.run(
        "create --plugin jira --cloud-id abc-1 --token env:S --name g --dry-run --json"
      )
      #expect(gateway.stdout.contains("https://api.atlassian.com/ex/jira/abc-1/rest/"))
      #expect(gateway.stdout.contains("AccessToken"))
      #expect(!gateway.stdout.contains("cloudId"))
      let client = await place.run(
        "create --plugin jira --client-id c --client-secret env:S --cloud-id abc-1 --dry-run --json"
      )
      #expect(client.stdout.contains("\"OAuth2\""), "\(client.everything)")
      #expect(client.stdout.contains("\"cloudId\""))
      let missing = await place.run("create --plugin jira --client-id c --client-secret env:S")
      #expect(missing.exitCode == .unasked)
      #expect(missing.stderr.contains("--cloud-id"), "\(missing.stderr)")
      let endpoint = await place.run(
        "create --plugin jira --auth-method OAuth2 --client-id c --client-secret env:S "
          + "--endpoint https://x/rest/"
      )
      #expect(endpoint.exitCode == .usage)
      #expect(place.writes.isEmpty)
    }
  }
}
