import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What changes while the shell reads, and answers that are labelled wrongly.
struct MeanwhileTests {
  /// A place in which `change` happens just before the request of that kind.
  private func with(
    before method: String,
    _ suffix: String,
    _ change: @escaping @Sendable (Simulator) -> Void,
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      let simulator = place.simulator
      place.transport = {
        InterleavingTransport(AsyncHTTPTransport(options: $0), before: method, suffix) {
          change(simulator)
        }
      }
      try await body(place)
    }
  }

  @Test(arguments: [
    "show 'GitLab - mirror'", "test gitlab/2", "update gitlab/2 --name x", "impact gitlab/2",
    "rotate gitlab/2 --token text:fresh", "delete gitlab/2 --force",
  ])
  func `a connection that is gone when it is read is told as gone`(_ line: String) async throws {
    let faults = ["/plugins/gitlab/connections/2=status:404"]
    try await ShellFixture.with(
      seed: .demo,
      faults: faults + [
        "/plugins/gitlab/connections/2/test=status:400:{\"message\":\"find connection from db (400)\\nWraps: (2) *models.GitlabConnection not found (404)\"}"
      ]
    ) { place in
      let shell = await place.run(line)
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.everything.contains("gitlab/2"))
      #expect(place.writes.filter { !$0.hasSuffix("/test") }.isEmpty)
    }
  }

  @Test func `a change by somebody else between reading and writing is kept`() async throws {
    try await with(before: "PATCH", "/plugins/gitlab/connections/1") {
      $0.change("gitlab", 1, ["proxy": "http://theirs:3128"])
    } _: { place in
      let shell = await place.run("update gitlab/1 --name ours")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("gitlab")
      #expect(stored["name"] == "ours")
      #expect(stored["proxy"] == "http://theirs:3128")
    }
  }

  @Test(arguments: ["text/plain", "text/html; charset=utf-8", "application/octet-stream", ""])
  func `what DevLake says counts, not how it is labelled`(_ contentType: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.transport = {
        Relabelled(behind: AsyncHTTPTransport(options: $0), contentType: contentType)
      }
      let shell = await place.run(
        "list --plugin gitlab; show gitlab/1; update gitlab/1 --name new; delete gitlab/2 --force"
      )
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.simulator.connections("gitlab").map { $0["name"] } == ["new"])
    }
  }
}
