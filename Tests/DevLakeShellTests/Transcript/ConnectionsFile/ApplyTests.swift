import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// What `apply` does, asks and refuses.
struct ApplyTests {
  /// Changes, rotates, renames, creates and, with `--prune`, deletes something of the demo.
  static let file = """
    version: 1
    connections:
      - {plugin: github, name: GitHub - my-org, rateLimitPerHour: 4500, token: env:NEW}
      - {plugin: github, name: GitHub - labs, renamedFrom: GitHub - my-org-labs}
      - {plugin: gitlab, name: GitLab - my-group, proxy: 'http://proxy:8080'}
      - {plugin: gitlab, name: GitLab - fresh, token: env:LAB}
    """
  static let secrets = ["NEW": Tokens.newGitHub, "LAB": "glpat-fresh"]

  private static func place(
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("c.yaml", file)
      try await body(place.with(secrets))
    }
  }

  @Test func `a person sees the plan, and nothing happens before they agree`() async throws {
    try await Self.place { place in
      let no = await place.run("apply c.yaml", answers: ["no"])
      #expect(no.exitCode == .success)
      #expect(no.stdout == "Cancelled, nothing was changed.\n")
      #expect(no.questions == ["Apply this to \(place.simulator.url)? (yes/no): "])
      #expect(no.stderr.contains("   ~ rotate  github/1 \"GitHub - my-org\"\n"))
      #expect(place.writes.isEmpty)
      let yes = await place.run("apply c.yaml", answers: ["yes"])
      #expect(yes.exitCode == .success)
      #expect(
        yes.stdout == """
          ✅ Rotated github/1 "GitHub - my-org"
          ✅ Updated github/2 "GitHub - labs"
          ✅ Updated gitlab/1 "GitLab - my-group"
          ✅ Created gitlab/3 "GitLab - fresh"
          Applied: 1 created, 2 updated, 1 rotated

          """
      )
      try #expect(place.stored("github")["token"] == .string(Tokens.newGitHub))
      try #expect(place.stored("github", 2)["name"] == "GitHub - labs")
      try #expect(place.stored("gitlab")["proxy"] == "http://proxy:8080")
      try #expect(place.stored("gitlab", 3)["token"] == "glpat-fresh")
    }
  }

  @Test func `all new secrets are tested before the first change is sent`() async throws {
    try await Self.place { place in
      _ = await place.run("apply c.yaml --yes")
      let tests = place.writes.indices.filter { place.writes[$0].hasSuffix("/test") }
      #expect(Array(tests.prefix(3)) == [0, 1, 2], "\(place.writes)")
      #expect(
        place.writes.dropFirst(3).prefix(4).sorted() == [
          "PATCH /plugins/github/connections/1", "PATCH /plugins/github/connections/2",
          "PATCH /plugins/gitlab/connections/1", "POST /plugins/gitlab/connections",
        ]
      )
    }
  }

  @Test func `one secret that fails its test keeps everything as it was`() async throws {
    try await Self.place { place in
      let before = ["github", "gitlab"].map { place.simulator.connections($0) }
      let shell = await place.with(["LAB": "BAD-token"]).run("apply c.yaml --yes")
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.contains("❌ gitlab \"GitLab - fresh\": Connection test failed"))
      #expect(shell.stderr.contains("nothing was changed: 1 of 3 tests failed"))
      #expect(["github", "gitlab"].map { place.simulator.connections($0) } == before)
      #expect(place.writes.allSatisfy { $0.hasSuffix("/test") })
      // What was tried and what was not is in the log; nothing of it was begun.
      let outcomes = try place.audit(begun: true).compactMap { $0["outcome"] as? String }
      #expect(outcomes.sorted() == ["failed", "none", "none", "none"])
    }
  }

  @Test func `a second time there is nothing to do and nothing is sent`() async throws {
    try await Self.place { place in
      _ = await place.run("apply c.yaml --yes")
      let count = place.writes.count
      let again = await place.run("apply c.yaml --yes")
      #expect(again.stdout.hasPrefix("No changes: DevLake matches the file"))
      #expect(again.exitCode == .success && place.writes.count == count)
    }
  }

  @Test(
    arguments: [
      ("apply c.yaml", ["--yes"]), ("apply c.yaml --prune", ["--yes"]),
      ("apply two.yaml --prune", ["--yes", "--expect 2"]),
      ("apply two.yaml --prune --yes", ["--expect 2"]),
      ("apply hook.yaml --yes", ["--secret-file FILE"]),
    ]
  )
  func `off a terminal the missing flags are named`(
    command: String,
    flags: [String]
  ) async throws {
    try await Self.place { place in
      try place.folder.write(
        "two.yaml",
        "version: 1\nconnections:\n- {plugin: gitlab, name: new, token: env:LAB}"
      )
      try place.folder.write("hook.yaml", "version: 1\nconnections:\n- {plugin: webhook, name: w}")
      let shell = await place.run(command)
      #expect(shell.exitCode == .unasked)
      #expect(shell.stderr.hasSuffix("help: give \(flags.joined(separator: " and "))\n"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `what the file does not name goes only with --prune, last and counted`() async throws {
    try await Self.place { place in
      let wrong = await place.run("apply c.yaml --prune --yes --expect 5")
      #expect(wrong.exitCode == .unasked)
      #expect(wrong.stderr.contains("1 connection would be deleted, not 5; nothing was changed"))
      #expect(place.writes.isEmpty)
      let shell = await place.run("apply c.yaml --prune --yes --expect 1")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.simulator.connections("gitlab").map { $0["id"] } == [1, 3])
      #expect(place.simulator.connections("github").count == 2)
      #expect(place.simulator.connections("jenkins").count == 2)
      let order = place.writes.filter { !$0.hasSuffix("/test") }
      #expect(order.last == "DELETE /plugins/gitlab/connections/2")
    }
  }

  @Test func `--dry-run shows each request and sends none of them`() async throws {
    try await Self.place { place in
      let shell = await place.run("apply c.yaml --dry-run --prune")
      #expect(shell.exitCode == .success)
      let lines = shell.stdout.split(separator: "\n").map { $0.split(separator: " ").prefix(4) }
      #expect(
        lines.map { $0.dropFirst(2).joined(separator: " ") } == [
          "POST /plugins/github/connections/1/test", "POST /plugins/gitlab/connections/1/test",
          "POST /plugins/gitlab/test", "PATCH /plugins/github/connections/1",
          "PATCH /plugins/github/connections/2", "PATCH /plugins/gitlab/connections/1",
          "POST /plugins/gitlab/connections", "DELETE /plugins/gitlab/connections/2",
          "POST /plugins/github/connections/1/test", "POST /plugins/gitlab/connections/1/test",
        ]
      )
      #expect(shell.stdout.contains(#""token":"***""#))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a needed secret that is not there is an error with its place`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("c.yaml", Self.file)
      let shell = await place.run("apply c.yaml --yes")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("c.yaml:6:51-57: error: token is needed: $LAB is not set"))
      #expect(place.writes.isEmpty)
      let plan = await place.run("plan c.yaml")
      #expect(plan.exitCode == .success)
    }
  }

  @Test(arguments: [("changed", 2), ("always", 2), ("never", 0)])
  func `--secrets decides which are set`(policy: String, count: Int) async throws {
    try await Self.place { place in
      try place.folder.write(
        "s.yaml",
        """
        version: 1
        connections:
          - {plugin: github, name: GitHub - my-org, rateLimitPerHour: 4500, token: env:NEW}
          - {plugin: gitlab, name: GitLab - my-group, token: env:LAB}
        """
      )
      let shell = await place.run("apply s.yaml --yes --secrets \(policy)")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.writes.count { $0.hasPrefix("PATCH") } == count)
    }
  }

  @Test func `the env file serves, and what served is taken out of it`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("c.yaml", Self.file)
      let text = "NEW=\(Tokens.newGitHub)\nLAB=glpat-fresh\nOTHER=kept\n"
      try place.folder.write(".devlake.env", text)
      _ = await place.run("plan c.yaml")
      #expect(place.folder.text(".devlake.env") == text)
      let failed = await place.run("apply c.yaml")
      #expect(failed.exitCode == .unasked)
      #expect(place.folder.text(".devlake.env") == text)
      let shell = await place.run("apply c.yaml --yes")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.folder.text(".devlake.env") == "OTHER=kept\n")
    }
  }

  @Test func `a person is asked for the secrets the file leaves to them`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(
        "p.yaml",
        """
        version: 1
        connections:
          - {plugin: gitlab, name: one, token: prompt}
          - {plugin: gitlab, name: two, token: prompt}
        """
      )
      let shell = await place.run(
        "apply p.yaml",
        answers: ["glpat-first", "glpat-second", "yes"]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.prefix(2) == ["token for \"one\": ", "token for \"two\": "])
      // Both are created side by side, so either may be the first row.
      let tokens = Dictionary(
        uniqueKeysWithValues: place.simulator.connections("gitlab").map {
          ($0["name"]?.string ?? "", $0["token"]?.string ?? "")
        }
      )
      #expect(tokens == ["one": "glpat-first", "two": "glpat-second"])
    }
  }

  @Test func `a file of secrets is looked for beside the connections file`() async throws {
    try await ShellFixture.with { place in
      try FileManager.default.createDirectory(
        atPath: place.folder.path("conf"),
        withIntermediateDirectories: true
      )
      try place.folder.write("conf/token", "glpat-beside\n")
      try place.folder.write(
        "conf/c.yaml",
        "version: 1\nconnections:\n- {plugin: gitlab, name: one, token: 'file:token'}"
      )
      let shell = await place.run("apply conf/c.yaml --yes")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(place.stored("gitlab")["token"] == "glpat-beside")
    }
  }

  @Test func `a second 'apply' at the same time is refused, and told who is there`() async throws {
    try await Self.place { place in
      let lock = try InstanceLock.acquire(
        in: place.folder.path("state/devlake-shell"),
        for: place.simulator.url,
        holder: "ada, process 4711"
      )
      let shell = await place.run("apply c.yaml --yes")
      withExtendedLifetime(lock) {}
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("another 'apply' is working on"))
      #expect(shell.stderr.contains("(ada, process 4711); nothing was changed"))
      #expect(place.writes.isEmpty)
    }
    try await Self.place { place in
      #expect(await place.run("apply c.yaml --yes").exitCode == .success)
      #expect(await place.run("apply c.yaml --yes").exitCode == .success)
    }
  }

  @Test func `the audit log and the state file know every change`() async throws {
    try await Self.place { place in
      try place.folder.write(
        ".devlake-local.json",
        """
        {"endpoints":{"backend":"\(place.simulator.url)"},"connections":[
          {"plugin":"gitlab","connectionId":2,"name":"GitLab - mirror"}]}
        """
      )
      _ = await place.run("apply c.yaml --prune --yes")
      let audit = try #require(place.folder.text("state/devlake-shell/audit.ndjson"))
      let records = try audit.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
        .filter { $0["outcome"] != "started" && $0["outcome"] != "verified" }
      let changes = records.map {
        "\($0["action"]?.string ?? "") \($0["plugin"]?.string ?? "")/\($0["id"]?.int ?? 0)"
      }
      // Side by side but for the deletion, which comes when all the others are as wanted.
      #expect(
        changes.dropLast().sorted() == [
          "created gitlab/3", "rotated github/1", "updated github/2", "updated gitlab/1",
        ]
      )
      #expect(changes.last == "deleted gitlab/2")
      #expect(records.allSatisfy { $0["command"] == "apply" && $0["outcome"] == "done" })
      #expect(!audit.contains("ghp_") && !audit.contains("glpat"))
      let names = try place.remembered().compactMap { $0["name"] as? String }
      #expect(
        names.sorted() == [
          "GitHub - labs", "GitHub - my-org", "GitLab - fresh", "GitLab - my-group",
        ]
      )
    }
  }

  @Test func `programs read what became of each`() async throws {
    try await Self.place { place in
      let shell = await place.run("apply c.yaml --yes --json")
      let result = try #require(try shell.json() as? [String: Any])
      let changes = try #require(result["changes"] as? [[String: Any]])
      #expect(changes.map { $0["outcome"] as? String } == ["done", "done", "done", "done"])
      #expect(changes.last?["id"] as? Int == 3)
      #expect((result["summary"] as? [String: Int])?["create"] == 1)
    }
  }
}
