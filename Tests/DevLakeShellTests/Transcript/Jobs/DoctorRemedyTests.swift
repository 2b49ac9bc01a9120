import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// Every command `doctor` proposes mends what it names when it is pasted as it stands.
struct DoctorRemedyTests {
  private static func gitlab(_ members: JSONObject) -> JSONObject {
    var fields: JSONObject = [
      "plugin": "gitlab", "name": "GitLab", "endpoint": "https://gitlab.com/api/v4/",
      "token": "glpat-old",
    ]
    for member in members.members { fields[member.key] = member.value }
    return fields
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let connections: [JSONObject]
    let check: String
    let says: String
    let fix: String
    var testDescription: String { fix }
  }

  /// What a command alone can mend; pasted, it makes the finding go away.
  static let pasted = [
    Case(
      connections: [gitlab(["proxy": "127.0.0.1:9311"])],
      check: "test",
      says: "the proxy is not an address",
      fix: "update gitlab/1 --proxy http://127.0.0.1:9311"
    ),
    Case(
      connections: [gitlab(["name": "GitLab "])],
      check: "name",
      says: "space",
      fix: "update gitlab/1 --name 'GitLab'"
    ),
    Case(
      connections: [gitlab(["name": "GitLab "]), gitlab(["name": "GitLab"])],
      check: "name",
      says: "space",
      fix: "update gitlab/1 --name 'GitLab (2)'"
    ),
    Case(
      connections: [gitlab(["name": "ci"]), gitlab(["name": "CI"])],
      check: "name",
      says: "only in case",
      fix: "update gitlab/2 --name 'CI (2)'"
    ),
    Case(
      connections: [gitlab(["name": "a\u{1B}[31mb\tc"])],
      check: "name",
      says: "control characters",
      fix: "update gitlab/1 --name 'a [31mb c'"
    ),
    Case(
      connections: [gitlab(["endpoint": "https://127.0.0.1:9310/ok/gitlab/api/v4/"])],
      check: "test",
      says: "plain http",
      fix: "update gitlab/1 --endpoint http://127.0.0.1:9310/ok/gitlab/api/v4/"
    ),
    Case(
      connections: [gitlab([:])],
      check: "unused",
      says: "nothing uses it",
      fix: "delete gitlab/1"
    ),
  ]

  @Test(arguments: pasted)
  func `pasted, it mends what it names`(_ given: Case) async throws {
    let seed: JSONValue = ["connections": .array(given.connections.map(JSONValue.object))]
    try await ShellFixture.with(seed: .json(seed)) { place in
      let before = try await finding(given, place)
      #expect(before?["fix"] as? String == given.fix, "\(String(describing: before))")
      let mended = await place.run(given.fix, ["--yes"])
      #expect(mended.exitCode == .success, "\(mended.everything)")
      #expect(try await finding(given, place) == nil)
    }
  }

  private func finding(_ given: Case, _ place: ShellFixture) async throws -> [String: Any]? {
    let shell = await place.run("doctor --json")
    return try shell.records().first {
      $0["check"] as? String == given.check
        && ($0["message"] as? String)?.contains(given.says) == true
    }
  }

