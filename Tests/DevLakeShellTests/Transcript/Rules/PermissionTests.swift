import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Read-only and protected instances: whichever command, whichever door, nothing is sent.
struct PermissionTests {
  /// Every command that changes something, as one would type it.
  static let changes = [
    "create --plugin gitlab --name new --token env:NEW",
    "update gitlab/1 --name renamed", "rotate gitlab/1 --token env:NEW",
    "rotate --from tokens.csv", "delete gitlab/1 --force", "apply file.yaml",
    "configure connection delete --plugin gitlab --id 1 --force",
    #"api POST /plugins/gitlab/connections '{"name":"x"}'"#,
    #"api PATCH /plugins/gitlab/connections/1 '{"name":"x"}'"#,
    "api DELETE /plugins/gitlab/connections/1", "api GET /proceed-db-migration",
    "api GET /proceed%2Ddb-migration", "api GET /proceed-db-migration/", "connect --migrate",
  ]

  /// What only reads.
  static let readings = [
    "list", "show gitlab/1", "status", "test gitlab/1", "doctor", "plan file.yaml", "export",
    "impact gitlab/1", "api /version", "rotate gitlab/1 --token env:NEW --dry-run",
  ]

  private func prepared(
    _ settings: String = "",
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place.with(["NEW": "glpat-new-secret"])
      place.configurationFolder = place.folder.path
      // The state of a shell that is restricted to nothing sees the same file.
      let url = place.simulator.url.replacing("127.0.0.1", with: "localhost")
      if !settings.isEmpty {
        try place.folder.write("instances.yaml", "prod: {url: \"\(url)/\", \(settings)}\n")
      }
      try place.folder.write("tokens.csv", "connection,token\ngitlab/1,env:NEW\n")
      try place.folder.write(
        "file.yaml",
        "version: 1\nconnections:\n  - {plugin: gitlab, name: fresh, token: env:NEW}\n"
      )
      try await body(place)
    }
  }

  @Test(arguments: Self.changes)
  func `a read-only session changes nothing, through any door`(line: String) async throws {
    try await prepared { place in
      let migrating = line.contains("--migrate")
      if migrating { place.simulator.state = .migrationPending }
      let lines = await place.run(line, ["--read-only", "--yes"])
      #expect(lines.exitCode == .unasked, "\(lines.everything)")
      #expect(lines.stderr.contains("read-only"), "\(lines.stderr)")
      let typed = await place.run(arguments: ["--read-only", "--yes"], typed: [line, "exit"])
      #expect(typed.stderr.contains("read-only"), "\(typed.stderr)")
      let input = await place.run(arguments: ["--read-only", "--yes"], input: line + "\n")
      #expect(input.exitCode == .unasked, "\(input.everything)")
      #expect(place.writes.isEmpty)
      #expect(!place.simulator.requests.contains { $0.path.contains("migration") })
    }
  }

  @Test(arguments: Self.changes)
  func `a read-only instance is not changed, however its address is named`(
    line: String
  ) async throws {
    try await prepared("readOnly: true") { place in
      if line.contains("--migrate") { place.simulator.state = .migrationPending }
      let byVariable = await place.run(line, ["--yes"])
      #expect(byVariable.exitCode == .unasked, "\(byVariable.everything)")
      #expect(byVariable.stderr.contains("'prod' is read-only"), "\(byVariable.stderr)")
      let byOption = await place.run(line, ["--url", place.simulator.url, "--yes"])
      #expect(byOption.exitCode == .unasked, "\(byOption.everything)")
      var unnamed = place
      unnamed.variables["DEVLAKE_URL"] = nil
      let byName = await unnamed.run(line, ["--instance", "prod", "--yes"])
      #expect(byName.exitCode == .unasked, "\(byName.everything)")
      // A DevLake that waits for its migration refuses to be connected to without it.
      if !line.contains("--migrate") {
        let connected = await unnamed.run("connect prod; " + line, ["--yes"])
        #expect(connected.exitCode == .unasked, "\(connected.everything)")
      }
      #expect(place.writes.isEmpty)
      #expect(!place.simulator.requests.contains { $0.path.contains("migration") })
    }
  }

  @Test(arguments: Self.readings)
  func `what only reads is done`(line: String) async throws {
    try await prepared("readOnly: true") { place in
      let shell = await place.run(line)
      #expect(!shell.stderr.contains("read-only"), "\(shell.stderr)")
      let writes = place.writes
      #expect(writes.allSatisfy { line.hasPrefix("test") && $0.hasSuffix("/test") }, "\(writes)")
      if line.hasPrefix("test") { #expect(writes.count == 1) }
    }
  }

  @Test func `only the command test sends a test`() async throws {
    try await prepared("readOnly: true") { place in
      let api = await place.run("api POST /plugins/gitlab/connections/1/test")
      #expect(api.exitCode == .unasked, "\(api.everything)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test(arguments: Self.changes)
  func `a protected instance wants its name, and --yes is none`(line: String) async throws {
    try await prepared("protected: true") { place in
      if line.contains("--migrate") { place.simulator.state = .migrationPending }
      let alone = await place.run(line, ["--yes"])
      #expect(alone.exitCode == .unasked, "\(alone.everything)")
      #expect(alone.stderr.contains("--on prod"), "\(alone.stderr)")
      let other = await place.run(line + " --on test", ["--yes"])
      #expect(other.exitCode == .unasked, "\(other.everything)")
      let wrong = await place.run(line, ["--yes"], answers: ["yes"])
      #expect(wrong.exitCode == .unasked, "\(wrong.everything)")
      #expect(wrong.questions == ["'prod' is protected. Type its name to continue: "])
      #expect(place.writes.isEmpty)
      #expect(!place.simulator.requests.contains { $0.path.contains("migration") })
    }
  }

  @Test func `who names a protected instance changes it`() async throws {
    try await prepared("protected: true") { place in
      let option = await place.run("update gitlab/1 --name one --on prod")
      #expect(option.exitCode == .success, "\(option.everything)")
      let answer = await place.run("update gitlab/1 --name two", answers: ["prod"])
      #expect(answer.exitCode == .success, "\(answer.everything)")
      let stored = try place.stored("gitlab")
      #expect(stored["name"] == "two")
      let test = await place.run("test gitlab/1")
      #expect(test.exitCode == .success, "\(test.everything)")
      let status = await place.run("status")
      #expect(status.stdout.contains("   protected\n"), "\(status.stdout)")
    }
  }

  @Test func `an unreadable list of instances stops changes and not reading`() async throws {
    try await prepared("readOnly: perhaps") { place in
      let change = await place.run("update gitlab/1 --name one")
      #expect(change.exitCode != .success)
      #expect(change.stderr.contains("needs true or false in 'readOnly'"), "\(change.stderr)")
      #expect(place.writes.isEmpty)
      let list = await place.run("list")
      #expect(list.exitCode == .success, "\(list.everything)")
    }
  }
}
