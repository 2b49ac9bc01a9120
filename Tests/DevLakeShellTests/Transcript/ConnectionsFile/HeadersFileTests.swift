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

  private static let list = """
    - key: X-A
      value: env:A
    - {key: X-B, value: plain-secret-0123}
    """

  @Test(arguments: [
    ("h.yaml", list),
    (
      "h.json",
      #"[{"key": "X-A", "value": "env:A"},\#n {"key": "X-B", "value": "plain-secret-0123"}]"#
    ),
  ])
  func `references in a list of headers are followed, and its plain values are secrets`(
    _ name: String,
    _ text: String
  ) async throws {
    try await with([]) { place in
      try place.folder.write(name, text)
      let create = "create --plugin claude_code --org acme --name n --field customHeaders=@\(name)"
      let plain = await place.run("\(create) --dry-run")
      #expect(plain.exitCode == .success, "\(plain.everything)")
      let made = await place.run(create, ["--verbose"])
      #expect(made.exitCode == .success, "\(made.everything)")
      let wanted: JSONValue = [
        ["key": "X-A", "value": "first-secret-0123"], ["key": "X-B", "value": "plain-secret-0123"],
      ]
      try #expect(place.stored("claude_code")["customHeaders"] == wanted)
      // An update with a file replaces the whole list.
      try place.folder.write("one.yaml", "- {key: X-B, value: env:B}\n")
      let changed = await place.run("update claude_code/1 --field customHeaders=@one.yaml")
      #expect(changed.exitCode == .success, "\(changed.everything)")
      let rest: JSONValue = [["key": "X-B", "value": "Bearer other-secret-99"]]
      try #expect(place.stored("claude_code")["customHeaders"] == rest)
      for shell in [plain, made, changed] {
        #expect(!shell.everything.contains("-secret-"), "\(shell.everything)")
      }
      let log = await place.run("audit --json")
      #expect(!log.everything.contains("-secret-"), "\(log.everything)")
    }
  }

  @Test(arguments: [
    ("- {key: X, value: env:NOWHERE}", "'NOWHERE' is not set"),
    ("- {key: X}", "each with 'key' and 'value'"),
    ("- nothing", "each with 'key' and 'value'"),
    ("key: X", "each with 'key' and 'value'"),
    ("- {key: X, value: 'env:'}", "nothing after 'env:'"),
    ("- {key: X, value: '***'}", "the header 'X'"),
    ("- {key: X, value: env:A}\n- {key: x, value: env:B}", "stands there twice"),
    ("- [", "neither JSON nor YAML"),
  ])
  func `a mistake in a file of headers is told, and nothing is sent`(
    _ text: String,
    _ says: String
  ) async throws {
    try await with([Self.headers]) { place in
      try place.folder.write("h.yaml", text)
      for line in [
        "create --plugin claude_code --org acme --name n --field customHeaders=@h.yaml",
        "update claude_code/1 --field customHeaders=@h.yaml",
      ] {
        let shell = await place.run(line)
        #expect(!shell.exitCode.isSuccess, "\(shell.everything)")
        #expect(shell.stderr.contains(says), "\(line): \(shell.stderr)")
      }
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a list from a file and single headers exclude each other`() async throws {
    try await with([Self.headers]) { place in
      try place.folder.write("h.yaml", Self.list)
      for options in ["--header-secret X=env:A", "--field customHeaders=@h.yaml"] {
        let shell = await place.run(
          "update claude_code/1 --field customHeaders=@h.yaml \(options)"
        )
        #expect(shell.exitCode == .usage, "\(shell.everything)")
      }
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a reference in another list or record is refused, not sent as it stands`()
    async throws
  {
    try await with([]) { place in
      try place.folder.write("r.yaml", "settings:\n  - {name: env:A}\n")
      let shell = await place.run(
        "create --plugin nextai --name n --endpoint https://x.example.com --field deep=@r.yaml"
      )
      #expect(!shell.exitCode.isSuccess, "\(shell.everything)")
      #expect(shell.stderr.contains("is not followed") || shell.stderr.contains("nextai"))
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a file of data reads no file of its own accord`() async throws {
    try await with([]) { place in
      try place.folder.write("h.yaml", Self.list)
      try place.folder.write(
        "c.csv",
        "plugin,name,org,customHeaders\nclaude_code,n,acme,@h.yaml\n"
      )
      let refused = await place.run("create --from c.csv")
      #expect(!refused.exitCode.isSuccess, "\(refused.everything)")
      #expect(refused.stderr.contains("'@' in a file of data is not followed"))
      #expect(place.writes.isEmpty)
      let allowed = await place.run("create --from c.csv --allow-cmd")
      #expect(allowed.exitCode == .success, "\(allowed.everything)")
    }
  }
}
