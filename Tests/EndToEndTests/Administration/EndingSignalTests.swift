import DevLakeKit
import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// That signals which end the program wait for the account of a write, and that one which cannot be
/// caught leaves a trace.
struct EndingSignalTests {
  private func records(_ fixture: ProgramFixture) -> [JSONValue] {
    let text = fixture.text(".local/state/devlake-shell/audit.ndjson") ?? ""
    return text.split(separator: "\n").compactMap { try? JSONValue(parsing: $0.utf8) }
  }

  private func started(
    _ fixture: ProgramFixture,
    _ number: CInt
  ) async throws -> BuiltProgram.Outcome {
    let running = try BuiltProgram.start(
      ["update", "gitlab/1", "--name", "mine"],
      environment: fixture.environment,
      folder: fixture.folder
    )
    let deadline = ContinuousClock.now + .seconds(20)
    while fixture.simulator.connections("gitlab").first?["name"] != "mine",
      ContinuousClock.now < deadline
    {
      try await Task.sleep(for: .milliseconds(5))
    }
    running.send(number)
    return await running.end()
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func `a write that is being answered is told and in the log`(_ number: CInt) async throws {
    try await ProgramFixture.with(faults: ["PATCH /plugins/gitlab/connections/1=slow:700"]) {
      fixture in
      let end = try await started(fixture, number)
      #expect(end.stdout.contains("Updated gitlab/1"), "\(end.stdout)\(end.stderr)")
      #expect(end.status == 128 + number)
      // Whoever waits for it sees that it was ended, not that it ended.
      #expect(end.isBySignal)
      #expect(records(fixture).map { $0["outcome"]?.string } == ["started", "done"])
    }
  }

  @Test func `what was killed is looked up by the next command`() async throws {
    try await ProgramFixture.with(faults: ["PATCH /plugins/gitlab/connections/1=slow:3000"]) {
      fixture in
      _ = try await started(fixture, SIGKILL)
      #expect(records(fixture).map { $0["outcome"]?.string } == ["started"])
      let next = try await BuiltProgram.start(
        ["show", "gitlab/1"],
        environment: fixture.environment,
        folder: fixture.folder
      ).end()
      #expect(next.stderr.contains("was interrupted while"), "\(next.stderr)")
      #expect(next.stderr.contains("was done"), "\(next.stderr)")
      #expect(records(fixture).map { $0["outcome"]?.string } == ["started", "done"])
    }
  }
}