  /// What no command, or only a person, can mend: nothing is proposed that would not.
  @Test(
    arguments: [
      (gitlab(["endpoint": "https://127.0.0.1:9399/gitlab/api/v4/"]), "update gitlab/1"),
      (
        gitlab(["endpoint": "http://127.0.0.1:9310/404/gitlab/"]),
        "update gitlab/1 --endpoint http://127.0.0.1:9310/404/gitlab/api/v4/"
      ),
      (
        gitlab(["endpoint": "http://127.0.0.1:9310/404/api/"]),
        "update gitlab/1 --endpoint http://127.0.0.1:9310/404/api/v4/"
      ),
      (
        [
          "plugin": "gh-copilot", "name": "C", "endpoint": "http://127.0.0.1:9310/404/gh-copilot/",
          "token": "ghp_0123456789012345678901234567890123456789", "organization": "nobody",
        ],
        "update gh-copilot/1"
      ),
      (
        [
          "plugin": "azuredevops_go", "name": "A", "token": "good-token-0123456789",
          "organization": "org404", "proxy": "http://127.0.0.1:9311",
        ],
        "update azuredevops_go/1"
      ),
    ] as [(JSONObject, String)]
  )
  func `what only a person knows is asked for`(_ connection: JSONObject, _ fix: String) async throws
  {
    try await ShellFixture.with(connection: connection) { place in
      let test = try await place.run("doctor --json").records()
        .first { $0["check"] as? String == "test" }
      #expect(test?["severity"] as? String == "error")
      #expect(test?["fix"] as? String == fix, "\(String(describing: test))")
      #expect(await place.run(fix, ["--check"]).exitCode == .success)
    }
  }

  private static let shared: JSONValue = [
    "connections": [
      .object(
        gitlab([
          "name": "main",
          "scopes": [["gitlabId": 11, "name": "api", "pathWithNamespace": "a/api"]],
        ])
      ),
      .object(
        gitlab([
          "name": "mirror", "endpoint": "HTTPS://gitlab.com/api/v4",
          "scopes": [
            ["gitlabId": 11, "name": "api", "pathWithNamespace": "a/api"],
            ["gitlabId": 12, "name": "web", "pathWithNamespace": "a/web"],
          ],
        ])
      ),
      .object(
        gitlab([
          "name": "elsewhere", "endpoint": "https://git.example.com/api/v4/",
          "scopes": [["gitlabId": 11, "name": "x", "pathWithNamespace": "b/x"]],
        ])
      ),
    ],
    "projects": [
      [
        "name": "platform",
        "connections": [
          ["pluginName": "gitlab", "connectionId": 1, "scopes": [["scopeId": "11"]]],
          [
            "pluginName": "gitlab", "connectionId": 2,
            "scopes": [["scopeId": "11"], ["scopeId": "12"]],
          ],
        ],
      ]
    ],
  ]

  @Test func `the same repository under several connections is found`() async throws {
    try await ShellFixture.with(seed: .json(Self.shared)) { place in
      let found = try await place.run("doctor --json").records()
        .filter { $0["check"] as? String == "duplicate" }
      #expect(found.map { $0["id"] as? Int } == [2])
      let message = try #require(found.first?["message"] as? String)
      #expect(message.contains("gitlab/1 \"main\" collects 'a/api' as well"), "\(message)")
    }
  }

  @Test func `a broken scope is told with its connection, and mended`() async throws {
    try await ShellFixture.with(seed: .json(Self.shared)) { place in
      place.simulator.removeScope("gitlab", 2, "12")
      let shell = await place.run("doctor --json")
      #expect(shell.exitCode == .failure)
      let found = try shell.records().first { $0["check"] as? String == "broken-scope" }
      #expect(found?["id"] as? Int == 2)
      #expect(found?["name"] as? String == "mirror")
      let message = try #require(found?["message"] as? String)
      #expect(message.contains("of project 'platform' collects its scope '12', which is gone"))
      let fix = try #require(found?["fix"] as? String)
      let mended = await place.run(fix, ["--yes"])
      #expect(mended.exitCode == .success, "\(mended.everything)")
      let after = try await place.run("doctor --json").records()
      #expect(!after.contains { $0["check"] as? String == "broken-scope" })
      let left = place.simulator.blueprints.first?["connections"]?.array ?? []
      #expect(left.map { $0["scopes"]?.array?.count } == [1, 1])
    }
  }

