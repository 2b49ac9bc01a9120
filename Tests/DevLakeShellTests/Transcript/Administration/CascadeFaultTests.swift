import DevLakeKit
import Testing

@testable import DevLakeShell

/// A deletion with everything that depends on the connection, with a fault at every step in turn.
struct CascadeFaultTests {
  private static let command = "delete github/1 --cascade --force --expect 1"

  /// A fault that stops it, and what the log says of that.
  private static let stopping: [(fault: String, outcomes: [String])] = [
    ("close", ["failed failed"]), ("reset", ["failed failed"]), ("status:500:", ["failed failed"]),
    ("status:409", ["refused refused"]), ("hang", ["failed unknown"]), ("html", ["failed failed"]),
    // Whether a connection is left to look it up by is chance.
    ("refuse", ["failed unknown", "failed failed"]),
  ]

  @Test(arguments: CascadeCase.steps.indices, stopping)
  func `it is said how far it came, and the same command continues from there`(
    _ step: Int,
    _ fault: (fault: String, outcomes: [String])
  ) async throws {
    let rule = "\(CascadeCase.steps[step])=\(fault.fault)"
    try await ShellFixture.with(seed: CascadeCase.seed, faults: [rule]) { direct in
      let place = direct.impatient(with: rule)
      let shell = await place.run(Self.command)
      #expect(!shell.exitCode.isSuccess)
      #expect(CascadeCase.done(in: place.simulator) == step, "\(shell.everything)")
      #expect(shell.stdout.contains("❌ stopped at step \(step + 1) of 5: "), "\(shell.stdout)")
      #expect(shell.stdout.contains(step == 0 ? "Done: nothing. " : "Done: remove it from "))
      let steps = Array(repeating: "github/1 updated done", count: step)
      let lines = try place.auditLines()
      #expect(lines.dropLast() == steps[...])
      #expect(fault.outcomes.contains(lines.last?.replacing("github/1 ", with: "") ?? ""))
      // What was not waited for is not told as not done.
      let isOpen = lines.last?.hasSuffix(" unknown") == true
      #expect(shell.stdout.contains(". Unknown: ") == isOpen, "\(shell.stdout)")
      #expect(place.writes == Array(CascadeCase.steps[...step]))
      guard fault.fault != "refuse" else { return }
      try place.setFaults()
      let again = await direct.run(Self.command)
      #expect(again.exitCode == .success, "\(again.everything)")
      #expect(CascadeCase.done(in: place.simulator) == 5)
    }
  }

  @Test(
    arguments: CascadeCase.steps.indices,
    ["lost", "cut:2", "after:reset", "after:status:500:", "after:html"]
  )
  func `a step that was done though its answer was lost is done`(
    _ step: Int,
    _ fault: String
  ) async throws {
    let rule = "\(CascadeCase.steps[step])=\(fault)"
    try await ShellFixture.with(seed: CascadeCase.seed, faults: [rule]) { place in
      let shell = await place.run(Self.command)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("DevLake's answer was lost; "))
      #expect(CascadeCase.done(in: place.simulator) == 5)
      #expect(place.writes == CascadeCase.steps)
      try #expect(place.auditLines().last == "github/1 deleted done")
    }
  }

  private static let reads = [
    "GET /blueprints", "GET /pipelines", "GET /plugins/github/connections/1",
    "GET /plugins/github/connections/1/scopes", "GET /blueprints/1", "GET /blueprints/2",
  ]

  @Test(arguments: reads, ["close", "cut:2", "hang", "status:500:", "refuse"])
  func `nothing is deleted on a guess`(_ read: String, _ fault: String) async throws {
    let rule = "\(read)=\(fault)"
    try await ShellFixture.with(seed: CascadeCase.seed, faults: [rule]) { direct in
      let place = direct.impatient(with: rule)
      let shell = await place.run(Self.command)
      // Only the pipelines need not be known: DevLake itself refuses while one runs.
      guard !shell.exitCode.isSuccess else {
        #expect(read == "GET /pipelines" && fault == "status:500:", "\(shell.everything)")
        return
      }
      #expect(CascadeCase.done(in: place.simulator) == (read == "GET /blueprints/2" ? 1 : 0))
      #expect(!place.writes.contains { $0.hasPrefix("DELETE") })
    }
  }
}
