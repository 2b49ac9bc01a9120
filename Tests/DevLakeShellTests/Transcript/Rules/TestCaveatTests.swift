import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// A test that passes says what it did not see.
struct TestCaveatTests {
  @Test(arguments: ["jenkins", "circleci", "bitbucket", "pagerduty", "argocd"])
  func `a test that a login page passes says so`(_ plugin: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("test \(plugin)/1")
      #expect(shell.exitCode == .success)
      #expect(shell.stdout.contains("✅ \(plugin)/1"))
      #expect(!shell.stderr.contains("login page"))
      var watched = place
      watched.messages.isTerminal = true
      #expect(await watched.run("test \(plugin)/1").stderr.contains("login page"))
      let record = try await place.run("test \(plugin)/1 --json").record()
      #expect(record["verdict"] as? String == "unverified")
      #expect((record["hint"] as? String)?.contains("login page") == true)
    }
  }

  @Test func `it is said once for all connections of a plugin`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults()
      var place = place
      place.messages.isTerminal = true
      let many = await place.run(
        "create --plugin jenkins --name x --username u --token t"
          + " --endpoint https://ci.example.com/; test jenkins/1,3"
      )
      #expect(many.exitCode == .success, "\(many.everything)")
      let lines = many.stderr.split(separator: "\n").filter { $0.contains("login page") }
      #expect(
        lines.last == "   💡 jenkins: not verified: a login page in front of Jenkins passes too"
      )
      #expect(lines.count == 2)
    }
  }

  @Test(arguments: ["github/1", "gitlab/1", "jira/1", "sonarqube/1"])
  func `a test that reads the answer says nothing more`(_ connection: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("test \(connection)")
      #expect(shell.exitCode == .success)
      #expect(!shell.stderr.contains("💡"))
    }
  }
}
