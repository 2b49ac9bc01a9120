import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That `list`, `test`, `update` and `delete` do and print what the documents say.
struct DocumentedCommandTests {
  static let two: JSONValue = [
    "connections": [
      [
        "plugin": "github", "id": 1, "name": "GitHub - my-org",
        "endpoint": "https://api.github.com/", "authMethod": "AccessToken",
        "token": .string(Tokens.github),
      ],
      [
        "plugin": "gh-copilot", "id": 2, "name": "GitHub Copilot - my-org",
        "endpoint": "https://api.github.com", "token": .string(Tokens.github),
        "organization": "my-org", "enterprise": "avocado-corp", "rateLimitPerHour": 5000,
      ],
    ]
  ]

  @Test(arguments: ["configure connection list", "configure connections list", "list"])
  func `the list is the documents' table`(_ command: String) async throws {
    try await ShellFixture.with(seed: .json(Self.two)) { place in
      try place.folder.write(
        ".devlake-local.json",
        """
        {"endpoints": {"backend": "\(place.simulator.url)"}, "connections": [
          {"plugin": "github", "connectionId": 1, "name": "x", "organization": "my-org"}]}
        """
      )
      let shell = await place.run(command)
      #expect(shell.exitCode == .success)
      #expect(
        shell.stdout == """
          Plugin      ID  Name                     Organization  Enterprise
          ──────────  ──  ───────────────────────  ────────────  ────────────
          gh-copilot   2  GitHub Copilot - my-org  my-org        avocado-corp
          github       1  GitHub - my-org          my-org

          """
      )
    }
  }

  @Test func `the list of one plugin asks for nothing else`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("configure connection list --plugin jira")
      #expect(shell.stdout.split(separator: "\n").count == 3)
      #expect(shell.stdout.contains("jira     1  Jira - my-org"))
      // The two are asked side by side, so either may arrive first.
      let paths = place.simulator.requests.map(\.path).sorted()
      #expect(paths == ["/plugins/jira/connections", "/version"])
    }
  }

  @Test func `a list of nothing says so`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("list")
      #expect(shell.exitCode == .success)
      #expect(shell.stdout == "No connections found.\n")
    }
  }

  @Test(arguments: ["configure connection test", "configure connections test", "test"])
  func `a test that passes is one line`(_ command: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("\(command) --plugin jenkins --id 1")
      #expect(shell.exitCode == .success)
      #expect(shell.stdout == "✅ Connection test passed\n")
      #expect(place.writes == ["POST /plugins/jenkins/connections/1/test"])
    }
  }

  @Test func `a test that fails names the reason, and the hint goes to standard error`()
    async throws
  {
    let broken: JSONObject = [
      "plugin": "github", "name": "GitHub - my-org", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": .string(Tokens.refused),
    ]
    try await ShellFixture.with(connection: broken) { place in
      let shell = await place.run("configure connection test --plugin github --id 1")
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.hasPrefix("❌ Connection test failed: "))
      #expect(shell.stdout.split(separator: "\n").count == 1)
      let hint = "   💡 Ensure your PAT has these scopes: repo, read:org, read:user\n"
      #expect(shell.stderr.hasPrefix(hint), "\(shell.stderr)")
    }
  }

  @Test(arguments: [
    ("configure connection test", ["--plugin", "--id"]),
    ("configure connection test --plugin github", ["--id"]),
    ("configure connection update", ["--plugin", "--id"]),
    ("configure connection update --plugin github", ["--id"]),
    ("configure connection delete", ["--plugin", "--id"]),
    ("configure connection delete --plugin github", ["--id"]),
  ])
  func `what would be asked for is named, and nothing is sent`(
    _ command: String,
    _ flags: [String]
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(command)
      #expect(shell.exitCode == .unasked)
      for flag in flags { #expect(shell.stderr.contains(flag)) }
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: ["configure connection update", "configure connections update", "update"])
  func `update rotates a token and keeps the rest`(_ command: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let before = try place.stored("github")
      let shell = await place.run(
        "\(command) --plugin github --id 1 --token \(Tokens.newGitHub)"
      )
      #expect(shell.exitCode == .success)
      #expect(shell.stdout.hasSuffix("   ✅ Updated github/1\n"))
      var after = try place.stored("github")
      #expect(after["token"] == .string(Tokens.newGitHub))
      for name in ["token", "updatedAt"] { after[name] = before[name] }
      #expect(after == before)
    }
  }

  @Test func `update changes the organization only`() async throws {
    try await ShellFixture.with(seed: .json(Self.two)) { place in
      let before = try place.stored("gh-copilot", 2)
      let shell = await place.run(
        "configure connection update --plugin gh-copilot --id 2 --org new-org"
      )
      #expect(shell.exitCode == .success)
      #expect(shell.stdout.contains("   organization: my-org → new-org\n"))
      var after = try place.stored("gh-copilot", 2)
      #expect(after["organization"] == "new-org")
      for name in ["organization", "updatedAt"] { after[name] = before[name] }
      #expect(after == before)
      try #expect(place.remembered().first?["organization"] as? String == "new-org")
    }
  }

  @Test(arguments: ["configure connection delete", "configure connections delete", "delete"])
  func `delete with force asks nothing, deletes and forgets`(_ command: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write(
        ".devlake-local.json",
        """
        {"endpoints": {"backend": "\(place.simulator.url)"}, "connections": [
          {"plugin": "github", "connectionId": 2, "name": "gone"},
          {"plugin": "jira", "connectionId": 1, "name": "kept"}]}
        """
      )
      let shell = await place.run("\(command) --plugin github --id 2 --force")
      #expect(shell.exitCode == .success)
      #expect(shell.stdout == "✅ Deleted github/2 \"GitHub - my-org-labs\"\n")
      #expect(place.writes == ["DELETE /plugins/github/connections/2"])
      #expect(place.simulator.connections("github").compactMap { $0["id"]?.int } == [1])
      try #expect(place.remembered().map { $0["name"] as? String } == ["kept"])
    }
  }

  @Test func `delete without force is refused where nobody can be asked`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("configure connection delete --plugin github --id 2")
      #expect(shell.exitCode == .unasked)
      #expect(shell.stderr.contains("--force"))
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: [("yes", true), ("y", true), ("GitHub - my-org-labs", true), ("no", false)])
  func `a person is asked before a deletion`(_ answer: String, _ isDeleted: Bool) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("delete github/2", answers: [.text(answer)])
      #expect(shell.exitCode == .success)
      #expect(shell.questions == ["Delete github/2 \"GitHub - my-org-labs\"? (yes/no): "])
      #expect((place.simulator.connections("github").count == 1) == isDeleted)
    }
  }

  @Test func `a connection in use is deleted with what depends on it, for its name alone`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      let no = await place.run("delete github/1", answers: ["yes"])
      #expect(no.stdout == "Deletion cancelled, github/1 is kept.\n")
      #expect(no.questions.last?.hasPrefix("'yes' is not its name.") == true, "\(no.questions)")
      #expect(no.stderr.contains("DevLake would not delete it now: blueprints list it"))
      #expect(no.stderr.contains("To delete it with what depends on it:"))
      #expect(place.writes.isEmpty)
      let yes = await place.run("delete github/1", answers: ["GitHub - my-org"])
      #expect(yes.exitCode == .success, "\(yes.everything)")
      #expect(yes.stdout.contains("Deleted github/1 \"GitHub - my-org\" and what depended on it"))
      #expect(!place.simulator.connections("github").contains { $0["id"] == 1 })
    }
  }

  @Test func `many are deleted after one question, for their number alone`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let count = place.simulator.connections("jenkins").count
      for answer in ["", "no", "yes"] {
        let no = await place.run("delete jenkins/*", answers: [.text(answer)])
        #expect(
          no.stdout == "Deletion cancelled, all \(count) connections are kept.\n",
          "\(no.everything)"
        )
        #expect(
          no.questions.first
            == "Delete these \(count) connections? Type \(count), Enter keeps them: "
        )
      }
      let ended = await place.run("delete jenkins/*", answers: [.end])
      #expect(ended.questions.count == 1)
      let interrupted = await place.run("delete jenkins/*", answers: [.interrupt])
      #expect(interrupted.exitCode == .interrupted)
      #expect(interrupted.stderr.contains("nothing was deleted"))
      #expect(place.writes.isEmpty)
      let yes = await place.run("delete jenkins/*", answers: [.text("\(count)")])
      #expect(yes.exitCode == .success, "\(yes.everything)")
      #expect(yes.questions.count == 1)
      #expect(place.simulator.connections("jenkins").isEmpty)
    }
  }

  @Test func `of many those that DevLake keeps are told before the question and left out`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("delete github/*", answers: ["1"])
      #expect(shell.questions == ["Delete this connection? Type 1, Enter keeps it: "])
      #expect(shell.stderr.contains("left out, as DevLake would not delete it now:"))
      #expect(shell.stderr.contains("github/1 \"GitHub - my-org\": blueprints list it"))
      #expect(shell.stderr.contains("--cascade deletes a connection with what depends on it"))
      #expect(shell.exitCode == .partial, "\(shell.everything)")
      #expect(place.simulator.connections("github").map { $0["id"] } == [1])
    }
  }
}
