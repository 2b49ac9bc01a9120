import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// DevLake's own keys: what they open, when they end, and that what they say is told once.
struct KeysTests {
  private static let seed: JSONValue = [
    "connections": [
      ["plugin": "github", "id": 1, "name": "one", "token": .string(Tokens.newGitHub)]
    ],
    "apiKeys": [
      ["name": "open", "allowedPath": "/plugins/github", "expiredAt": .null],
      ["name": "all", "allowedPath": ".*", "expiredAt": .null],
      [
        "name": "old", "allowedPath": "^/plugins/gitlab(/.*)?$",
        "expiredAt": "2020-01-01T00:00:00Z",
      ],
      ["name": "soon", "allowedPath": ".*", "expiredAt": "2026-12-05T00:00:00Z"],
    ],
  ]

  private func prepared(
    faults: [String] = [],
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: .json(Self.seed), faults: faults) { place in
      var place = place
      place.now = 1_796_083_200  // 2026-12-01
      try await body(place)
    }
  }

  @Test func `the list tells what opens more than it says, and what has ended`() async throws {
    try await prepared { place in
      let shell = await place.run("keys")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.contains("2019-12-31 (ended)"), "\(shell.stdout)")
      #expect(shell.stderr.contains("'open' opens every path that contains '/plugins/github'"))
      #expect(!shell.stderr.contains("'all'") && !shell.stderr.contains("'old'"))
      let json = try await place.run("keys list --json").records()
      #expect(json.map { $0["anchored"] as? Bool } == [false, false, true, false])
      #expect(json.map { $0["ended"] as? Bool } == [false, false, true, false])
      #expect(json.allSatisfy { $0["apiKey"] == nil })
    }
  }

  @Test(
    arguments: [
      ("^/a$", true), ("^/a(/.*)?$", true), ("/a", false), ("^/a", false), ("/a$", false),
      ("^/a\\$", false), ("^/a$|/b", false), ("^(/a|/b)$", true), ("^/a|/b$", false), (".*", false),
    ]
  )
  func `a pattern is anchored at both ends or it is not`(pattern: String, isAnchored: Bool) throws {
    let value: JSONValue = ["id": 1, "name": "k", "allowedPath": .string(pattern)]
    #expect(try #require(APIKey(value)).isAnchored == isAnchored)
  }

  @Test func `a key for one connection opens that and nothing else`() async throws {
    try await prepared { place in
      let shell = await place.run(
        "keys create ci --for github/1 --expires 2027-06-30 --secret-file ci.key"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let secret = try #require(place.folder.text("ci.key")).trimmingSuffix
      #expect(secret.count == 128)
      #expect(try place.folder.mode("ci.key") == 0o600)
      #expect(!shell.everything.contains(secret))
      let rows = try await place.run("keys --json").records()
      let row = try #require(rows.last)
      #expect(row["allowedPath"] as? String == "^/plugins/github/connections/1(/.*)?$")
      #expect(row["expiredAt"] as? String == "2027-07-01T00:00:00Z")
      let key = place.with(["CI": secret])
      let own = await key.run("show github/1", ["--api-key", "env:CI"])
      #expect(own.exitCode == .success, "\(own.everything)")
      let other = await key.run("list --plugin gitlab", ["--api-key", "env:CI"])
      #expect(other.exitCode == .unreachable, "\(other.everything)")
      let log = try #require(place.folder.text("state/devlake-shell/audit.ndjson"))
      #expect(log.contains(#""action":"created""#) && !log.contains(secret), "\(log)")
    }
  }

  @Test func `without a file a person sees it once, and nobody else`() async throws {
    try await prepared { place in
      let alone = await place.run("keys create ci --path '.*'")
      #expect(alone.exitCode == .unasked)
      #expect(alone.stderr.contains("--secret-file"), "\(alone.stderr)")
      #expect(place.writes.isEmpty)
      let shown = await place.run("keys create ci --path '.*' --json", answers: [])
      #expect(shown.exitCode == .success, "\(shown.everything)")
      let secret = try #require(shown.questions.last?.split(separator: " ").last)
      #expect(secret.count == 128)
      #expect(!(shown.stdout + shown.stderr).contains(secret))
    }
  }

  @Test(
    arguments: [
      ("keys create ci", "--for PLUGIN/ID"), ("keys create --for github/1", "one name"),
      ("keys create ci --for github", "PLUGIN/ID"),
      ("keys create ci --for github/1 --path x", "both say"),
      ("keys create ci --path x --expires 2020-01-01", "is in the past"),
      ("keys create ci --path x --expires soon", "must be a date"),
      ("keys create all --path x", "named 'all' already"),
      ("keys create ci --for github/99", "github/99"), ("keys rotate nobody", "no API key"),
      ("keys rotate opne", "did you mean 'open'?"), ("keys delete", "needs KEY"),
      ("keys list ci", "unexpected argument 'ci'"), ("keys rotate ci --for github/1", "belongs to"),
      ("keys delete open", "--yes"),
    ]
  )
  func `what cannot be right changes nothing`(line: String, reason: String) async throws {
    try await prepared { place in
      let shell = await place.run(line + (line.hasPrefix("keys create") ? " --secret-file k" : ""))
      #expect(shell.exitCode != .success)
      #expect(shell.stderr.contains(reason), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
      #expect(place.folder.text("k") == nil)
    }
  }

  @Test func `a key gets another secret, and the old one ends`() async throws {
    try await prepared { place in
      _ = await place.run("keys create ci --path '.*' --secret-file one")
      let rotated = await place.run("keys rotate ci --secret-file two")
      #expect(rotated.exitCode == .success, "\(rotated.everything)")
      let secrets = try ["one", "two"].map { try #require(place.folder.text($0)).trimmingSuffix }
      #expect(secrets[0] != secrets[1])
      let shells = place.with(["ONE": secrets[0], "TWO": secrets[1]])
      let old = await shells.run("list", ["--api-key", "env:ONE"])
      let new = await shells.run("list", ["--api-key", "env:TWO"])
      #expect(old.exitCode == .unreachable)
      #expect(new.exitCode == .success, "\(new.everything)")
      let deleted = await place.run("keys delete ci all --yes")
      #expect(deleted.exitCode == .success, "\(deleted.everything)")
      let names = try await place.run("keys --json").records().map { $0["name"] as? String }
      #expect(names == ["open", "old", "soon"])
    }
  }

  @Test func `a webhook's key gets another secret, and its addresses are told`() async throws {
    try await prepared { place in
      let created = await place.run("create --plugin webhook --name hook --secret-file one")
      #expect(created.exitCode == .success, "\(created.everything)")
      let url = place.simulator.url
      #expect(
        created.stderr.contains(
          "POST deployments to \(url)/rest/plugins/webhook/connections/1/deployments"
        ),
        "\(created.stderr)"
      )
      let rotated = await place.run("keys rotate webhook/1 --secret-file two")
      #expect(rotated.exitCode == .success, "\(rotated.everything)")
      #expect(place.folder.text("one") != place.folder.text("two"))
      let list = await place.run("keys")
      #expect(list.stdout.contains("webhook/1"), "\(list.stdout)")
      let deleted = await place.run("keys delete webhook/1 --yes")
      #expect(deleted.exitCode == .usage)
      #expect(deleted.stderr.contains("goes with it"), "\(deleted.stderr)")
    }
  }

  @Test func `a key whose answer was lost is not said to be there or not`() async throws {
    try await prepared(faults: ["POST /api-keys=close"]) { place in
      let shell = await place.run("keys create ci --path '.*' --secret-file k")
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.stderr.contains("is not known"), "\(shell.stderr)")
      #expect(place.folder.text("k") == nil)
      #expect(place.writes.count == 1)
    }
  }

  @Test func `a dry run shows the request`() async throws {
    try await prepared { place in
      let shell = await place.run("keys create ci --for github/1 --dry-run")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.contains("would send: POST /api-keys"), "\(shell.stdout)")
      let rotate = await place.run("keys rotate open --dry-run")
      #expect(rotate.stdout.contains("PUT /api-keys/1"), "\(rotate.everything)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a read-only session makes no key, and lists them`() async throws {
    try await prepared { place in
      let list = await place.run("keys", ["--read-only"])
      #expect(list.exitCode == .success, "\(list.everything)")
      for line in [
        "create ci --path x --secret-file k", "rotate open --secret-file k", "delete open",
      ] {
        let shell = await place.run(
          "keys \(line)",
          ["--read-only", "--yes", "--url", place.simulator.url]
        )
        #expect(shell.exitCode == .unasked, "\(shell.everything)")
      }
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `doctor tells which end`() async throws {
    try await prepared { place in
      let shell = await place.run("doctor --no-test --days 10")
      #expect(
        shell.stdout.contains("API key 'soon' ends in 3 days (2026-12-04)"),
        "\(shell.stdout)"
      )
      #expect(shell.stdout.contains("API key 'old' has ended (2019-12-31)"), "\(shell.stdout)")
      #expect(!shell.stdout.contains("API key 'all'"))
    }
  }
}

extension String {
  fileprivate var trimmingSuffix: String { hasSuffix("\n") ? String(dropLast()) : self }
}
