import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a connection is deleted with what depends on it, step by step and never by accident.
struct CascadeTests {
  private static let force = "delete github/1 --cascade --force --expect 1"

  @Test func `the steps are shown, done in order and logged`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      let shell = await place.run(Self.force)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout == "✅ Deleted github/1 \"GitHub - acme\" and what depended on it\n")
      for line in [
        "   1. remove it from blueprint 'platform-Blueprint' of project 'platform'\n",
        "   2. remove it from blueprint 'web-Blueprint' of project 'web'\n",
        "   3. delete scope 'acme/api' and the data collected for it\n",
        "   5. delete github/1 \"GitHub - acme\"\n",
        "⚠️ blueprint 'nightly' still refers to github/1 afterwards",
      ] { #expect(shell.stderr.contains(line), "\(shell.stderr)") }
      #expect(place.writes == CascadeCase.steps)
      #expect(CascadeCase.done(in: place.simulator) == 5)
      // What else stood in the blueprint stays.
      let left = place.simulator.blueprints[0]["connections"]
      #expect(left?.array?.compactMap { $0["pluginName"]?.string } == ["jenkins"])
      try #expect(
        place.auditLines() == Array(repeating: "github/1 updated done", count: 4)
          + ["github/1 deleted done"]
      )
      let first = try #require(place.audit().first?["changes"] as? [[String: Any]])
      #expect(first.first?["before"] as? String == "github/1, jenkins/1")
      #expect(first.first?["after"] as? String == "jenkins/1")
    }
  }

  @Test func `ids with slashes and blanks are deleted`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      let shell = await place.run("delete jenkins/1 --cascade --force --expect 1")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.simulator.scopes("jenkins", 1).isEmpty)
      #expect(place.simulator.connections("jenkins").isEmpty)
    }
  }

  @Test func `a scope config that goes with it is told`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      let shell = await place.run("delete argocd/1 --cascade --dry-run")
      #expect(shell.stderr.contains("with its scope config 'default'"), "\(shell.everything)")
    }
  }

  @Test(arguments: [
    ("delete github/1 --cascade", ["--force", "--expect 1"]),
    ("delete github/1 --cascade --force", ["--expect 1"]),
    ("delete github/1 --cascade --expect 1", ["--force"]),
    ("delete github/1 --cascade --yes", ["--force", "--expect 1"]),
    ("delete github/1 jenkins/1 --cascade", ["--force", "--expect 2"]),
    ("delete github/1 jenkins/1 --force", ["--expect 2"]),
    ("delete github/1 --cascade --force --expect 2", ["1 connections are selected, not 2"]),
  ])
  func `without a terminal every fence is needed`(
    _ command: String,
    _ texts: [String]
  ) async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      let shell = await place.run(command)
      #expect(shell.exitCode == .unasked, "\(shell.everything)")
      for text in texts { #expect(shell.stderr.contains(text), "\(shell.stderr)") }
      #expect(place.writes.isEmpty)
      try #expect(place.audit().isEmpty)
    }
  }

  @Test(arguments: [("GitHub - acme", true), ("yes", false), ("", false)])
  func `a person types the name`(_ answer: String, _ isDeleted: Bool) async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      let shell = await place.run("delete github/1 --cascade", answers: [.text(answer)])
      let question =
        "Delete github/1 and what depends on it? Type its name (GitHub - acme), Enter keeps it: "
      #expect(shell.questions.first == question)
      #expect(shell.questions.count == (answer == "yes" ? 2 : 1))
      #expect(CascadeCase.done(in: place.simulator) == (isDeleted ? 5 : 0))
    }
  }

  @Test func `a dry run shows every request and sends none`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      let shell = await place.run("delete github/1 --cascade --dry-run")
      #expect(shell.exitCode == .success)
      let lines = shell.stdout.split(separator: "\n").map(String.init)
      #expect(
        lines.map { $0.split(separator: " ")[2...3].joined(separator: " ") } == CascadeCase.steps
      )
      #expect(lines.first?.contains("\"pluginName\":\"jenkins\"") == true)
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `what is not known is not deleted`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed, faults: ["GET /blueprints=status:400"]) {
      place in
      let shell = await place.run(Self.force)
      #expect(shell.exitCode == .failure)
      #expect(
        shell.stderr.contains("it is unknown what depends on github/1, so nothing is deleted")
      )
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a running pipeline stops it before it begins`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      place.simulator.beginPipeline("hourly")
      let shell = await place.run(Self.force)
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("pipeline 'hourly' is running in this DevLake"))
      #expect(shell.stderr.contains("--wait"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a pipeline is waited for, one that begins meanwhile too`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { direct in
      let simulator = direct.simulator
      simulator.beginPipeline("hourly")
      let running = "/pipelines?status=TASK_RUNNING&page=1&pageSize=100"
      let place = direct.with(before: "GET", running, number: 4) { simulator.endPipelines() }
        .with(before: "DELETE", "/scopes/12") { simulator.beginPipeline("late") }
        .with(before: "GET", running, number: 8) { simulator.endPipelines() }
      let shell = await place.run(Self.force + " --wait")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("Waiting for pipeline 'hourly' to end, at most 3600 s"))
      #expect(CascadeCase.done(in: simulator) == 5)
    }
  }

  @Test func `waiting ends when its time is over`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      place.simulator.beginPipeline("hourly")
      let shell = await place.run(Self.force + " --wait --timeout 3")
      #expect(shell.exitCode == .timeout, "\(shell.everything)")
      #expect(shell.stderr.contains("pipeline 'hourly' is still running after 3 s"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `one that DevLake cannot delete is left whole`() async throws {
    let testmo: JSONObject = ["plugin": "testmo", "name": "t", "token": "old"]
    try await ShellFixture.with(connection: testmo) { place in
      let shell = await place.run("delete testmo/1 --cascade --force --expect 1")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("testmo/1 cannot be deleted"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `several are deleted one after the other`() async throws {
    try await ShellFixture.with(seed: CascadeCase.seed) { place in
      let shell = await place.run("delete github/1 jenkins/1 --cascade --force --expect 2")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.simulator.connections("jenkins").isEmpty)
      #expect(CascadeCase.done(in: place.simulator) == 5)
      #expect(place.simulator.blueprints[0]["connections"] == [])
    }
  }
}
