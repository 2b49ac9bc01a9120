import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// How old secrets are and when they end: kept by every change, a field of every row.
struct SecretLifeTests {
  /// 2029-12-01T00:00:00Z: the simulator's own clock is the real one, and earlier.
  static let start = 1_890_777_600

  private func ledger(_ place: ShellFixture) -> String {
    place.folder.text("state/devlake-shell/secrets.ndjson") ?? ""
  }

  @Test func `an end and an age are fields of the row wherever rows are`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place.with(["NEW": "jenkins-New4Password"])
      place.now = Self.start
      let rotated = await place.run("rotate jenkins/1 --token env:NEW --expires 2030-03-01")
      #expect(rotated.exitCode == .success, "\(rotated.stderr)")
      #expect(!ledger(place).contains("jenkins-New4Password"))
      try #expect(place.folder.mode("state/devlake-shell/secrets.ndjson") == 0o600)
      place.now = Self.start + 100 * 86_400
      for command in ["list --plugin jenkins --json", "show jenkins/1 --json"] {
        let row = try await #require(place.run(command).records().first)
        #expect(row["expires"] as? String == "2030-03-01")
        #expect(row["secretAge"] as? Int == 100)
      }
      for condition in ["expires < 2030-04-01", "secretAge > 90"] {
        let rows = try await place.run("list --where '\(condition)' --json").records()
        #expect(rows.compactMap { $0["name"] as? String } == ["Jenkins - ci"])
      }
      let wide = await place.run("list --plugin jenkins --wide")
      #expect(wide.stdout.contains("100 d") && wide.stdout.contains("2030-03-01"))
      let export = await place.run("export jenkins/1")
      #expect(export.stdout.contains("expires: '2030-03-01'"), "\(export.stdout)")
      let audit = try #require(try place.audit().last)
      #expect(audit["expires"] as? String == "2030-03-01")
      #expect((audit["time"] as? String)?.hasPrefix("2029-12-01T") == true)
    }
  }

  @Test func `a creation and an update tell when the secret ends`() async throws {
    try await ShellFixture.with { place in
      var place = place.with(["NEW": "glpat-New4Token9aBcD"])
      place.now = Self.start
      let made = await place.run(
        "create --plugin gitlab --org a --token env:NEW --expires 2030-01-05"
      )
      #expect(made.exitCode == .success, "\(made.stderr)")
      var row = try await place.run("show gitlab/1 --json").record()
      #expect(row["expires"] as? String == "2030-01-05")
      let changed = await place.run("update gitlab/1 --expires 2030-02-05")
      #expect(changed.exitCode == .success, "\(changed.stderr)")
      #expect(changed.stdout.contains("expires: 2030-01-05 → 2030-02-05"))
      row = try await place.run("show gitlab/1 --json").record()
      #expect(row["expires"] as? String == "2030-02-05")
      #expect(row["secretAge"] as? Int == 0)
      #expect(place.writes.count { $0.hasPrefix("PATCH") } == 0)
      let over = await place.run("update gitlab/1 --expires 2029-11-30")
      #expect(over.exitCode == .usage)
      let wrong = await place.run("update gitlab/1 --expires 2030-02-30")
      #expect(wrong.exitCode == .usage)
      #expect(wrong.stderr.contains("must be a date, not '2030-02-30'"))
    }
  }

  @Test func `it is renamed and deleted with the connection`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place.with(["NEW": "jenkins-New4Password"])
      place.now = Self.start
      _ = await place.run("rotate jenkins/1 --token env:NEW --expires 2030-03-01")
      _ = await place.run("update jenkins/1 --name Renamed")
      #expect(ledger(place).contains(#""name":"Renamed""#))
      #expect(ledger(place).contains("2030-03-01"))
      let deleted = await place.run("delete jenkins/1 --force")
      #expect(deleted.exitCode == .success, "\(deleted.stderr)")
      #expect(!ledger(place).contains("Renamed"))
    }
  }

  @Test func `two shells at once lose nothing`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place.with(["NEW": "glpat-New4Token9aBcD"])
      place.now = Self.start
      let shared = place
      async let one = shared.run("rotate gitlab/1 --token env:NEW --expires 2030-03-01")
      async let two = shared.run("rotate gitlab/2 --token env:NEW --expires 2030-04-01")
      for shell in await [one, two] { #expect(shell.exitCode == .success, "\(shell.stderr)") }
      let rows = try await place.run("list --plugin gitlab --json").records()
      #expect(rows.compactMap { $0["expires"] as? String } == ["2030-03-01", "2030-04-01"])
    }
  }

  @Test func `the age is in the log, also without the file`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place.with(["NEW": "jenkins-New4Password"])
      place.now = Self.start
      _ = await place.run("rotate jenkins/1 --token env:NEW --expires 2030-03-01")
      try place.folder.write("state/devlake-shell/secrets.ndjson", "")
      place.now = Self.start + 5 * 86_400
      let row = try await place.run("show jenkins/1 --json").record()
      #expect(row["secretAge"] as? Int == 5)
      #expect(row["expires"] as? String == "2030-03-01")
    }
  }

  @Test func `of several those that are old are rotated, and unknown ages are named`() async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place.with(["NEW": "glpat-New4Token9aBcD", "NEWER": "glpat-Newer5Token0xYz"])
      place.now = Self.start
      _ = await place.run("rotate gitlab/1 --token env:NEW")
      let young = await place.run("rotate gitlab/1 --token env:NEWER --older-than 90d")
      #expect(young.exitCode == .success)
      #expect(young.stdout == "No secret is known to be older than 90 days.\n")
      place.now = Self.start + 90 * 86_400
      // DevLake's own clock stands still, so that nothing else tells how old gitlab/2 is.
      let least = await place.run("rotate 'gitlab/*' --token env:NEWER --older-than 2000d")
      #expect(least.exitCode == .partial)
      #expect(least.stderr.contains("the ages of 1 secret are not known: gitlab/2"))
      #expect(least.stderr.contains("1 secret is younger than 2000 days"))
      #expect(place.writes.count { $0.hasPrefix("PATCH") } == 1)
      let due = await place.run("rotate 'gitlab/*' --token env:NEWER --older-than 90d --json")
      #expect(due.exitCode == .success, "\(due.stderr)")
      try #expect(due.records().compactMap { $0["action"] as? String } == ["rotated", "rotated"])
      let unknown = await place.run(
        "rotate jira/1 --token env:NEW --older-than 2000d --unknown rotate"
      )
      #expect(unknown.exitCode == .success, "\(unknown.stderr)")
      try #expect(place.stored("jira")["password"] == "glpat-New4Token9aBcD")
    }
  }

  @Test func `a connections file tells ends, and a difference is no change`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.now = Self.start
      let export = await place.run("export jenkins/1 > c.yaml")
      #expect(export.exitCode == .success)
      let text = try #require(place.folder.text("c.yaml"))
      try place.folder.write(
        "c.yaml",
        text.replacing(
          "  name: Jenkins - ci",
          with: "  name: Jenkins - ci\n  expires: 2030-06-01"
        )
      )
      let applied = await place.run("apply c.yaml --yes")
      #expect(applied.exitCode == .success, "\(applied.stderr)")
      #expect(place.writes.isEmpty)
      let row = try await place.run("show jenkins/1 --json").record()
      #expect(row["expires"] as? String == "2030-06-01")
      _ = await place.run("update jenkins/1 --expires 2030-07-01")
      let plan = await place.run("plan c.yaml --exit-code")
      #expect(plan.exitCode == .success)
      #expect(
        plan.stdout.contains(
          "its secret ends on 2030-06-01 as the file says, on 2030-07-01 as was recorded here"
        )
      )
      try place.folder.write(
        "bad.yaml",
        text.replacing("  name:", with: "  expires: soon\n  name:")
      )
      let bad = await place.run("plan bad.yaml")
      #expect(bad.exitCode == .usage)
      #expect(bad.stderr.contains("'expires' must be a date"))
    }
  }

  @Test func `the doctor announces an end fourteen days before`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.now = Self.start
      _ = await place.run("update gitlab/2 --expires 2029-12-20")
      func findings(_ options: String = "") async throws -> [[String: Any]] {
        try await place.run("doctor gitlab/2 \(options) --json").records()
          .filter { $0["check"] as? String == "expiry" }
      }
      try #expect(await findings().allSatisfy { $0["severity"] as? String == "ok" })
      try #expect(await findings("--days 30").contains { $0["severity"] as? String == "warning" })
      place.now = Self.start + 5 * 86_400
      let soon = try await #require(findings().first { $0["severity"] as? String == "warning" })
      let message = try #require(soon["message"] as? String)
      #expect(message.contains("2029-12-20, in 14 days"))
      #expect(soon["fix"] as? String == "rotate gitlab/2")
      place.now = Self.start + 20 * 86_400
      try #expect(await findings().contains { $0["severity"] as? String == "error" })
    }
  }
}