  @Test func `a connection a blueprint names and nobody has is told`() async throws {
    try await ShellFixture.with(seed: .json(Self.shared)) { place in
      place.simulator.remove("gitlab", 1)
      let shell = await place.run("doctor --json")
      let found = try shell.records().first { $0["check"] as? String == "broken-scope" }
      #expect((found?["message"] as? String)?.contains("gitlab/1, which is gone") == true)
    }
  }

  @Test func `errors come first, what is the same stands once, and what was not seen is said`()
    async throws
  {
    var connections = (1...4).map { JSONValue.object(Self.gitlab(["name": .string("n\($0)")])) }
    connections.append(.object(Self.gitlab(["name": "broken", "token": "BAD"])))
    connections.append([
      "plugin": "circleci", "name": "c", "token": "x-1", "endpoint": "https://circleci.com/api/",
    ])
    let seed: JSONValue = ["connections": .array(connections)]
    try await ShellFixture.with(seed: .json(seed)) { place in
      let text = await place.run("doctor").stdout
      #expect(
        text.contains(
          "6 connections are not used: circleci/1, gitlab/1, gitlab/2, gitlab/3, gitlab/4, gitlab/5\n"
        ),
        "\(text)"
      )
      let fix = "delete circleci/1 gitlab/1 gitlab/2 gitlab/3 gitlab/4 gitlab/5"
      #expect(text.contains("      💡 \(fix)\n"))
      #expect(await place.run(fix, ["--check"]).exitCode == .success)
      let error = try #require(text.firstRange(of: "❌"))
      let warning = try #require(
        text.firstRange(of: "⚠️  nothing uses") ?? text.firstRange(of: "are not used")
      )
      #expect(error.lowerBound < warning.lowerBound)
      #expect(
        text.contains("1 error, 6 warnings; 6 connections, 0 OK, 5 not used"),
        "\(text)"
      )
      #expect(text.contains("not looked at: what the credentials can read was not asked"))
      let quiet = await place.run("doctor --no-test").stdout
      #expect(quiet.contains("not looked at: no connection was tested"), "\(quiet)")
      let records = try await place.run("doctor --json").records()
      #expect(records.filter { $0["check"] as? String == "unused" }.count == 6)
      #expect(records.contains { $0["check"] as? String == "not-looked-at" })
    }
  }

  @Test func `asana's token is in clear on older servers only`() async throws {
    let asana: JSONObject = [
      "plugin": "asana", "name": "a", "endpoint": "https://app.asana.com/api/1.0/",
      "token": "t-0123",
    ]
    for (era, isClear) in [(Era.may2026, true), (.september2026, false)] {
      try await ShellFixture.with(connection: asana, era: era) { place in
        let records = try await place.run("doctor --json").records()
        #expect(records.contains { $0["check"] as? String == "clear-secret" } == isClear)
      }
    }
  }

  @Test(arguments: [
    ("denied-bucket", "AKIAGOOD0123456789AB", "permission", "rotate kiro/1"),
    ("missing-bucket", "AKIAGOOD0123456789AB", "unknown", "update kiro/1"),
    ("fine-bucket", "AKIABAD00123456789AB", "credential", "update kiro/1"),
  ])
  func `what is wrong with Kiro has a command that mends it`(
    _ bucket: String,
    _ keyID: String,
    _ cause: String,
    _ fix: String
  ) async throws {
    let kiro: JSONObject = [
      "plugin": "kiro", "name": "k", "accessKeyId": .string(keyID),
      "secretAccessKey": "made-up-secret-0123", "region": "us-east-1", "bucket": .string(bucket),
    ]
    try await ShellFixture.with(connection: kiro, era: .september2026) { place in
      let test = try await place.run("doctor --json").records()
        .first { $0["check"] as? String == "test" }
      #expect(test?["cause"] as? String == cause, "\(String(describing: test))")
      #expect(test?["fix"] as? String == fix)
      let pasted = await place.with(["KIRO_TOKEN": "x-0123456789"]).run(fix, ["--check"])
      #expect(pasted.exitCode == .success)
    }
  }
}
