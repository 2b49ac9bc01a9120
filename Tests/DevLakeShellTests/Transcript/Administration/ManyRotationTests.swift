import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That many connections get new secrets by one command, all or none.
struct ManyRotationTests {
  @Test func `fifty connections over six plugins are rotated by one command`() async throws {
    let many = ManyConnections()
    try await ShellFixture.with(seed: many.seed) { direct in
      let place = direct.with(many.variables())
      try place.folder.write("secrets.csv", many.file)
      let shell = await place.run("rotate --from secrets.csv")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.hasSuffix("✅ 50 rotated\n"))
      try #expect(many.stored(in: place) == many.all.map(\.new))
      // Every test comes before the first save, and every connection is tested once more after it.
      let writes = place.writes
      #expect(writes.count == 150)
      #expect(writes.prefix(50).allSatisfy { $0.hasSuffix("/test") })
      #expect(
        writes[50..<100].sorted()
          == many.all.map { "PATCH /plugins/\($0.plugin)/connections/\($0.id)" }.sorted()
      )
      #expect(writes.suffix(50).allSatisfy { $0.hasSuffix("/test") })
      try #expect(
        place.auditLines().sorted()
          == many.all.map { "\($0.plugin)/\($0.id) rotated done" }.sorted()
      )
      for one in many.all {
        try #expect(!place.folder.everything().contains(one.new))
        #expect(!shell.everything.contains(one.new))
      }
    }
  }

  @Test func `with one bad secret among fifty nothing is saved, and the log tells it`()
    async throws
  {
    let many = ManyConnections()
    try await ShellFixture.with(seed: many.seed) { direct in
      let place = direct.with(many.variables(bad: "NEW_JENKINS_3"))
      try place.folder.write("secrets.csv", many.file)
      let shell = await place.run("rotate --from secrets.csv")
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.hasSuffix("❌ 49 skipped, 1 failed\n"), "\(shell.stdout)")
      #expect(shell.stderr.contains("nothing was saved: 1 of 50 failed"))
      #expect(shell.stderr.contains("jenkins/3: check the user name"))
      try #expect(many.stored(in: place) == many.all.map(\.old))
      #expect(place.writes.allSatisfy { $0.hasSuffix("/test") })
      let failed = try place.audit().filter { $0["outcome"] as? String == "failed" }
      #expect(failed.count == 1)
      #expect(failed.first?["plugin"] as? String == "jenkins")
      #expect(failed.first?["id"] as? Int == 3)
      try #expect(place.audit().count { $0["outcome"] as? String == "none" } == 49)
    }
  }

  @Test func `the good ones are saved where that is wanted`() async throws {
    let many = ManyConnections(["gitlab": 3, "jenkins": 2])
    try await ShellFixture.with(seed: many.seed) { direct in
      let place = direct.with(many.variables(bad: "NEW_GITLAB_2"))
      try place.folder.write("secrets.csv", many.file)
      let shell = await place.run("rotate --from secrets.csv --partial")
      #expect(shell.exitCode == .partial)
      #expect(shell.stdout.hasSuffix("❌ 4 rotated, 1 failed\n"))
      let stored = try many.stored(in: place)
      #expect(stored == many.all.map { $0.variable == "NEW_GITLAB_2" ? $0.old : $0.new })
      try #expect(Set(place.auditLines()).contains("gitlab/2 failed failed"))
    }
  }

  @Test func `where none is good nothing is saved, wanted or not`() async throws {
    let many = ManyConnections(["gitlab": 2])
    try await ShellFixture.with(seed: many.seed) { direct in
      let place = direct.with(["BAD": "BAD-one"])
      let shell = await place.run("rotate gitlab/* --token env:BAD --partial")
      #expect(shell.exitCode == .failure)
      try #expect(many.stored(in: place) == many.all.map(\.old))
    }
  }

  @Test func `a reference is fetched once, whoever shares it`() async throws {
    let many = ManyConnections(["gitlab": 3, "jenkins": 2])
    try await ShellFixture.with(seed: many.seed) { place in
      let command = "echo x >> runs; echo shared-secret"
      try place.folder.write(
        "secrets.csv",
        many.all.map { "\($0.plugin),\($0.id),\"cmd:\(command)\"\n" }.joined()
      )
      let shell = await place.run("rotate --from secrets.csv")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.folder.text("runs") == "x\n")
      try #expect(many.stored(in: place).allSatisfy { $0 == "shared-secret" })
    }
  }

  @Test func `a secret DevLake has already is left alone where its mask tells`() async throws {
    let many = ManyConnections(["github": 2, "gitlab": 1])
    try await ShellFixture.with(seed: many.seed) { direct in
      let first = direct.with(many.variables())
      try first.folder.write("secrets.csv", many.file)
      await #expect(first.run("rotate --from secrets.csv").exitCode == .success)
      let before = first.writes.count
      let again = await first.run("rotate --from secrets.csv --json")
      #expect(again.exitCode == .success)
      let actions = try again.records().map { $0["action"] as? String }
      #expect(actions == ["unchanged", "unchanged", "rotated"])
      #expect(first.writes.count == before + 3)
      let alone = await first.run("rotate github/1 --token env:NEW_GITHUB_1")
      #expect(alone.stdout.contains("DevLake has this secret already, nothing changed"))
      #expect(first.writes.count == before + 3)
    }
  }

  @Test func `a named env file serves references and loses the keys that served`() async throws {
    let many = ManyConnections(["gitlab": 2])
    try await ShellFixture.with(seed: many.seed) { place in
      try place.folder.write("secrets.csv", "gitlab,1,env:ONE\ngitlab,2,env:TWO\n")
      try place.folder.write("all.env", "ONE=first-one\nTWO=second-two\nOTHER=stays\n")
      let shell = await place.run("rotate --from secrets.csv --env-file all.env")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(many.stored(in: place) == ["first-one", "second-two"])
      #expect(place.folder.text("all.env") == "OTHER=stays\n")
    }
  }

  @Test func `a dry run shows every request and sends none`() async throws {
    let many = ManyConnections(["github": 1, "jenkins": 1])
    try await ShellFixture.with(seed: many.seed) { direct in
      let place = direct.with(many.variables())
      try place.folder.write("secrets.csv", many.file)
      let shell = await place.run("rotate --from secrets.csv --dry-run")
      #expect(shell.exitCode == .success)
      let lines = shell.stdout.split(separator: "\n").map { $0.prefix { $0 != "{" } }
      #expect(
        lines == [
          "would send: POST /plugins/github/connections/1/test ",
          "would send: POST /plugins/jenkins/connections/1/test ",
          "would send: PATCH /plugins/github/connections/1 ",
          "would send: PATCH /plugins/jenkins/connections/1 ",
          "would send: POST /plugins/github/connections/1/test ",
          "would send: POST /plugins/jenkins/connections/1/test ",
        ]
      )
      #expect(place.writes.isEmpty)
      for one in many.all { #expect(!shell.everything.contains(one.new)) }
    }
  }
}
