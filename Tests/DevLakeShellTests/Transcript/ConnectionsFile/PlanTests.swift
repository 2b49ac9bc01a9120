import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What `plan` shows, and that it changes nothing.
struct PlanTests {
  private static let file = """
    version: 1
    connections:
      - plugin: github
        name: GitHub - my-org
        rateLimitPerHour: 4500
        token: env:NEW
      - plugin: github
        name: GitHub - labs
        renamedFrom: GitHub - my-org-labs
        proxy: http://proxy:8080
      - plugin: gitlab
        name: GitLab - fresh
        token: env:LAB
    """

  @Test func `every kind of change has its line, and the summary counts them`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("c.yaml", Self.file)
      let shell = await place.with(["NEW": Tokens.newGitHub, "LAB": "glpat-fresh"])
        .run("plan c.yaml --prune")
      #expect(shell.exitCode == .success)
      #expect(
        shell.stdout == """
          ~ rotate  github/1 "GitHub - my-org"
               token: a new secret
          ~ update  github/2 "GitHub - labs"
               name: GitHub - my-org-labs → GitHub - labs
               proxy: (none) → http://proxy:8080
          + create  gitlab "GitLab - fresh"
               endpoint: https://gitlab.com/api/v4/
               token: ***
          - delete  gitlab/1 "GitLab - my-group"
          - delete  gitlab/2 "GitLab - mirror"
          Plan: 1 to create, 1 to update, 1 to rotate, 2 to delete, 0 unchanged

          """
      )
      #expect(place.writes.isEmpty)
      #expect(!shell.everything.contains("ghp_"))
    }
  }

  @Test func `programs read every change, unchanged ones too`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("c.yaml", Self.file)
      let shell = await place.with(["LAB": "glpat-fresh"]).run("plan c.yaml --json")
      let plan = try #require(try shell.json() as? [String: Any])
      #expect(
        plan["summary"] as? [String: Int] == [
          "create": 1, "update": 1, "rotate": 0, "delete": 0, "unchanged": 1, "failed": 0,
        ]
      )
      let changes = try #require(plan["changes"] as? [[String: Any]])
      #expect(changes.map { $0["action"] as? String } == ["unchanged", "update", "create"])
      #expect(changes.map { $0["id"] as? Int } == [1, 2, nil])
      #expect((changes[0]["secrets"] as? [String: String]) == ["token": "unresolved"])
      let fields = try #require(changes[1]["fields"] as? [[String: Any]])
      #expect(fields.map { $0["field"] as? String } == ["name", "proxy"])
      #expect(fields.last?["after"] as? String == "http://proxy:8080")
    }
  }

  @Test(arguments: [("", 0), (" --exit-code", 6)])
  func `changes are no failure unless asked`(option: String, code: Int32) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("c.yaml", Self.file)
      #expect(await place.run("plan c.yaml\(option)").exitCode.rawValue == code)
      try place.folder.write("none.yaml", "version: 1\nconnections: []")
      #expect(await place.run("plan none.yaml\(option)").exitCode == .success)
    }
  }

  @Test func `a mask of another secret is a change, and one that tells nothing is said`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      let stored = try #require(try place.stored("gitlab")["token"]?.string)
      let alike =
        stored.prefix(2) + String(repeating: "x", count: stored.count - 4)
        + stored.suffix(2)
      let name = try #require(try place.stored("gitlab")["name"]?.string)
      try place.folder.write(
        "c.yaml",
        "version: 1\nconnections:\n- {plugin: gitlab, name: '\(name)', token: env:T}"
      )
      let other = place.with(["T": "totally-different-token"])
      let drift = await other.run("plan c.yaml --exit-code")
      #expect(drift.exitCode.rawValue == 6, "\(drift.everything)")
      #expect(drift.stdout.contains("~ rotate  gitlab/1"))
      let unknown = await place.with(["T": String(alike)]).run("plan c.yaml --exit-code")
      #expect(unknown.exitCode == .success, "\(unknown.everything)")
      #expect(
        unknown.stdout.hasSuffix(
          "No changes: DevLake matches the file; the secrets of 1 connection cannot be "
            + "compared.\n"
        ),
        "\(unknown.stdout)"
      )
      let applied = await other.run("apply c.yaml --yes")
      #expect(applied.exitCode == .success, "\(applied.everything)")
      try #expect(place.stored("gitlab")["token"] == "totally-different-token")
      try place.setFaults("/plugins/**=status:503:")
      await #expect(other.run("plan c.yaml --exit-code").exitCode == .unreachable)
    }
  }

  @Test func `what does not change stands in one line before the changes`() async throws {
    try await ShellFixture.with { place in
      var text = "version: 1\nconnections:\n"
      for number in 1...6 {
        let create =
          "create --plugin gitlab --org o --name g\(number) --token text:glpat-\(number)x"
        #expect(await place.run(create).exitCode == .success)
        text += "- {plugin: gitlab, name: g\(number), token: env:NOT_SET_\(number)}\n"
      }
      text += "- {plugin: gitlab, name: new, token: text:glpat-new}\n"
      try place.folder.write("c.yaml", text)
      let shell = await place.run("plan c.yaml")
      let lines = shell.stdout.split(separator: "\n").map(String.init)
      #expect(lines.first?.hasPrefix("  unchanged  6 with a note") == true, "\(lines)")
      #expect(lines.first?.contains("gitlab/1 \"g1\": ") == true, "\(lines)")
      #expect(lines.dropFirst().first == "+ create  gitlab \"new\"", "\(lines)")
    }
  }

  @Test func `what is in use is kept, and why is said`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write(
        "c.yaml",
        "version: 1\nconnections:\n- {plugin: github, name: GitHub - my-org-labs}"
      )
      let shell = await place.run("plan c.yaml --prune")
      #expect(
        shell.stdout.contains(
          "unchanged  github/1 \"GitHub - my-org\": not in the file, but kept: it has 1 scope\n"
        )
      )
      let without = await place.run("plan c.yaml")
      #expect(without.stderr.contains("1 connection of these plugins is not in the file"))
    }
  }

  @Test func `standard input is a file where it carries no commands`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let text = Self.file
      let shell = await place.run(words: "plan", "-", input: text)
      #expect(
        shell.stdout.hasSuffix(
          "Plan: 1 to create, 1 to update, 1 unchanged; the secrets of 1 connection cannot be "
            + "compared\n"
        )
      )
      let lines = await place.run("plan -")
      #expect(lines.exitCode == .usage)
      #expect(lines.stderr.contains("standard input contains the commands"))
    }
  }

  @Test(
    arguments: [
      (
        "version: 1\nconnections:\n- plugin: githbu\n  name: x",
        "c.yaml:3:11-16: error: no plugin named 'githbu'\n  - plugin: githbu\n            ^~~~~~\n"
          + "help: did you mean 'github'?\n"
      ),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: x, tokn: env:T}",
        "c.yaml:3:29-32: error: GitLab has no field 'tokn'\n"
          + "  - {plugin: gitlab, name: x, tokn: env:T}\n"
          + "                              ^~~~\nhelp: did you mean 'token'?\n"
      ),
      (
        "version: 1\nconnections:\n- plugin: gitlab\n  name: x\n token: glpat-verysecret",
        "c.yaml:5:2-6: error: did not find expected key\n   token:***\n   ^~~~~\n"
          + "help: the file is YAML, or JSON\n"
      ),
    ]
  )
  func `a mistake is shown under its place`(text: String, message: String) async throws {
    try await ShellFixture.with { place in
      try place.folder.write("c.yaml", text)
      for command in ["plan", "apply --yes"] {
        let shell = await place.run("\(command) c.yaml")
        #expect(shell.exitCode == .usage)
        #expect(shell.stderr == message, "\(shell.stderr)")
      }
      // Whether a near name is a plugin of the server's is asked.
      #expect(place.simulator.requests.allSatisfy { ["/version", "/plugins"].contains($0.path) })
    }
  }

  @Test func `all mistakes are shown, those of the secrets too, before anything is sent`()
    async throws
  {
    try await ShellFixture.with { place in
      try place.folder.write(
        "c.yaml",
        """
        version: 1
        connections:
          - {plugin: jenkins, name: ci, endpoint: 'https://ci/api/', username: u, password: env:P}
          - {plugin: github, name: short, token: env:SHORT}
          - {plugin: gitlab, name: spelled, token: glpat-verysecret, proxy: ftp://p}
        """
      )
      let shell = await place.with(["SHORT": "ghp_short"]).run("plan c.yaml")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("c.yaml:3:43-59: error: the endpoint"))
      #expect(shell.stderr.contains("c.yaml:4:42-50: error: the token is too short"))
      #expect(shell.stderr.contains("c.yaml:5:44-59: warning: the secret itself is written"))
      #expect(shell.stderr.contains("error: the proxy 'ftp://p'"))
      for secret in ["ghp_short", "glpat-verysecret"] {
        #expect(!shell.everything.contains(secret))
      }
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `a plugin the server lacks is told under its place`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(
        "c.yaml",
        "version: 1\nconnections:\n- {plugin: incidentio, name: x, token: env:T}\n"
          + "- {plugin: whatever, name: y}"
      )
      let shell = await place.run("plan c.yaml")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("error: this DevLake has no plugin"), "\(shell.stderr)")
      #expect(shell.stderr.contains("c.yaml:4:12-19: error: no plugin named 'whatever'"))
    }
  }
}
