import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Deadlines of services, and the migration of many connections that they make necessary.
struct MigrationTests {
  private static func bitbucket(_ id: Int, _ isMigrated: Bool = false) -> JSONValue {
    .object([
      "plugin": "bitbucket", "name": .string("Bitbucket \(id)"),
      "endpoint": "https://api.bitbucket.org/2.0/", "username": .string("user\(id)"),
      "password": .string("ATBBold\(id)Password"), "usesApiToken": .bool(isMigrated),
    ])
  }

  private static let seed = Seed.json(["connections": [bitbucket(1), bitbucket(2), bitbucket(3)]])

  @Test func `several get an API token each, and the user name with it`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      try place.folder.write(
        "tokens.csv",
        (1...3).map { "bitbucket,\($0),env:NEW_\($0)\n" }.joined()
      )
      let new = (1...3).map { ("NEW_\($0)", "ATATTnew\($0)Token") }
      let place = place.with(Dictionary(uniqueKeysWithValues: new))
      let shell = await place.run(
        "update 'bitbucket/*' --api-token --username ada@example.com --from tokens.csv"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.hasSuffix("✅ 3 updated\n"), "\(shell.stdout)")
      for id in 1...3 {
        let row = try place.stored("bitbucket", id)
        #expect(row["usesApiToken"] == true && row["username"] == "ada@example.com")
        #expect(row["password"] == .string("ATATTnew\(id)Token"))
      }
      try #expect(place.auditLines().allSatisfy { $0.hasSuffix("updated done") })
    }
  }

  @Test(arguments: [
    ("update 'bitbucket/*' --api-token --from two.csv", "no new secret for bitbucket/3"),
    ("update bitbucket/1 --api-token --from two.csv", "bitbucket/2 is in 'two.csv'"),
    ("update --api-token --from two.csv --token env:NEW_1", "'--token' cannot be combined"),
    ("update --api-token --from two.csv --no-test", "'--no-test' cannot be combined"),
    ("update --api-token --from two.csv --name X", "'--name' cannot be combined"),
    ("update --api-token --from two.csv --org acme", "'--org' of Bitbucket Cloud is not in"),
    ("update --api-token --from none.csv", "none.csv"),
  ])
  func `a migration that does not fit is refused before anything is sent`(
    _ command: String,
    _ message: String
  ) async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      try place.folder.write("two.csv", "bitbucket,1,env:NEW_1\nbitbucket,2,env:NEW_2\n")
      let place = place.with(["NEW_1": "ATATTnew1Token", "NEW_2": "ATATTnew2Token"])
      let shell = await place.run(command)
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stderr.contains(message), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `doctor and plan tell the deadlines, with a command that works`() async throws {
    try await ShellFixture.with(seed: Self.seed) { place in
      var place = place.with(["NEW": "ATATTnew1Token"])
      place.now = 1_778_000_000
      func deadlines() async throws -> [[String: Any]] {
        try await place.run("doctor bitbucket/1 --json").records()
          .filter { $0["check"] as? String == "deadline" }
      }
      let before = try await #require(deadlines().first)
      #expect(before["severity"] as? String == "warning")
      let soon = try #require(before["message"] as? String)
      #expect(soon.hasPrefix("Bitbucket Cloud's app passwords end on 2026-06-09, in 35 days"))
      _ = await place.run("export bitbucket/1 > c.yaml")
      place.now = 1_796_000_000
      let after = try await #require(deadlines().first?["message"] as? String)
      #expect(after.contains("ended on 2026-06-09"))
      let plan = await place.run("plan c.yaml")
      #expect(plan.everything.contains("app passwords ended on 2026-06-09"), "\(plan.everything)")
      let fix = try #require(before["fix"] as? String)
      let command = fix.replacing("E-MAIL", with: "ada@example.com")
        .replacing("REF", with: "env:NEW")
      let fixed = await place.run(command)
      #expect(fixed.exitCode == .success, "\(command): \(fixed.everything)")
      try #expect(await deadlines().isEmpty)
    }
  }

  @Test func `tokens of all organizations and of no user are told of`() async throws {
    try await ShellFixture.with(
      seed: .json([
        "connections": [
          ["plugin": "azuredevops_go", "name": "a", "token": "azure-Global4Token"],
          [
            "plugin": "azuredevops_go", "name": "b", "token": "azure-Own4Token",
            "organization": "acme",
          ],
          [
            "plugin": "sonarqube", "name": "s", "endpoint": "https://sonarqube.example.com/api/",
            "token": "sqp_0123456789012345678901234567890123456789",
          ],
          [
            "plugin": "sonarqube", "name": "u", "endpoint": "https://sonarqube.example.com/api/",
            "token": "squ_0123456789012345678901234567890123456789",
          ],
        ]
      ])
    ) { place in
      var place = place
      place.now = 1_796_083_200
      let rows = try await place.run("doctor azuredevops_go/1 azuredevops_go/2 --json").records()
        .filter { $0["check"] as? String == "deadline" }
      #expect(rows.count == 1)
      #expect(
        (rows.first?["message"] as? String)?
          .hasPrefix("Azure DevOps' global tokens (for all organizations) end today") == true,
        "\(rows)"
      )
      let other = try await place.run("doctor sonarqube/1 sonarqube/2 --json").records()
        .filter { $0["check"] as? String == "deadline" }
      #expect(other.count <= 1)
    }
  }
}
