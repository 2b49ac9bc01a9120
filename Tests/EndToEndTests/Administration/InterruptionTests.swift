import DevLakeKit
import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// Ctrl-C amid a change of many: what was done is told as done, and what was not as not.
struct InterruptionTests {
  private static let three: Seed = .json([
    "connections": .array(
      (1...3).map {
        [
          "plugin": "gitlab", "name": .string("lab \($0)"), "token": "old-secret",
          "endpoint": "https://gitlab.example.com/api/v4/",
        ]
      }
    )
  ])

  /// Runs the program, interrupts it when a request has its answer, or will have none, and returns
  /// its end.
  private func interrupted(
    _ fixture: ProgramFixture,
    at request: String,
    _ arguments: [String]
  ) async throws -> BuiltProgram.Outcome {
    try await interrupted(fixture, arguments) { fixture in
      fixture.simulator.requests.contains { "\($0.method) \($0.path)" == request }
    }
  }

  /// Runs the program, interrupts it when something has happened, and returns its end.
  private func interrupted(
    _ fixture: ProgramFixture,
    _ arguments: [String],
    when hasHappened: (ProgramFixture) -> Bool
  ) async throws -> BuiltProgram.Outcome {
    let running = try BuiltProgram.start(
      arguments,
      environment: fixture.environment,
      folder: fixture.folder
    )
    let deadline = ContinuousClock.now + .seconds(20)
    while !hasHappened(fixture) {
      guard ContinuousClock.now < deadline else {
        running.send(SIGKILL)
        let end = await running.end()
        Issue.record("what was awaited never came: \(end.stdout)\(end.stderr)")
        return end
      }
      // No thread of the others' is taken while nothing happens.
      try await Task.sleep(for: .milliseconds(5))
    }
    running.send(SIGINT)
    return await running.end()
  }

  private func tokens(_ fixture: ProgramFixture) -> [String?] {
    fixture.simulator.connections("gitlab").map { $0["token"]?.string }
  }

  private func audit(_ fixture: ProgramFixture) -> [String] {
    let text = fixture.text(".local/state/devlake-shell/audit.ndjson") ?? ""
    return text.split(separator: "\n").compactMap { line in
      let record = try? JSONValue(parsing: line.utf8)
      guard record?["outcome"]?.string != "started" else { return nil }
      return "\(record?["id"]?.int ?? 0) \(record?["outcome"]?.string ?? "?")"
    }
  }

  @Test func `during the tests nothing is saved`() async throws {
    let fault = "POST /plugins/gitlab/connections/2/test=hang"
    try await ProgramFixture.with(seed: Self.three, faults: [fault]) { fixture in
      let end = try await interrupted(
        fixture,
        at: "POST /plugins/gitlab/connections/2/test",
        ["rotate", "gitlab/*", "--token", "env:NEW"]
      )
      #expect(end.status == 130)
      #expect(end.stderr.contains("interrupted: nothing was saved"), "\(end.stderr)")
      #expect(end.stdout.hasSuffix("❌ 3 skipped\n"), "\(end.stdout)")
      #expect(tokens(fixture) == ["old-secret", "old-secret", "old-secret"])
    }
  }

  @Test func `a save that is being answered is waited for, and the rest is left alone`()
    async throws
  {
    let fault = "PATCH /plugins/gitlab/connections/2=slow:1500"
    try await ProgramFixture.with(seed: Self.three, faults: [fault]) { fixture in
      // It is carried out when it comes, and answered later.
      let command = ["rotate", "gitlab/*", "--token", "env:NEW", "--parallel", "1"]
      let end = try await interrupted(fixture, command) {
        tokens($0)[1] == $0.environment["NEW"]
      }
      #expect(end.status == 130)
      #expect(end.stdout.hasSuffix("❌ 2 rotated, 1 skipped\n"), "\(end.stdout)\(end.stderr)")
      let new = fixture.environment["NEW"]
      #expect(tokens(fixture) == [new, new, "old-secret"])
      #expect(audit(fixture) == ["1 done", "2 done", "3 none"])
    }
  }

  @Test func `a save that never answers is told as unknown`() async throws {
    let fault = "PATCH /plugins/gitlab/connections/2=hang"
    try await ProgramFixture.with(seed: Self.three, faults: [fault]) { fixture in
      let end = try await interrupted(
        fixture,
        at: "PATCH /plugins/gitlab/connections/2",
        ["rotate", "gitlab/*", "--token", "env:NEW", "--parallel", "1"]
      )
      #expect(end.status == 130)
      #expect(end.stdout.contains("it is not changed yet, but may still be"), "\(end.stdout)")
      #expect(audit(fixture) == ["1 done", "2 interrupted", "3 none"])
    }
  }

  @Test func `a deletion with what depends on it says how far it came`() async throws {
    let fault = "DELETE /plugins/github/connections/1/scopes/384111310=hang"
    try await ProgramFixture.with(faults: [fault]) { fixture in
      let end = try await interrupted(
        fixture,
        at: "DELETE /plugins/github/connections/1/scopes/384111310",
        ["delete", "github/1", "--cascade", "--force", "--expect", "1"]
      )
      #expect(end.status == 130)
      #expect(end.stdout.contains("stopped at step 2 of 3"), "\(end.stdout)\(end.stderr)")
      #expect(
        end.stdout.contains("Done: remove it from blueprint 'platform-Blueprint'"),
        "\(end.stdout)"
      )
      #expect(audit(fixture) == ["1 done", "1 interrupted"])
      #expect(fixture.simulator.connections("github").count == 2)
    }
  }

  @Test func `waiting for a pipeline ends at once`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.simulator.beginPipeline("hourly")
      let end = try await interrupted(
        fixture,
        at: "GET /pipelines",
        ["delete", "gitlab/1", "--force", "--wait"]
      )
      #expect(end.status == 130)
      #expect(fixture.simulator.connections("gitlab").count == 2)
    }
  }
}
