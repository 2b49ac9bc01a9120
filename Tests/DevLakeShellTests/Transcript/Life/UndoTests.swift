import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What the log knows of before and after is taken back by an ordinary change; never a secret.
struct UndoTests {
  @Test func `fields get the values they had, after a question`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("update jenkins/1 --name Renamed")
      let unasked = await place.run("undo")
      #expect(unasked.exitCode == .unasked)
      #expect(unasked.stderr.contains("--yes"))
      try #expect(place.stored("jenkins")["name"] == "Renamed")
      let undone = await place.run("undo", answers: ["yes"])
      #expect(undone.exitCode == .success, "\(undone.everything)")
      try #expect(place.stored("jenkins")["name"] == "Jenkins - ci")
      try #expect(place.audit().last?["command"] as? String == "undo")
    }
  }

  @Test func `a row that moved since is left alone`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("update gitlab/1 --proxy http://proxy:1")
      _ = await place.run("update gitlab/1 --proxy http://proxy:2")
      let shell = await place.run("undo 2 --yes")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("'proxy' is 'http://proxy:2' now"), "\(shell.stderr)")
      try #expect(place.stored("gitlab")["proxy"] == "http://proxy:2")
    }
  }

  @Test func `a secret never comes back, and a creation is taken back by a deletion`() async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      _ = await place.run("rotate gitlab/1 --token env:NEW")
      let rotated = await place.run("undo --yes")
      #expect(rotated.exitCode == .failure)
      #expect(rotated.stderr.contains("the log holds no secret"))
      _ = await place.run("create --plugin gitlab --org made --token env:NEW")
      let dry = await place.run("undo --dry-run")
      #expect(dry.stdout.contains("would send: DELETE /plugins/gitlab/connections/"))
      let undone = await place.run("undo --force")
      #expect(undone.exitCode == .success, "\(undone.stderr)")
      #expect(place.simulator.connections("gitlab").count == 2)
    }
  }

  @Test func `what was done elsewhere, or never, is not undone`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let none = await place.run("undo --yes")
      #expect(none.exitCode == .failure || none.exitCode == .usage)
      #expect(none.stderr.contains("has no change"))
      _ = await place.run("update jenkins/1 --name Renamed")
      let log = try #require(place.folder.text("state/devlake-shell/audit.ndjson"))
      try place.folder.write(
        "state/devlake-shell/audit.ndjson",
        log.replacing(place.simulator.url, with: "http://elsewhere:8080")
      )
      let shell = await place.run("undo --yes")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("was made in http://elsewhere:8080"))
    }
  }

  @Test(arguments: [
    ("undo 0", ExitCode.usage, "N"), ("undo x", .usage, "N"),
    ("undo 9 --yes", .failure, "the log of this machine has 1 change"),
  ])
  func `a number of no change is refused`(
    _ command: String,
    _ code: ExitCode,
    _ message: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("update jenkins/1 --name Renamed")
      let writes = place.writes
      let shell = await place.run(command)
      #expect(shell.exitCode == code, "\(shell.everything)")
      #expect(shell.stderr.contains(message), "\(shell.stderr)")
      #expect(place.writes == writes)
    }
  }

  @Test func `a deletion, and what is gone or changed since, cannot be taken back`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      _ = await place.run("delete jenkins/1 --force")
      let deleted = await place.run("undo --yes")
      #expect(deleted.exitCode == .failure)
      #expect(deleted.stderr.contains("the log holds neither its fields nor its secret"))
      _ = await place.run("update gitlab/2 --proxy http://proxy:1")
      _ = await place.run("delete gitlab/2 --force")
      let gone = await place.run("undo 2 --yes")
      #expect(gone.exitCode == .failure)
      #expect(gone.stderr.contains("gitlab/2"), "\(gone.stderr)")
      _ = await place.run("update gitlab/1 --proxy http://proxy:1")
      _ = await place.run("update gitlab/1 --name Other")
      let renamed = await place.run("undo 2 --yes")
      #expect(renamed.exitCode == .failure)
      #expect(renamed.stderr.contains("it is named \"Other\" now"), "\(renamed.stderr)")
      try #expect(place.stored("gitlab")["proxy"] == "http://proxy:1")
    }
  }

  @Test func `an answer other than yes changes nothing`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("update jenkins/1 --name Renamed")
      let shell = await place.run("undo", answers: ["no"])
      #expect(shell.stdout.contains("Cancelled, nothing was changed."))
      try #expect(place.stored("jenkins")["name"] == "Renamed")
    }
  }

  @Test(arguments: [
    ("PATCH /plugins/jenkins/connections/1=status:500", ExitCode.failure),
    ("GET /plugins/jenkins/connections/1=status:500", .failure), ("*=reset", .unreachable),
    ("*=html", .unreachable),
  ])
  func `where DevLake fails nothing is taken back, and that is said`(
    _ fault: String,
    _ code: ExitCode
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("update jenkins/1 --name Renamed")
      try place.setFaults(fault)
      let shell = await place.run("undo --yes")
      #expect(shell.exitCode == code, "\(shell.everything)")
      #expect(shell.stderr.contains("error:"))
      try #expect(place.stored("jenkins")["name"] == "Renamed")
    }
  }
}
