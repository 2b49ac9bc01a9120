import DevLakeSimulator
import Foundation
import Testing

/// The sample of a package that uses DevLakeKit, `scripts/examples/connection-report`.
struct LibrarySampleTests {
  /// Built beside the tests.
  private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "ConnectionReport").path

  private func run(_ fixture: ProgramFixture) async throws -> BuiltProgram.Outcome {
    try await BuiltProgram.start(
      [fixture.simulator.url],
      program: Self.program,
      environment: fixture.environment,
      folder: fixture.folder
    ).end()
  }

  @Test func `it prints every connection and its verdict`() async throws {
    try await ProgramFixture.with { fixture in
      let report = try await run(fixture)
      let lines = report.stdout.split(separator: "\n")
      // One of the sample connections fails its test.
      #expect(report.status == 1, "\(report.stderr)")
      #expect(lines.count == 15)
      #expect(lines.last == "1 failed")
      #expect(lines.contains { $0.hasPrefix("github/1\tGitHub - my-org\tpassed\t") })
    }
  }

  @Test func `it fails when a test does`() async throws {
    let fault = #"/plugins/github/connections/1/test=status:400:{"message":"bad (401)"}"#
    try await ProgramFixture.with(faults: [fault]) { fixture in
      let report = try await run(fixture)
      #expect(report.status == 1)
      #expect(report.stdout.contains("github/1\tGitHub - my-org\tfailed\t"))
      #expect(report.stdout.contains("2 failed"))
    }
  }
}
