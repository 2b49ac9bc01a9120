import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That whatever asks DevLake tells of writes that were cut off, and looks them up.
struct OpenAttemptTests {
  private func leave(_ place: ShellFixture, _ line: String) throws {
    try place.folder.write("state/devlake-shell/attempts/1-killed", "")
    try place.folder.write(
      "state/devlake-shell/audit.ndjson",
      #"{"time":"2026-01-01T00:00:00Z","user":"me","instance":"\#(place.simulator.url)","#
        + #""attempt":"1-killed.1","outcome":"started",\#(line)}"# + "\n"
    )
  }

  private static let update =
    #""command":"update","plugin":"gitlab","id":1,"name":"mine","action":"updated","#
    + #""changes":[{"field":"name","before":"GitLab","after":"mine"}]"#

  @Test(arguments: [
    "list", "list --plugin gitlab", "status", "plugins", "export", "show gitlab/1", "test gitlab/1",
    "impact gitlab/1", "doctor", "api /version", "connect", "update gitlab/2 --name other",
    "for c in $(list) { echo $c }", "list | cat",
  ])
  func `what was cut off is told by every command that asks DevLake`(
    _ line: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try leave(place, Self.update)
      place.simulator.change("gitlab", 1, ["name": "mine"])
      let words = line == "connect" ? "connect \(place.simulator.url)" : line
      let shell = await place.run(words)
      #expect(shell.stderr.contains("while it changed gitlab/1"), "\(shell.everything)")
      #expect(shell.stderr.contains("it was looked up and was done"), "\(shell.everything)")
      try #expect(place.auditLines().first == "gitlab/1 updated done")
      // It is told once, and nothing is asked for it any more.
      let before = place.simulator.requests.count
      let again = await place.run("status")
      #expect(!again.stderr.contains("was interrupted while"), "\(again.everything)")
      let asked = place.simulator.requests.dropFirst(before)
      #expect(!asked.contains { $0.path == "/plugins/gitlab/connections/1" })
    }
  }

  @Test(arguments: ["echo hi", "audit", "help", "history", "let x = 1"])
  func `what asks nobody tells nothing`(_ line: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try leave(place, Self.update)
      let shell = await place.run(line)
      #expect(!shell.stderr.contains("was interrupted while"), "\(shell.everything)")
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: [
    (#""request":"PATCH /blueprints/1","plugin":"github","id":1,"action":"updated""#, "failed"),
    (#""request":"PATCH /blueprints/1","plugin":"jenkins","id":1,"action":"updated""#, "done"),
    (#""request":"PATCH /blueprints/99","plugin":"github","id":1,"action":"updated""#, "done"),
    (
      #""request":"DELETE /plugins/github/connections/1/scopes/384111310","plugin":"github","#
        + #""id":1,"action":"updated""#, "failed"
    ),
    (
      #""request":"DELETE /plugins/github/connections/1/scopes/7","plugin":"github","id":1,"#
        + #""action":"updated""#, "done"
    ),
    (
      #""request":"DELETE /plugins/gitlab/connections/1","plugin":"gitlab","id":1,"#
        + #""action":"deleted""#, "failed"
    ),
    (
      #""request":"DELETE /plugins/gitlab/connections/77","plugin":"gitlab","id":77,"#
        + #""action":"deleted""#, "done"
    ),
    (
      #""request":"POST /plugins/gitlab/connections","plugin":"gitlab","id":null,"#
        + #""action":"created""#, "unknown"
    ),
    (#""request":"POST /api-keys","plugin":"","id":null,"action":"created""#, "unknown"),
    (
      #""request":"GET /proceed-db-migration","plugin":"","id":null,"action":"migrated""#, "done"
    ),
  ])
  func `a request is looked up by what it is about`(
    _ line: String,
    _ outcome: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try leave(place, #""command":"c","name":"n","changes":[],"# + line)
      let shell = await place.run("status")
      #expect(shell.stderr.contains("was interrupted while"), "\(shell.everything)")
      try #expect(place.audit().map { $0["outcome"] as? String } == [outcome])
      #expect(!(await place.run("status")).stderr.contains("was interrupted while"))
    }
  }

  @Test func `a migration stands in the audit log`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      place.simulator.state = .migrationPending
      let shell = await place.run("connect \(place.simulator.url) --migrate --yes")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let lines = try place.audit(begun: true)
      #expect(lines.map { $0["outcome"] as? String } == ["started", "done"])
      #expect(lines.map { $0["action"] as? String } == ["migrated", "migrated"])
      #expect(lines.first?["command"] as? String == "connect --migrate")
    }
  }
}
