import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Answers that are none of DevLake's usual ones are told as what they are.
struct AnswerStatusTests {
  @Test(arguments: [418, 405, 599, 500])
  func `only a 5xx without a message is a breakdown`(status: Int) async throws {
    let rule = FaultRule(
      method: "GET",
      path: "/blueprints",
      fault: .status(status, body: "")
    )
    try await ShellFixture.with(seed: .demo) { place in
      place.simulator.setFaults([rule])
      let shell = await place.run("api /blueprints")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("HTTP \(status)"), "\(shell.stderr)")
      #expect(shell.stderr.contains("failed on") == (status >= 500), "\(shell.stderr)")
    }
  }

  @Test func `429 tells how long to wait, whatever else it says`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("GET /blueprints=retryafter:7")
      let shell = await place.run("api /blueprints")
      #expect(shell.stderr.contains("too many requests; try again in 7 s (429)"), "\(shell.stderr)")
    }
  }
}
