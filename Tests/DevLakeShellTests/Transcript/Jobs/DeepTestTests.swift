import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// `test --deep`: what the credential is good for, and not only whether it is accepted.
struct DeepTestTests {
  private static let key =
    "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "Qk1F", count: 40)
    + "\n-----END RSA PRIVATE KEY-----\n"

  private static func app(_ installation: Int, word: String = "") -> JSONObject {
    [
      "plugin": "github", "name": "App", "endpoint": "https://api.github.com/",
      "authMethod": "AppKey", "appId": "12", "installationId": .integer(installation),
      "secretKey": .string(key.replacing("Qk1FQk1F\n", with: "Qk1F\(word)\n")),
    ]
  }

  private static func gitlab(_ token: String, _ scopes: JSONValue = []) -> JSONObject {
    [
      "plugin": "gitlab", "name": "GitLab", "endpoint": "https://gitlab.com/api/v4/",
      "token": .string(token), "scopes": scopes,
    ]
  }

  private static let projects: JSONValue = [
    ["gitlabId": 11, "name": "api", "pathWithNamespace": "acme/api"],
    ["gitlabId": 12, "name": "web", "pathWithNamespace": "acme/web"],
  ]

  private static func bitbucket(_ password: String, usesToken: Bool) -> JSONObject {
    [
      "plugin": "bitbucket", "name": "B", "endpoint": "https://api.bitbucket.org/2.0/",
      "username": "ada", "password": .string(password), "usesApiToken": .bool(usesToken),
    ]
  }

  private static func azure(_ organization: String) -> JSONObject {
    [
      "plugin": "azuredevops_go", "name": "A", "token": "NOLIST-made-up-0123456789",
      "organization": .string(organization), "proxy": "http://127.0.0.1:9311",
    ]
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let connection: JSONObject
    /// Whether the plain test passes.
    var passesPlainly = true
    let cause: String
    let says: [String]
    let hint: String

    var testDescription: String { says.joined(separator: " ") }
  }

  static let failing = [
    Case(
      connection: app(99999),
      passesPlainly: false,
      cause: "installation",
      says: ["no installation 99999", "5 (octocat)"],
      hint: "set 'installationId' to 5"
    ),
    Case(
      connection: app(5, word: "ZOMBIE"),
      cause: "credential",
      says: ["the test passes, but", "installation token"],
      hint: "save its key again"
    ),
    Case(
      connection: app(5, word: "NOTHING"),
      cause: "permission",
      says: ["the test passes, but", "sees nothing"],
      hint: "name another"
    ),
    Case(
      connection: bitbucket("GONE-made-up", usesToken: false),
      cause: "credential",
      says: ["the test passes, but", "ended app passwords (410)"],
      hint: "give an API token, with the e-mail address as user name"
    ),
    Case(
      connection: bitbucket("GONE-made-up", usesToken: true),
      cause: "endpoint",
      says: ["the test passes, but", "ended this part of its API"],
      hint: "DevLake has to be newer"
    ),
    Case(
      connection: gitlab("glpat-HIDES-12", projects),
      cause: "permission",
      says: ["the test passes, but", "1 of 2 scopes", "'acme/web' (403)"],
      hint: "let the credential's user read them"
    ),
    Case(
      connection: gitlab("glpat-NOLIST"),
      cause: "permission",
      says: ["the test passes, but", "cannot list what to collect", "403"],
      hint: "read_api"
    ),
    Case(
      connection: azure("acme"),
      cause: "permission",
      says: ["the test passes, but", "the token's scopes"],
      hint: "Code (read)"
    ),
    Case(
      connection: azure(""),
      cause: "permission",
      says: ["the test passes, but", "one organization"],
      hint: "name the organization"
    ),
  ]

  @Test(arguments: failing)
  func `a test that passes while collection would fail is failed`(_ given: Case) async throws {
    for era in [Era.may2026, .september2026] {
      try await ShellFixture.with(connection: given.connection, era: era) { place in
        let plain = await place.run("test all")
        #expect(plain.exitCode.isSuccess == given.passesPlainly, "\(plain.everything)")
        let deep = await place.run("test all --deep --json")
        #expect(deep.exitCode == .failure, "\(deep.everything)")
        let record = try deep.record()
        #expect(record["verdict"] as? String == "failed")
        #expect(record["cause"] as? String == given.cause, "\(deep.stdout)")
        let message = try #require(record["message"] as? String)
        for text in given.says { #expect(message.contains(text), "\(message)") }
        #expect((record["hint"] as? String)?.contains(given.hint) == true, "\(deep.stdout)")
        #expect(place.writes.allSatisfy { $0.hasSuffix("/test") })
        let doctor = await place.run("doctor --deep --json")
        let found = try doctor.records().first { $0["check"] as? String == "test" }
        #expect(found?["severity"] as? String == "error", "\(doctor.stdout)")
        #expect(found?["cause"] as? String == given.cause)
      }
    }
  }

  @Test func `what it sees and reads is said, and proves a test that proves nothing`() async throws
  {
    try await ShellFixture.with(connection: Self.gitlab("glpat-fine", Self.projects)) { place in
      let shell = await place.run("test gitlab/1 --deep")
      #expect(shell.exitCode == .success)
      #expect(
        shell.stdout.contains("passed (sees 3 to collect from, reads its 2 scopes)"),
        "\(shell.stdout)"
      )
    }
    let circle: JSONObject = [
      "plugin": "circleci", "name": "C", "endpoint": "https://circleci.com/api/", "token": "x-1",
    ]
    try await ShellFixture.with(connection: circle) { place in
      let plain = try await place.run("test all --json").record()
      #expect(plain["verdict"] as? String == "unverified")
      let deep = try await place.run("test all --deep --json").record()
      #expect(deep["verdict"] as? String == "passed")
    }
    try await ShellFixture.with(connection: ["plugin": "webhook", "name": "w"]) { place in
      let shell = await place.run("test all --deep")
      #expect(shell.exitCode == .success, "\(shell.everything)")
    }
  }

