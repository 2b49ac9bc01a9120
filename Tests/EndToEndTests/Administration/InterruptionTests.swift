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
    _ bench: Bench,
    at request: String,
    _ arguments: [String]
  ) async throws -> BuiltProgram.Outcome {
    try await interrupted(bench, arguments) { bench in
      bench.simulator.requests.contains { "\($0.method) \($0.path)" == request }
    }
  }

  /// Runs the program, interrupts it when something has happened, and returns its end.
  private func interrupted(
    _ bench: Bench,
    _ arguments: [String],
    when hasHappened: (Bench) -> Bool
  ) async throws -> BuiltProgram.Outcome {
    let running = try BuiltProgram.start(
      arguments,
      environment: bench.environment,
      folder: bench.folder
    )
    let deadline = ContinuousClock.now + .seconds(20)
    while !hasHappened(bench) {
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

  private func tokens(_ bench: Bench) -> [String?] {
    bench.simulator.connections("gitlab").map { $0["token"]?.string }
  }

  private func audit(_ bench: Bench) -> [String] {
    let text = bench.text(".local/state/devlake-shell/audit.ndjson") ?? ""
    return text.split(separator: "\n").compactMap { line in
      let record = try? JSONValue(parsing: line.utf8)
      guard record?["outcome"]?.string != "started" else { return nil }
      return "\(record?["id"]?.int ?? 0) \(record?["outcome"]?.string ?? "?")"
    }
  }

  @Test func `during the tests nothing is saved`() async throws {
    let fault = "POST /plugins/gitlab/connections/2/test=hang"
    try await Bench.with(seed: Self.three, faults: [fault]) { bench in
      let end = try await interrupted(
        bench,
        at: "POST /plugins/gitlab/connections/2/test",
        ["rotate", "gitlab/*", "--token", "env:NEW"]
      )
      #expect(end.status == 130)
      #expect(end.stderr.contains("interrupted: nothing was saved"), "\(end.stderr)")
      #expect(end.stdout.hasSuffix("❌ 3 skipped\n"), "\(end.stdout)")
      #expect(tokens(bench) == ["old-secret", "old-secret", "old-secret"])
    }
  }

  @Test func `a save that is being answered is waited for, and the rest is left alone`()
    async throws
  {
    let fault = "PATCH /plugins/gitlab/connections/2=slow:1500"
    try await Bench.with(seed: Self.three, faults: [fault]) { bench in
      // It is carried out when it comes, and answered later.
      let command = ["rotate", "gitlab/*", "--token", "env:NEW", "--parallel", "1"]
      let end = try await interrupted(bench, command) {
        tokens($0)[1] == $0.environment["NEW"]
      }
      #expect(end.status == 130)
      #expect(end.stdout.hasSuffix("❌ 2 rotated, 1 skipped\n"), "\(end.stdout)\(end.stderr)")
      let new = bench.environment["NEW"]
      #expect(tokens(bench) == [new, new, "old-secret"])
      #expect(audit(bench) == ["1 done", "2 done", "3 none"])
    }
  }

  @Test func `a save that never answers is told as unknown`() async throws {
    let fault = "PATCH /plugins/gitlab/connections/2=hang"
    try await Bench.with(seed: Self.three, faults: [fault]) { bench in
      let end = try await interrupted(
        bench,
        at: "PATCH /plugins/gitlab/connections/2",
        ["rotate", "gitlab/*", "--token", "env:NEW", "--parallel", "1"]
      )
      #expect(end.status == 130)
      #expect(end.stdout.contains("it is not changed yet, but may still be"), "\(end.stdout)")
      #expect(audit(bench) == ["1 done", "2 interrupted", "3 none"])
    }
  }

  @Test func `a deletion with what depends on it says how far it came`() async throws {
    let fault = "DELETE /plugins/github/connections/1/scopes/384111310=hang"
    try await Bench.with(faults: [fault]) { bench in
      let end = try await interrupted(
        bench,
        at: "DELETE /plugins/github/connections/1/scopes/384111310",
        ["delete", "github/1", "--cascade", "--force", "--expect", "1"]
      )
      #expect(end.status == 130)
      #expect(end.stdout.contains("stopped at step 2 of 3"), "\(end.stdout)\(end.stderr)")
      #expect(
        end.stdout.contains("Done: remove it from blueprint 'platform-Blueprint'"),
        "\(end.stdout)"
      )
      #expect(audit(bench) == ["1 done", "1 interrupted"])
      #expect(bench.simulator.connections("github").count == 2)
    }
  }

  @Test func `waiting for a pipeline ends at once`() async throws {
    try await Bench.with { bench in
      bench.simulator.beginPipeline("hourly")
      let end = try await interrupted(
        bench,
        at: "GET /pipelines",
        ["delete", "gitlab/1", "--force", "--wait"]
      )
      #expect(end.status == 130)
      #expect(bench.simulator.connections("gitlab").count == 2)
    }
  }
}
