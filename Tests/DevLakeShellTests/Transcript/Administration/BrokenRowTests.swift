import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Rows that break DevLake's list of connections: recognised, explained and deleted.
struct BrokenRowTests {
  /// github/3 and gitlab/1 are good, github/40 holds a token too short for DevLake's masking.
  private static let seed: Seed = .json([
    "connections": [
      [
        "plugin": "github", "id": 3, "name": "good", "endpoint": "https://api.github.com/",
        "authMethod": "AccessToken", "token": .string(Tokens.github),
      ],
      [
        "plugin": "github", "id": 40, "name": "poison", "endpoint": "https://api.github.com/",
        "authMethod": "AccessToken", "token": "ghp_tooShort",
      ],
      ["plugin": "gitlab", "name": "lab", "token": "old-secret"],
    ]
  ])

  @Test(arguments: [
    "list --plugin github", "show github/40", "impact github/40", "rotate github/* --token env:T",
    "test github/*", "test github/40", "show github/good", "update github/40 --name x",
  ])
  func `the row is named, with what mends it`(_ command: String) async throws {
    try await ShellFixture.with(seed: Self.seed) { direct in
      let place = direct.with(["T": Tokens.newGitHub])
      let shell = await place.run(command)
      #expect(!shell.exitCode.isSuccess)
      #expect(
        shell.stderr.contains("github/40 has a secret too short for DevLake's masking"),
        "\(shell.stderr)"
      )
      #expect(shell.stderr.contains("'delete github/40 --force'"))
      #expect(place.writes.allSatisfy { $0.hasSuffix("/test") })
    }
  }

  @Test func `a list of all tells it beside the others`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      let shell = await place.run("list")
      #expect(shell.exitCode == .partial)
      #expect(shell.stdout.contains("lab"))
      #expect(shell.stderr.contains("'delete github/40 --force'"), "\(shell.everything)")
    }
  }

  @Test func `deleting the row heals the list though DevLake answers 500`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      let shell = await place.run("delete github/40 --force")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout == "✅ Deleted github/40; the list of github works again\n")
      #expect(place.writes == ["DELETE /plugins/github/connections/40"])
      await #expect(place.run("list --plugin github").stdout.contains("good"))
      try #expect(place.auditLines() == ["github/40 deleted done"])
    }
  }

  @Test func `without force nobody deletes it unasked`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      await #expect(place.run("delete github/40").exitCode == .unasked)
      let no = await place.run("delete github/40", answers: ["no"])
      #expect(no.stdout == "Deletion cancelled, github/40 is kept.\n")
      #expect(place.writes.isEmpty)
    }
  }

  @Test(arguments: [("yes", true), ("no", false)])
  func `a person is offered the repair`(_ answer: String, _ isMended: Bool) async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      let shell = await place.run("list --plugin github", answers: [.text(answer)])
      #expect(shell.questions == ["Delete github/40? (yes/no): "])
      #expect(shell.exitCode.isSuccess == isMended)
      #expect(shell.stdout.contains("good") == isMended, "\(shell.everything)")
      #expect(place.simulator.connections("github").count == (isMended ? 1 : 2))
    }
  }

  @Test func `a DevLake that breaks over everything is not taken for one with such a row`()
    async throws
  {
    try await ShellFixture.with(seed: Self.seed, faults: ["/plugins/**=panic"]) { place in
      for command in ["list --plugin github", "show github/40", "delete github/40 --force"] {
        let shell = await place.run(command)
        #expect(!shell.exitCode.isSuccess)
        #expect(!shell.stderr.contains("too short for DevLake's masking:"), "\(shell.stderr)")
        #expect(place.writes.isEmpty)
      }
    }
  }

  @Test(arguments: ["panic", "status:500:"])
  func `a row that is fine is not taken for a broken one`(_ fault: String) async throws {
    let rule = "GET /plugins/github/connections/1=\(fault)"
    try await ShellFixture.with(seed: .demo, faults: [rule]) { place in
      let shell = await place.run("delete github/1 --force")
      #expect(!shell.exitCode.isSuccess)
      #expect(!shell.stderr.contains("too short"))
      #expect(place.writes.isEmpty)
    }
  }

  /// Another row breaks the list, and a gateway or a passing trouble answers for a good one.
  @Test(arguments: [
    "GET /plugins/github/connections/3=status:500:", "GET /plugins/github/connections/3#1=panic",
    "GET /plugins/github/connections/3=status:500:<h1>no</h1>",
    "GET /plugins/github/connections/3=status:404:", "GET /plugins/github/connections/3=html",
  ])
  func `a good row beside a broken one is never offered for deletion`(_ fault: String) async throws
  {
    try await ShellFixture.with(seed: Self.seed, faults: [fault]) { place in
      for command in ["list --plugin github", "doctor github/3", "delete github/3 --force"] {
        try place.setFaults(fault)
        let shell = await place.run(command)
        #expect(!shell.everything.contains("github/3 holds"), "\(shell.everything)")
        #expect(!shell.everything.contains("'delete github/3"), "\(shell.everything)")
        if command.hasPrefix("list") { #expect(place.writes.isEmpty) }
      }
      #expect(place.simulator.connections("github").contains { $0["id"] == 40 })
    }
  }

  @Test func `the question shows what is known of the row`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      let shell = await place.run("list --plugin github", answers: ["no"])
      #expect(
        shell.stderr.contains(
          "GET /plugins/github/connections/40: HTTP 500 without text, twice; other connections"
        ),
        "\(shell.stderr)"
      )
      #expect(shell.stderr.contains("nothing depends on it"), "\(shell.stderr)")
    }
  }

  @Test(arguments: ["list --plugin github", "delete github/40"])
  func `a row that was healed while the question stood is kept`(_ command: String) async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      let simulator = place.simulator
      let shell = await place.run(
        command,
        answers: [
          .after {
            simulator.change("github", 40, ["token": .string(Tokens.github)])
            return "yes"
          }
        ]
      )
      #expect(!shell.exitCode.isSuccess)
      #expect(
        shell.stderr.contains("github/40 no longer breaks the list of github"),
        "\(shell.stderr)"
      )
      #expect(place.writes.isEmpty)
    }
  }
}
