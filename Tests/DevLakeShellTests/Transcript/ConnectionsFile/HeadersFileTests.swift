import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Headers with secret values: as options, in files, exported and applied.
struct HeadersFileTests {
  private static let headers: JSONObject = [
    "plugin": "claude_code", "id": 1, "name": "gateway", "endpoint": "https://gw.example.com",
    "organization": "acme", "rateLimitPerHour": 1000,
    "customHeaders": [
      ["key": "X-Gateway-Auth", "value": "first-secret-0123"],
      ["key": "X-Team", "value": "second-secret-0123"],
    ],
  ]

  private func with(
    _ connections: [JSONObject],
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    let seed: JSONValue = ["connections": .array(connections.map(JSONValue.object))]
    try await ShellFixture.with(seed: .json(seed), era: .september2026) { place in
      try await body(
        place.with([
          "A": "first-secret-0123", "B": "Bearer other-secret-99", "T": "sk-ant-new-01234",
        ])
      )
    }
  }

  private static func file(_ headers: String) -> String {
    """
    version: 1
    connections:
      - plugin: claude_code
        name: gateway
        endpoint: https://gw.example.com
        organization: acme
    \(headers)
    """
  }

  @Test func `an export refers to each value, and plans to nothing`() async throws {
    try await with([Self.headers]) { place in
      let export = await place.run("export > all.yaml")
      #expect(export.stderr.contains("2 secrets are referred to"), "\(export.everything)")
      let text = try #require(place.folder.text("all.yaml"))
      #expect(text.contains("- key: X-Gateway-Auth"), "\(text)")
      #expect(
        text.contains("value: env:DEVLAKE_CLAUDE_CODE_GATEWAY_CUSTOMHEADERS_X_GATEWAY_AUTH")
      )
      #expect(text.contains("value: env:DEVLAKE_CLAUDE_CODE_GATEWAY_CUSTOMHEADERS_X_TEAM"))
      #expect(!text.contains("*"))
      let plan = await place.run("plan all.yaml --exit-code")
      #expect(plan.exitCode == .success, "\(plan.everything)")
    }
  }

  @Test func `a file's headers are created, changed and compared by their masks`() async throws {
    try await with([]) { place in
      let two = """
            customHeaders:
              - key: X-Gateway-Auth
                value: env:A
              - {key: X-Team, value: env:B}
        """
      try place.folder.write("c.yaml", Self.file(two))
      let created = await place.run("apply c.yaml --yes")
      #expect(created.exitCode == .success, "\(created.everything)")
      #expect(!created.everything.contains("secret"), "\(created.everything)")
      let wanted: JSONValue = [
        ["key": "X-Gateway-Auth", "value": "first-secret-0123"],
        ["key": "X-Team", "value": "Bearer other-secret-99"],
      ]
      try #expect(place.stored("claude_code")["customHeaders"] == wanted)
      #expect(await place.run("plan c.yaml --exit-code").exitCode == .success)
      let other = await place.with(["B": "quite-another-one"]).run("plan c.yaml --exit-code --json")
      #expect(other.exitCode.rawValue == 6, "\(other.everything)")
      let one = "    customHeaders:\n      - {key: X-Gateway-Auth, value: env:A}"
      try place.folder.write("one.yaml", Self.file(one))
      let dropped = await place.run("apply one.yaml --yes")
      #expect(dropped.exitCode == .success, "\(dropped.everything)")
      try #expect(place.stored("claude_code")["customHeaders"]?.array?.count == 1)
    }
  }

  @Test(
    arguments: [
      ("", "needs 'token' or 'customHeaders'"),
      ("    customHeaders: []", "needs 'token' or 'customHeaders'"),
      (
        "    token: env:T\n    customHeaders:\n      - {key: X, value: env:A}",
        "DevLake would send both for ever"
      ),
    ]
  )
  func `a new one needs a token or headers, and not both`(
    _ lines: String,
    _ says: String
  ) async throws {
    try await with([]) { place in
      try place.folder.write("c.yaml", Self.file(lines))
      let plan = await place.run("plan c.yaml")
      #expect(plan.stdout.contains(says), "\(plan.everything)")
      let differs = await place.run("plan c.yaml --exit-code")
      #expect(differs.exitCode == .differences, "\(differs.everything)")
      let applied = await place.run("apply c.yaml --yes")
      #expect(applied.exitCode == .usage, "\(applied.everything)")
      #expect(applied.stderr.contains(says), "\(applied.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a header whose reference leads nowhere is named in the plan, and nothing is made`()
    async throws
  {
    try await with([]) { place in
      try place.folder.write(
        "c.yaml",
        Self.file("    customHeaders:\n      - {key: X, value: env:NOWHERE}")
      )
      let plan = await place.run("plan c.yaml")
      #expect(plan.stdout.contains("the header 'X': $NOWHERE is not set"), "\(plan.everything)")
      let applied = await place.run("apply c.yaml --yes")
      #expect(!applied.exitCode.isSuccess, "\(applied.everything)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test(arguments: [
    ("    customHeaders:\n      - {key: X}", "each with 'key' and 'value'"),
    ("    customHeaders:\n      - nothing", "each with 'key' and 'value'"),
    (
      "    customHeaders:\n      - {key: X, value: env:A}\n      - {key: x, value: env:B}",
      "appears twice"
    ),
  ])
  func `a mistake in the list is told`(_ lines: String, _ says: String) async throws {
    try await with([]) { place in
      try place.folder.write("c.yaml", Self.file(lines))
      let shell = await place.run("plan c.yaml")
      #expect(!shell.exitCode.isSuccess, "\(shell.everything)")
      #expect(shell.stderr.contains(says), "\(shell.stderr)")
    }
  }

  @Test func `the options take a list from a file, or a reference for each`() async throws {
    try await with([]) { place in
      try place.folder.write("h.json", #"[{"key":"X-A","value":"file-secret-0123"}]"#)
      let create = "create --plugin claude_code --org acme --name"
      let file = await place.run("\(create) file --field customHeaders=@h.json")
      #expect(file.exitCode == .success, "\(file.everything)")
      #expect(!file.everything.contains("file-secret"))
      let options = await place.run("\(create) options --header-secret X-B=env:B")
      #expect(options.exitCode == .success, "\(options.everything)")
      let added = await place.run("update claude_code/1 --header-secret X-B=env:A")
      #expect(added.exitCode == .success, "\(added.everything)")
      let keys = try place.stored("claude_code")["customHeaders"]?.array?.compactMap {
        $0["key"]?.string
      }
      #expect(keys == ["X-A", "X-B"])
      let both = await place.run("\(create) both --token env:T --header-secret X-B=env:B")
      #expect(both.exitCode == .usage, "\(both.everything)")
      #expect(both.stderr.contains("for ever"))
    }
  }
}