  @Test func `a rotation looks deep when asked, and says that the secret is saved`() async throws {
    let scopes = Self.gitlab("glpat-old-secret", Self.projects)
    try await ShellFixture.with(connection: scopes) { direct in
      let place = direct.with(["NEW": "glpat-new-HIDES-11", "GOOD": "glpat-good-secret"])
      let plain = await place.run("rotate gitlab/1 --token env:NEW")
      #expect(plain.exitCode == .success, "\(plain.everything)")
      let good = await place.run("rotate gitlab/1 --token env:GOOD --deep")
      #expect(good.exitCode == .success, "\(good.everything)")
      #expect(good.stdout.contains("reads its 2 scopes"), "\(good.stdout)")
      let deep = await place.run("rotate gitlab/1 --token env:NEW --deep")
      #expect(deep.exitCode == .failure, "\(deep.everything)")
      #expect(deep.stderr.contains("the new secret is saved, but"), "\(deep.stderr)")
      try #expect(place.stored("gitlab")["token"] == "glpat-new-HIDES-11")
      _ = await place.run("rotate gitlab/1 --token env:GOOD")
      try place.folder.write("r.csv", "gitlab,1,env:NEW\n")
      let bulk = await place.run("rotate --from r.csv --deep --json")
      #expect(bulk.exitCode == .failure, "\(bulk.everything)")
      let message = try bulk.record()["message"] as? String
      #expect(message?.contains("saved, but the test passes, but 1 of 2 scopes") == true)
    }
  }

  @Test func `a new App's foreign installation is refused, and the right one offered`() async throws
  {
    try await ShellFixture.with { place in
      try place.folder.write("app.pem", Self.key)
      let create =
        "create --plugin github --org acme --auth-method AppKey --app-id 12 --secret-key file:app.pem"
      let shell = await place.run(create + " --installation-id 99999")
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.everything.contains("set 'installationId' to 5"), "\(shell.everything)")
      #expect(place.simulator.connections("github").isEmpty)
      #expect(await place.run(create + " --installation-id 5").exitCode == .success)
    }
  }

  private static let two: JSONValue = [
    "connections": [
      .object(gitlab("glpat-HIDES-12", projects)),
      [
        "plugin": "gitlab", "name": "other", "endpoint": "https://gitlab.com/api/v4/",
        "token": "BAD",
      ],
      [
        "plugin": "jenkins", "name": "CI", "endpoint": "https://ci.example.com/",
        "username": "ada", "password": "good-secret",
      ],
    ],
    "projects": [
      [
        "name": "api only",
        "connections": [
          ["pluginName": "gitlab", "connectionId": 1, "scopes": [["scopeId": "11"]]]
        ],
      ],
      [
        "name": "both",
        "connections": [
          [
            "pluginName": "gitlab", "connectionId": 1,
            "scopes": [["scopeId": "11"], ["scopeId": "12"]],
          ]
        ],
      ],
      ["name": "empty"],
    ],
    "blueprints": [
      [
        "name": "nightly", "mode": "ADVANCED",
        "plan": [[["plugin": "jenkins", "options": ["connectionId": 1]]]],
      ]
    ],
  ]

  @Test(
    arguments: [
      ("--project 'api only'", ["gitlab/1"], ExitCode.success),
      ("--project 'api only' --deep", ["gitlab/1"], .success),
      ("--project both", ["gitlab/1"], .success),
      ("--project both --deep", ["gitlab/1"], .failure),
      ("--blueprint nightly", ["jenkins/1"], .success),
      ("--blueprint 4 --deep", ["jenkins/1"], .success),
      ("--blueprint both-Blueprint --deep", ["gitlab/1"], .failure),
      ("--project empty", [], .success),
    ]
  )
  func `a project or a blueprint is tested for just what it collects`(
    _ options: String,
    _ keys: [String],
    _ code: ExitCode
  ) async throws {
    try await ShellFixture.with(seed: .json(Self.two)) { place in
      let shell = await place.run("test \(options) --json")
      #expect(shell.exitCode == code, "\(shell.everything)")
      let found = try shell.records().map { record in
        "\(record["plugin"] as? String ?? "")/\(record["id"] as? Int ?? 0)"
      }
      #expect(found == keys)
    }
  }

  @Test func `a project nobody has, and a connection that is gone, are told`() async throws {
    try await ShellFixture.with(seed: .json(Self.two)) { place in
      let slip = await place.run("test --project bothh")
      #expect(slip.exitCode == .failure)
      #expect(slip.stderr.contains("no project named 'bothh'"))
      #expect(slip.stderr.contains("did you mean 'both'?"))
      let mixed = await place.run("test gitlab/1 --project both")
      #expect(mixed.exitCode == .usage, "\(mixed.everything)")
      place.simulator.remove("jenkins", 1)
      let gone = await place.run("test --blueprint nightly")
      #expect(!gone.exitCode.isSuccess)
      #expect(gone.stderr.contains("jenkins/1"), "\(gone.everything)")
    }
  }
}
