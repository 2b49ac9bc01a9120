import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// `update`, `test`, `delete` and `rotate` alone let a person pick, and ask for what they need.
struct UpdateWizardTests {
  typealias Answer = ScriptedConversation.Answer

  @Test func `current values are the defaults, and Enter keeps them`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(
        "configure connection update",
        answers: ["Jenkins - ci", "", "", "", "", ""]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.dropFirst().first == "Name [Jenkins - ci]: ")
      #expect(shell.questions.contains("Proxy [none]: "))
      #expect(shell.stdout.contains("nothing changed"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a wrong answer is asked again`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(
        "update",
        answers: [
          "github/2", "GitHub - my-org", "labs", "api.github.com", "", "proxy", "http://proxy:1",
          "",
          "ghp_short", "", "",
        ]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.contains { $0.hasPrefix("the endpoint 'api.github.com' does not") })
      #expect(shell.questions.contains { $0.hasPrefix("the proxy 'proxy' is no") })
      #expect(shell.questions.contains { $0.hasPrefix("github/1 is named \"GitHub - my-org\"") })
      #expect(shell.questions.contains { $0.contains("too short to be a GitHub token") })
      #expect(shell.stderr.contains("name: GitHub - my-org-labs → labs"))
      let stored = try place.stored("github", 2)
      #expect(stored["name"] == "labs")
      #expect(stored["proxy"] == "http://proxy:1")
    }
  }

  @Test(arguments: ["update", "test", "delete", "rotate", "configure connection delete"])
  func `one is picked by id, name or a part that is confirmed`(_ command: String) async throws {
    // A bare number is an id, and of which plugin is not said here.
    let picks: [[Answer]] = [
      ["gitlab/1"], ["GitLab - my-group"], ["'GitLab - my-group'"], ["GitLab - my-*"],
      ["my-gr", "yes"], ["8", "gitlab/99", "my-gr", "no", "", "gitlab/1"],
    ]
    for pick in picks {
      try await ShellFixture.with(seed: .demo) { place in
        let shell = await place.run(command, answers: pick + [.interrupt])
        #expect(shell.questions.first?.contains("  gitlab/1 \"GitLab - my-group\"") == true)
        if command == "test" {
          #expect(shell.stdout.contains("gitlab/1"))
        } else {
          #expect(shell.exitCode == .interrupted)
          #expect(shell.everything.contains("GitLab - my-group"))
          #expect(place.writes.isEmpty)
        }
      }
    }
  }

  @Test(arguments: [
    ("all", 14), ("github/*", 2), ("github/1 gitlab/1", 2), ("github/1-5", 2), ("github/1,2", 2),
    ("Git*", 5), ("\"GitLab - my-group\" jenkins/1", 2), ("pagerduty/1", 1),
    ("github/* jenkins/2", 3),
  ])
  func `the picker takes what the command line takes`(pick: Answer, count: Int) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("test --json", answers: [pick])
      let rows = try #require(try shell.json() as? [Any], "\(shell.everything)")
      #expect(rows.count == count)
    }
  }

  private func ids(_ shell: Transcript) throws -> [Int] {
    let rows = try #require(try shell.json() as? [[String: Any]])
    return rows.compactMap { $0["id"] as? Int }
  }

  @Test func `ids are ids, and a word for everything is no part of a name`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let one = await place.type("use jenkins", "test --json", answers: ["2"])
      try #expect(ids(one) == [2], "\(one.everything)")
      let other = await place.type("use jenkins", "test --json", answers: ["99", "all"])
      #expect(other.questions.last?.contains("no connection jenkins/99") == true)
      try #expect(ids(other) == [1, 2], "\(other.everything)")
      // 'all' is also in "PagerDuty - on-call".
      let shell = await place.run("delete", answers: ["all", .interrupt])
      #expect(shell.questions.count > 1)
      #expect(!shell.questions.contains { $0.hasPrefix("pagerduty/1") })
      #expect(!place.writes.contains { $0.hasPrefix("DELETE") })
    }
  }

  @Test(arguments: [
    "ghp_Test1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT01", "glpat-abc", "11a2b3c4d5e6f7a8b9c0d1e2f3",
  ])
  func `a secret pasted one question early is no name without a question`(
    _ secret: String
  ) async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create",
        answers: [
          "jenkins", "", "https://ci.example.com", "ada", .text(secret), "no", "ci", "", "s3cret",
          "",
        ]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(place.stored("jenkins")["name"] == "ci")
      #expect(shell.questions.contains { $0.hasPrefix("That looks like a secret") })
      #expect(!shell.everything.contains(secret))
    }
  }

  @Test(arguments: [
    ("update", "--plugin PLUGIN and --id ID and --name, --endpoint, --proxy, --token,"),
    ("test", "--plugin PLUGIN and --id ID"),
    ("delete", "--plugin PLUGIN and --id ID"), ("rotate", "--plugin PLUGIN and --id ID"),
    ("create", "--plugin PLUGIN"),
  ])
  func `without a terminal every missing option is named at once`(
    _ command: String,
    _ flags: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(command)
      #expect(shell.exitCode == .unasked)
      #expect(shell.stderr.contains(flags), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }
}
