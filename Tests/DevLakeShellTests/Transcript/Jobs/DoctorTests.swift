import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// `doctor`: what is wrong, why, and the command that mends it.
struct DoctorTests {
  /// A connection, and what is found of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let fields: JSONObject
    let check: String
    let severity: String
    let says: String
    var cause: String?
    var fix: String?

    var testDescription: String { "\(check) \(cause ?? ""): \(says)" }
  }

  private static func upstream(_ mode: String) -> JSONObject {
    [
      "plugin": "gitlab", "name": "GitLab", "token": "glpat-old",
      "endpoint": .string("http://127.0.0.1:9310/\(mode)/gitlab/"),
    ]
  }

  private static func gitlab(_ members: JSONObject) -> JSONObject {
    var fields: JSONObject = [
      "plugin": "gitlab", "name": "GitLab", "endpoint": "https://gitlab.com/api/v4/",
      "token": "glpat-old",
    ]
    for member in members.members { fields[member.key] = member.value }
    return fields
  }

  private static func test(
    _ fields: JSONObject,
    _ cause: String,
    _ says: String,
    _ fix: String
  ) -> Case {
    Case(fields: fields, check: "test", severity: "error", says: says, cause: cause, fix: fix)
  }

  static let cases: [Case] = [
    test(
      gitlab(["endpoint": "https://git.invalid/api/v4/"]),
      "name-resolution",
      "the host name cannot be resolved",
      "update gitlab/1"
    ),
    test(
      gitlab(["endpoint": "http://127.0.0.1:9399/api/v4/"]),
      "connection",
      "cannot be reached",
      "update gitlab/1"
    ),
    test(
      gitlab(["proxy": "http://127.0.0.1:9399"]),
      "proxy",
      "the proxy",
      "update gitlab/1"
    ),
    test(gitlab(["token": "BAD"]), "credential", "does not accept", "rotate gitlab/1"),
    test(upstream("403"), "permission", "needed: read_api, read_repository", "rotate gitlab/1"),
    test(
      upstream("404"),
      "endpoint",
      "not the service's API",
      "update gitlab/1 --endpoint http://127.0.0.1:9310/404/gitlab/api/v4/"
    ),
    test(
      upstream("html"),
      "endpoint",
      "not the service's API",
      "update gitlab/1 --endpoint http://127.0.0.1:9310/html/gitlab/api/v4/"
    ),
    test(upstream("429"), "rate-limit", "limits requests", "test gitlab/1"),
    test(upstream("502"), "service", "internal error", "test gitlab/1"),
    Case(fields: gitlab([:]), check: "test", severity: "ok", says: "passes"),
    Case(
      fields: gitlab(["token": "glpat-ENDS-2026-12-01"]),
      check: "expiry",
      severity: "warning",
      says: "ends on 2026-12-01, in 6 days",
      fix: "rotate gitlab/1"
    ),
    Case(
      fields: gitlab(["token": "glpat-ENDS-2026-11-20"]),
      check: "expiry",
      severity: "error",
      says: "ended on 2026-11-20",
      fix: "rotate gitlab/1"
    ),
    Case(
      fields: gitlab(["token": "glpat-ENDS-2027-11-25"]),
      check: "expiry",
      severity: "ok",
      says: "in 365 days"
    ),
    Case(fields: gitlab([:]), check: "expiry", severity: "ok", says: "does not expire"),
    Case(
      fields: gitlab(["token": "glpat-REVOKED"]),
      check: "expiry",
      severity: "error",
      says: "revoked",
      fix: "rotate gitlab/1"
    ),
    Case(
      fields: gitlab(["token": "glpat-HAS-read_user"]),
      check: "scopes",
      severity: "warning",
      says: "lacks the scopes read_api, read_repository; it has read_user",
      fix: "rotate gitlab/1"
    ),
    Case(
      fields: gitlab(["token": "glpat-HAS-api"]),
      check: "scopes",
      severity: "ok",
      says: "suffice"
    ),
    Case(
      fields: [
        "plugin": "github", "name": "GitHub", "endpoint": "https://api.github.com/",
        "authMethod": "AccessToken",
        "token": "ghp_SPENTaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-HAS-read:org",
      ],
      check: "quota",
      severity: "warning",
      says: "12 of 5000",
      fix: "update github/1 --rate-limit 2500"
    ),
    Case(
      fields: [
        "plugin": "github", "name": "GitHub", "endpoint": "https://api.github.com/",
        "authMethod": "AccessToken",
        "token": "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-HAS-read:org",
      ],
      check: "scopes",
      severity: "warning",
      says: "lacks the scopes repo, read:user"
    ),
    Case(
      fields: [
        "plugin": "sonarqube", "name": "Sonar", "endpoint": "https://sonar.example.com/api/",
        "token": "squ_ENDS-2026-11-26",
      ],
      check: "expiry",
      severity: "warning",
      says: "'collector' ends tomorrow"
    ),
    Case(
      fields: [
        "plugin": "argocd", "name": "Argo", "endpoint": "https://argo.example.com/api/v1",
        "token": "********",
      ],
      check: "mask",
      severity: "error",
      says: "it is a mask",
      fix: "rotate argocd/1"
    ),
    Case(
      fields: gitlab([:]),
      check: "unused",
      severity: "warning",
      says: "nothing uses it",
      fix: "delete gitlab/1"
    ),
    Case(
      fields: gitlab(["name": " GitLab"]),
      check: "name",
      severity: "warning",
      says: "space",
      fix: "update gitlab/1 --name 'GitLab'"
    ),
    Case(
      fields: gitlab(["endpoint": "http://git.example.com/api/v4/"]),
      check: "endpoint",
      severity: "warning",
      says: "unencrypted",
      fix: "update gitlab/1 --endpoint https://git.example.com/api/v4/"
    ),
    Case(
      fields: [
        "plugin": "asana", "name": "Asana", "endpoint": "https://app.asana.com/api/1.0/",
        "token": "asanatoken",
      ],
      check: "clear-secret",
      severity: "warning",
      says: "unencrypted in its database"
    ),
  ]

  private static let now = 1_795_600_000  // 2026-11-25

  private func place(_ place: ShellFixture) -> ShellFixture {
    var place = place
    place.now = Self.now
    return place
  }

  @Test(arguments: cases)
  func `what is wrong with a connection is told apart`(_ given: Case) async throws {
    try await ShellFixture.with(connection: given.fields) { place in
      let shell = await self.place(place).run("doctor --json")
      try expect(given, in: shell)
      // Every command that mends is one the shell takes.
      for fix in try fixes(shell) {
        let checked = await place.run(fix, ["--check"])
        #expect(checked.exitCode == .success, "\(fix)")
      }
      #expect(place.writes.allSatisfy { $0.hasSuffix("/test") })
    }
  }

  private func expect(_ given: Case, in shell: Transcript) throws {
    let found = try shell.records().filter { $0["check"] as? String == given.check }
    let finding = try #require(
      found.first { ($0["message"] as? String)?.contains(given.says) == true },
      "\(shell.everything)"
    )
    #expect(finding["severity"] as? String == given.severity)
    if let cause = given.cause { #expect(finding["cause"] as? String == cause) }
    if let fix = given.fix { #expect(finding["fix"] as? String == fix) }
    let errors = try shell.records().filter { $0["severity"] as? String == "error" }
    #expect(shell.exitCode.isSuccess == errors.isEmpty)
  }

  /// The commands that mend, as they stand.
  private func fixes(_ shell: Transcript) throws -> [String] {
    try shell.records().compactMap { $0["fix"] as? String }
  }

  @Test func `a test that hangs is told, and the others are not kept`() async throws {
    let seed: JSONValue = [
      "connections": [.object(Self.upstream("hang")), .object(Self.gitlab(["name": "b"]))]
    ]
    try await ShellFixture.with(seed: .json(seed)) { place in
      let shell = await place.run("doctor --timeout 5 --json")
      let tests = try shell.records().filter { $0["check"] as? String == "test" }
      #expect(tests.map { $0["severity"] as? String } == ["error", "ok"])
      #expect(tests.first?["cause"] as? String == "timeout")
    }
  }

  @Test(
    arguments: [
      ("migration-pending", "migration", "connect --migrate", .unreachable),
      ("migrating", "migration", "watch --until-ok 5 status", .unreachable),
      ("database-down", "database", nil, .unreachable),
    ] as [(String, String, String?, ExitCode)]
  )
  func `a DevLake that cannot serve is told once, with what mends it`(
    _ state: String,
    _ check: String,
    _ fix: String?,
    _ code: ExitCode
  ) async throws {
    try await ShellFixture.with(seed: .json(["state": .string(state)])) { place in
      let shell = await place.run("doctor --json")
      #expect(shell.exitCode == code, "\(shell.everything)")
      let found = try shell.records().filter { $0["check"] as? String == check }
      #expect(found.count == 1, "\(shell.stdout)")
      #expect(found.first?["severity"] as? String == "error")
      #expect(found.first?["fix"] as? String == fix)
    }
  }

  @Test(
    arguments: [
      ("html", "web page"), ("status:401", "401"), ("refuse", "nothing listens"),
      ("garbage", "not DevLake"),
      ("redirect301", "redirects"),
    ]
  )
  func `what is no DevLake is a finding and exit code 3`(
    _ fault: String,
    _ says: String
  ) async throws {
    try await ShellFixture.with(seed: .demo, faults: ["*=\(fault)"]) { place in
      let shell = await place.run("doctor --json")
      #expect(shell.exitCode == .unreachable, "\(shell.everything)")
      let record =
        try place.simulator.requests.isEmpty ? shell.records().last : shell.records().first
      #expect(record?["check"] as? String == "reachable", "\(shell.stdout)")
      #expect(record?["severity"] as? String == "error")
    }
  }

  @Test func `rows that break the list are found one by one`() async throws {
    let seed: JSONValue = [
      "connections": [
        [
          "plugin": "github", "id": 3, "name": "broken", "endpoint": "https://api.github.com/",
          "authMethod": "AccessToken", "token": "ghp_short",
        ],
        [
          "plugin": "github", "id": 1, "name": "whole", "endpoint": "https://api.github.com/",
          "authMethod": "AccessToken", "token": .string(Tokens.github),
        ],
      ]
    ]
    try await ShellFixture.with(seed: .json(seed)) { place in
      for line in ["doctor --json", "doctor github/3 --json"] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .failure)
        let found = try shell.records().filter { $0["check"] as? String == "broken-row" }
        #expect(found.map { $0["id"] as? Int } == [3], "\(shell.everything)")
        #expect(found.first?["fix"] as? String == "delete github/3 --force")
      }
    }
  }

  @Test func `names that differ only in case are found`() async throws {
    let seed: JSONValue = [
      "connections": [.object(Self.gitlab(["name": "ci"])), .object(Self.gitlab(["name": "CI"]))]
    ]
    try await ShellFixture.with(seed: .json(seed)) { place in
      let found = try await place.run("doctor --no-test --json").records()
        .filter { $0["check"] as? String == "name" }
      #expect(found.map { $0["id"] as? Int } == [2])
      #expect(
        !place.simulator.requests.contains {
          $0.path.hasSuffix("/test") || $0.path.contains("proxy")
        }
      )
    }
  }

  @Test func `files that cannot be read are told, and nothing stops`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write(".devlake-local.json", "{broken")
      let shell = await place.run("doctor --plugin jira --json")
      let files = try shell.records().filter { $0["check"] as? String == "files" }
      #expect(
        files.contains { ($0["message"] as? String)?.contains(".devlake-local.json") == true }
      )
      #expect(try shell.records().contains { $0["plugin"] as? String == "jira" })
    }
  }

  @Test func `people get headings, signs and what mends it`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("doctor jenkins/* github/1")
      #expect(shell.exitCode == .failure)
      #expect(
        shell.stdout.hasPrefix("DevLake\n   ✅ DevLake v1.0.3 answers at \(place.simulator.url)")
      )
      #expect(
        shell.stdout.contains(
          "jenkins/2 \"Jenkins - legacy\"\n   ❌ the service does not accept the credential"
        )
      )
      #expect(shell.stdout.contains("      💡 rotate jenkins/2\n"))
      #expect(!shell.stdout.contains("github/1 \""))
      #expect(shell.stdout.contains("\n1 error, "))
      #expect(shell.stdout.contains("; 3 connections, 1 OK, 1 not used\n"))
      #expect(shell.stdout.contains("not looked at: what the credentials can read was not asked"))
    }
  }

  @Test func `a mistake of what is typed is no finding`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      #expect(await place.run("doctor githbu/1").exitCode == .usage)
      #expect(await place.run("doctor github/99").exitCode == .failure)
      #expect(await place.run("doctor --days x").exitCode == .usage)
    }
  }
}
