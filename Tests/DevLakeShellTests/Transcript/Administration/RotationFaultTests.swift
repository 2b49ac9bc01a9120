import DevLakeKit
import Testing

@testable import DevLakeShell

/// A rotation of many with a fault at every step in turn: what DevLake holds, what the log says and
/// what the person is told.
struct RotationFaultTests {
  private static let many = ManyConnections(["gitlab": 2, "jenkins": 1])

  @Test(arguments: RotationFault.all)
  func `a fault is told for what it is`(_ fault: RotationFault) async throws {
    try await ShellFixture.with(seed: Self.many.seed, faults: [fault.rule]) { direct in
      let place = direct.with(Self.many.variables()).impatient(with: fault.rule)
      try place.folder.write("secrets.csv", Self.many.file)
      let shell = await place.run("rotate --from secrets.csv --parallel 1")
      let wanted = zip(Self.many.all, fault.saved).map { $1 ? $0.new : $0.old }
      try #expect(Self.many.stored(in: place) == wanted, "\(shell.everything)")
      try #expect(place.auditLines() == fault.audit, "\(shell.everything)")
      #expect(shell.everything.contains(fault.told), "\(shell.everything)")
      let isAllDone =
        fault.saved == [true, true, true] && !fault.audit.contains { $0.hasSuffix("failed") }
      #expect(shell.exitCode.isSuccess == isAllDone)
      if fault.saved.contains(true), !isAllDone { #expect(shell.exitCode == .partial) }
      // Nothing is ever sent twice but what only reads.
      #expect(place.writes.count { $0 == "PATCH /plugins/gitlab/connections/2" } < 2)
    }
  }

  @Test(arguments: [
    "POST /plugins/gitlab/connections/2/test#1", "GET /plugins/gitlab/connections/2",
    "PATCH /plugins/gitlab/connections/2", "POST /plugins/gitlab/connections/2/test#2",
  ])
  func `of a server that goes away amid it the log tells what DevLake holds`(
    _ request: String
  ) async throws {
    try await ShellFixture.with(seed: Self.many.seed, faults: [request + "=refuse"]) { direct in
      let place = direct.with(Self.many.variables())
      try place.folder.write("secrets.csv", Self.many.file)
      _ = await place.run("rotate --from secrets.csv --parallel 1")
      let lines = try place.auditLines()
      for (one, stored) in zip(Self.many.all, try Self.many.stored(in: place)) {
        let isTold = lines.contains("\(one.plugin)/\(one.id) rotated done")
        #expect(isTold == (stored == one.new), "\(lines)")
      }
    }
  }
}
