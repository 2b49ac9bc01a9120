import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// State and env files, as the built program treats them.
struct StateFileEndTests {
  private static let token = "ghp_0123456789012345678901234567890123456789"
  private static let local = ".devlake-local.json"

  private func with(
    seed: Seed = .empty,
    _ body: (ProgramFixture) async throws -> Void
  ) async throws {
    try await ProgramFixture.with(seed: seed) { fixture in
      fixture.environment["GITHUB_TOKEN"] = Self.token
      try await body(fixture)
    }
  }

  private func state(_ fixture: ProgramFixture) throws -> JSONValue {
    try JSONValue(parsing: Array(try #require(fixture.text(Self.local)).utf8))
  }

  private func create(_ name: String) -> [String] {
    ["create", "--plugin", "github", "--org", "org of \(name)", "--name", name]
  }

  @Test func `shells side by side lose no entry`() async throws {
    try await with { fixture in
      let shells = try (1...8).map { number in
        try BuiltProgram.start(
          create("c\(number)"),
          environment: fixture.environment,
          folder: fixture.folder
        )
      }
      for shell in shells {
        let outcome = await shell.end()
        #expect(outcome.status == 0, "\(outcome.stderr)")
      }
      let names = try #require(state(fixture)["connections"]?.array).compactMap {
        $0["name"]?.string
      }
      #expect(names.sorted() == (1...8).map { "c\($0)" })
      let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
      #expect(!left.contains { $0.hasSuffix(".tmp") || $0.hasSuffix(".lock") })
    }
  }

  @Test func `shells side by side take only their own key out of the env file`() async throws {
    try await with { fixture in
      fixture.environment["GITHUB_TOKEN"] = nil
      fixture.environment["GITLAB_TOKEN"] = nil
      try fixture.write(
        ".devlake.env",
        "GITHUB_TOKEN=\(Self.token)\nGITLAB_TOKEN=glpat-01234567890123456789\nOTHER=kept\n"
      )
      let shells = try [create("a"), ["create", "--plugin", "gitlab", "--org", "g"]].map {
        try BuiltProgram.start($0, environment: fixture.environment, folder: fixture.folder)
      }
      for shell in shells {
        let outcome = await shell.end()
        #expect(outcome.status == 0, "\(outcome.stderr)")
      }
      #expect(fixture.text(".devlake.env") == "OTHER=kept\n")
    }
  }

  @Test func `a folder that cannot be written costs a warning, not the work`() async throws {
    try await with { fixture in
      try fixture.write(Self.local, #"{"endpoints": {"backend": "\#(fixture.simulator.url)"}}"#)
      let before = fixture.text(Self.local)
      // Root may write in any folder, but not make a lock where a folder stands in its place.
      try FileManager.default.createDirectory(
        atPath: fixture.folder + "/.devlake-shell.lock",
        withIntermediateDirectories: false
      )
      let made = try await fixture.run(create("a"))
      #expect(made.status == 0, "\(made.stderr)")
      #expect(made.stdout.contains("✅ Created GitHub connection (ID=1)"))
      #expect(made.stderr.contains("warning"), "\(made.stderr)")
      #expect(made.stderr.contains(Self.local) || made.stderr.contains("state file"))
      #expect(fixture.text(Self.local) == before)
      #expect(fixture.simulator.connections("github").count == 1)
    }
  }

  @Test func `keys of other tools are kept as they are`() async throws {
    try await with { fixture in
      try fixture.write(
        Self.local,
        """
        {"zebra": {"b": 1.50, "a": [1, null]}, "endpoints": {"backend": "\(fixture.simulator.url)",
        "grafana": "http://g"}, "connections": [{"plugin": "jira", "connectionId": 7, "name": "old",
        "note": "mine"}]}
        """
      )
      let made = try await fixture.run(create("new"))
      #expect(made.status == 0, "\(made.stderr)")
      let state = try state(fixture)
      #expect(state["zebra"]?.text == #"{"a":[1,null],"b":1.50}"#)
      #expect(state["endpoints"]?["grafana"]?.string == "http://g")
      let connections = try #require(state["connections"]?.array)
      #expect(connections.count == 2)
      #expect(connections[0]["note"]?.string == "mine")
      #expect(connections[1]["organization"]?.string == "org of new")
    }
  }

  @Test func `a trailing slash in the stored URL is the same DevLake`() async throws {
    try await with { fixture in
      try fixture.write(Self.local, #"{"endpoints": {"backend": "\#(fixture.simulator.url)/"}}"#)
      let made = try await fixture.run(create("a"))
      #expect(made.status == 0, "\(made.stderr)")
      #expect(!made.stderr.contains("belongs to"))
      #expect(try state(fixture)["connections"]?.array?.count == 1)
      fixture.environment["DEVLAKE_URL"] = nil
      let list = try await fixture.run(["list"])
      #expect(list.status == 0, "\(list.stderr)")
      #expect(list.stdout.contains("org of a"))
    }
  }

  @Test func `another DevLake's state file is left alone`() async throws {
    try await with { fixture in
      let foreign = #"{"endpoints": {"backend": "http://127.0.0.1:1"}}"#
      try fixture.write(Self.local, foreign)
      let made = try await fixture.run(create("a"))
      #expect(made.status == 0, "\(made.stderr)")
      #expect(made.stderr.contains("belongs to the DevLake at http://127.0.0.1:1"))
      #expect(fixture.text(Self.local) == foreign)
    }
  }

  @Test func `the last connection deleted leaves no entry behind`() async throws {
    try await with { fixture in
      #expect(try await fixture.run(create("only")).status == 0)
      let deleted = try await fixture.run(["delete", "--plugin", "github", "--id", "1", "--force"])
      #expect(deleted.status == 0, "\(deleted.stderr)")
      let state = try state(fixture)
      #expect(state["connections"] == nil)
      #expect(state["endpoints"]?["backend"]?.string == fixture.simulator.url)
      // A new connection with the number of the old one has not its organization.
      let list = try await fixture.run(["list"])
      #expect(list.stdout == "No connections found.\n")
    }
  }

  @Test(arguments: ["{\"endpoints\": ", "[]", #"{"connections": 5}"#])
  func `a broken state file is said and never overwritten`(text: String) async throws {
    try await with { fixture in
      try fixture.write(Self.local, text)
      let made = try await fixture.run(create("a"))
      #expect(made.status == 0, "\(made.stderr)")
      #expect(made.stderr.contains("cannot be used and is ignored"), "\(made.stderr)")
      #expect(fixture.text(Self.local) == text)
    }
  }
}
