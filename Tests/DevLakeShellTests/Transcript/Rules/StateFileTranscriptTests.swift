import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What the folder remembers of the DevLake, and what is never touched.
struct StateFileTranscriptTests {
  private static let name = ".devlake-local.json"
  private static let create = "create --plugin gitlab --org my-group --token text:glpat-1"

  @Test func `a new file names the instance and is private`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(Self.create)
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      let state = try place.state()
      #expect((state["endpoints"] as? [String: String]) == ["backend": place.simulator.url])
      #expect(state["connectionsConfiguredAt"] is String)
      try #expect(place.remembered().count == 1)
      try #expect(place.folder.mode(Self.name) == 0o600)
      try #expect(!place.folder.everything().contains("glpat-1"))
    }
  }

  @Test func `keys of others stay`() async throws {
    try await ShellFixture.with { place in
      try place.folder.write(
        Self.name,
        """
        {"method": "local", "endpoints": {"backend": "\(place.simulator.url)/", "ui": "u"},
         "connections": [{"plugin": "jira", "connectionId": 4, "name": "J", "extra": 1}]}
        """,
        mode: 0o640
      )
      await #expect(place.run(Self.create).exitCode == .success)
      let state = try place.state()
      #expect(state["method"] as? String == "local")
      #expect((state["endpoints"] as? [String: String])?["ui"] == "u")
      try #expect(place.remembered().map { $0["name"] as? String } == ["J", "GitLab - my-group"])
      try #expect(place.remembered().first?["extra"] as? Int == 1)
      try #expect(place.folder.mode(Self.name) == 0o640)
    }
  }

  @Test(arguments: [
    "not json", "[]", "{\"connections\": 3}", "{\"endpoints\": {\"backend\": 1}}", "",
  ])
  func `a broken file is told, kept and never overwritten`(_ text: String) async throws {
    try await ShellFixture.with { place in
      try place.folder.write(Self.name, text)
      let shell = await place.run(Self.create)
      #expect(shell.exitCode == .success)
      try #expect(place.stored("gitlab")["name"] == "GitLab - my-group")
      #expect(shell.stderr.contains("cannot be used and is ignored"))
      #expect(place.folder.text(Self.name) == text)
    }
  }

  @Test func `a file of another instance is left alone`() async throws {
    try await ShellFixture.with { place in
      let text = #"{"endpoints": {"backend": "http://127.0.0.1:1"}}"#
      try place.folder.write(Self.name, text)
      let shell = await place.run(Self.create)
      #expect(shell.exitCode == .success)
      #expect(shell.stderr.contains("belongs to the DevLake at http://127.0.0.1:1"))
      #expect(place.folder.text(Self.name) == text)
    }
  }

  @Test(arguments: ["not json", #"{"endpoints": {"backend": "http://127.0.0.1:1"}}"#])
  func `an organization that can be kept nowhere is no success`(_ text: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write(Self.name, text)
      let shell = await place.run("update github/1 --org other-org")
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.isEmpty)
      #expect(shell.stderr.contains("error: github/1 was not changed: "), "\(shell.stderr)")
      #expect(shell.stderr.ranges(of: Self.name).count == 1)
      // What DevLake keeps is changed, and only that is told.
      let both = await place.run("update github/1 --org other-org --rate-limit 7 --json")
      #expect(both.exitCode == .success, "\(both.stderr)")
      let changes = try #require(try both.record()["changes"] as? [[String: Any]])
      #expect(changes.map { $0["field"] as? String } == ["rateLimitPerHour"])
      #expect(place.folder.text(Self.name) == text)
    }
  }

  @Test func `an organization DevLake does not keep goes to the file alone`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let before = try place.stored("github")
      let shell = await place.run("update --plugin github --id 1 --org other-org")
      #expect(shell.exitCode == .success)
      #expect(place.writes.isEmpty)
      try #expect(place.stored("github") == before)
      try #expect(place.remembered().first?["organization"] as? String == "other-org")
      let list = await place.run("list github/1")
      #expect(list.stdout.contains("other-org"))
    }
  }
}
