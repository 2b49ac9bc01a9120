import Testing

@testable import DevLakeKit

/// What is planned for what a file wants and DevLake has.
struct ConnectionPlannerTests {
  private static let token = "ghp_Demo1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT01"
  private static let fresh = "ghp_Fresh9z8Y7x6W5v4U3t2S1rQpOnMlKjIhG02"
  private static let mask = "ghp_Demo1a2B********************oPqRsT01"

  /// Plans `entries` of a file against connections as DevLake shows them.
  private func plan(
    _ entries: String,
    _ actual: [JSONObject],
    policy: ConnectionPlanner.SecretPolicy = .changed,
    secrets: [String: String] = [:]
  ) throws -> [PlannedChange] {
    let file = try ConnectionsFile(parsing: "version: 1\nconnections:\n\(entries)")
    #expect(!file.mistakes.contains { $0.weight == .error }, "\(file.mistakes)")
    let connections = try actual.map { object in
      let plugin = PluginRegistry.standard.descriptor(for: object["plugin"]?.string ?? "")
      return try #require(Connection(.object(object), of: plugin))
    }
    let planner = ConnectionPlanner(policy: policy)
    let (matches, rest) = planner.match(file.connections, with: connections)
    return matches.map { match in
      var findings: [String: ConnectionPlanner.Finding] = [:]
      for secret in match.desired.secrets {
        let name = secret.reference.variable ?? ""
        findings[secret.field.name] =
          secrets[name].map { .found(Secret($0)) } ?? .missing(reason: "$\(name) is not set")
      }
      return planner.change(match, secrets: findings, others: rest)
    }
  }

  private static let github: JSONObject = [
    "plugin": "github", "id": 1, "name": "main", "endpoint": "https://api.github.com/",
    "proxy": "", "rateLimitPerHour": 0, "authMethod": "AccessToken", "token": .string(mask),
    "enableGraphql": true, "updatedAt": "2026-01-01T00:00:00Z", "appId": "", "secretKey": "",
    "installationId": 0,
  ]
  private static let gitlab: JSONObject = [
    "plugin": "gitlab", "id": 2, "name": "lab", "endpoint": "https://gitlab.com/api/v4/",
    "proxy": "http://p:1", "rateLimitPerHour": 7, "token": "gl******e1",
  ]

  @Test(
    arguments: [
      ("- {plugin: github, name: main, token: env:T}", "unchanged", []),
      ("- {plugin: github, name: main}", "unchanged", []),
      ("- {plugin: github, name: main, endpoint: 'https://api.github.com'}", "unchanged", []),
      ("- {plugin: github, name: main, token: env:NEW}", "rotate", ["token"]),
      ("- {plugin: github, name: main, token: env:UNSET}", "unchanged", []),
      ("- {plugin: github, name: main, rateLimitPerHour: 5}", "update", ["rateLimitPerHour"]),
      (
        "- {plugin: github, name: main, enableGraphql: false, token: env:NEW}", "update",
        ["enableGraphql", "token"]
      ),
      ("- {plugin: github, name: new, renamedFrom: main}", "update", ["name"]),
      ("- {plugin: github, name: 'main '}", "update", ["name"]),
      ("- {plugin: github, name: other, token: env:T}", "create", nil),
    ] as [(String, String, [String]?)]
  )
  func `one connection`(entry: String, action: String, fields: [String]?) throws {
    let secrets = ["T": Self.token, "NEW": Self.fresh]
    let change = try #require(try plan(entry, [Self.github], secrets: secrets).first)
    #expect(change.action.rawValue == action)
    if let fields { #expect(change.fields.map(\.field) == fields) }
    #expect(change.problems.isEmpty)
    #expect(!"\(change.fields)\(change.notes)".contains("ghp_"))
  }

  @Test func `what a file leaves out is to have DevLake's default`() throws {
    let change = try #require(try plan("- {plugin: gitlab, name: lab}", [Self.gitlab]).first)
    #expect(
      change.fields == [
        FieldChange(field: "proxy", before: "http://p:1", after: ""),
        FieldChange(field: "rateLimitPerHour", before: 7, after: 0),
      ]
    )
  }

  @Test func `a number DevLake replaces by its own is none of our changes`() throws {
    let stored: JSONObject = [
      "plugin": "gh-copilot", "id": 1, "name": "c", "endpoint": "https://api.github.com",
      "organization": "o", "rateLimitPerHour": 5000, "token": "gh****xy", "proxy": "",
    ]
    let entry = "- {plugin: gh-copilot, name: c, organization: o, rateLimitPerHour: 0}"
    #expect(try plan(entry, [stored]).map(\.action) == [.unchanged])
  }

  @Test(
    arguments: [
      (ConnectionPlanner.SecretPolicy.changed, "rotate", "changed"),
      (.always, "rotate", "changed"),
      (.never, "unchanged", nil),
    ] as [(ConnectionPlanner.SecretPolicy, String, String?)]
  )
  func `a secret whose mask is of another one`(
    policy: ConnectionPlanner.SecretPolicy,
    action: String,
    state: String?
  ) throws {
    let entry =
      "- {plugin: gitlab, name: lab, proxy: 'http://p:1', rateLimitPerHour: 7, token: env:T}"
    let change = try #require(
      try plan(entry, [Self.gitlab], policy: policy, secrets: ["T": "glpat-other"]).first
    )
    #expect(change.action.rawValue == action)
    #expect(change.secrets.first?.state.rawValue == state)
  }

  @Test func `a secret that is needed and not there is a problem with its place`() throws {
    let entry = "- {plugin: gitlab, name: lab2, token: env:NONE}\n- {plugin: gitlab, name: lab3}"
    let changes = try plan(entry, [Self.gitlab])
    #expect(changes.map(\.action) == [.create, .create])
    #expect(
      changes.flatMap(\.problems).map(\.message) == [
        "token is needed: $NONE is not set",
        "\"lab3\" would be created, and a new GitLab connection needs 'token'",
      ]
    )
    #expect(changes.flatMap(\.problems).map(\.place.line) == [3, 4])
    let always = try plan(
      "- {plugin: github, name: main, token: env:NONE}",
      [Self.github],
      policy: .always
    )
    #expect(always.first?.problems.count == 1)
  }

  @Test func `another authentication needs its own secret, whatever the masks tell`() throws {
    let jira: JSONObject = [
      "plugin": "jira", "id": 1, "name": "j", "endpoint": "https://j/rest/", "proxy": "",
      "rateLimitPerHour": 0, "authMethod": "BasicAuth", "username": "ada", "password": "",
      "token": "",
    ]
    let with =
      "- {plugin: jira, name: j, endpoint: 'https://j/rest/', authMethod: AccessToken, token: env:T}"
    let change = try #require(try plan(with, [jira], secrets: ["T": "secret"]).first)
    #expect(change.fields.map(\.field) == ["authMethod", "token"])
    #expect(change.problems.isEmpty)
    let without = "- {plugin: jira, name: j, endpoint: 'https://j/rest/', authMethod: AccessToken}"
    #expect(try plan(without, [jira]).first?.problems.count == 1)
  }

  @Test func `a new connection gets the file's values, defaults and secrets`() throws {
    let entry =
      "- {plugin: github, name: app, authMethod: AppKey, appId: 12, installationId: 34, "
      + "secretKey: env:K}"
    let change = try #require(try plan(entry, [], secrets: ["K": "pem"]).first)
    #expect(
      change.body.shown == [
        "name": "app", "endpoint": "https://api.github.com/", "proxy": "", "rateLimitPerHour": 0,
        "authMethod": "AppKey", "appId": "12", "installationId": 34, "enableGraphql": true,
        "secretKey": "***",
      ]
    )
  }

  @Test func `the old name beside the new one is told`() throws {
    var old = Self.github
    old["id"] = 9
    old["name"] = "old"
    let change = try #require(
      try plan("- {plugin: github, name: main, renamedFrom: old}", [Self.github, old]).first
    )
    #expect(change.action == .unchanged)
    #expect(change.notes.first?.contains("github/9 still has the former name") == true)
  }

  @Test func `a field DevLake does not keep is told, not sent again and again`() throws {
    let change = try #require(
      try plan("- {plugin: github, name: main, shoe: 43}", [Self.github]).first
    )
    #expect(change.action == .unchanged)
    #expect(change.notes == ["DevLake keeps no 'shoe'; it is not set"])
  }

  @Test func `a proxy with a password is compared and never shown`() throws {
    var stored = Self.github
    stored["proxy"] = "http://u:hidden1@p:1"
    let entry = "- {plugin: github, name: main, proxy: env:P}"
    let same = try plan(entry, [stored], secrets: ["P": "http://u:hidden1@p:1"])
    #expect(same.map(\.action) == [.unchanged])
    let other = try plan(entry, [stored], secrets: ["P": "http://u:hidden2@p:1"])
    #expect(other.map(\.action) == [.rotate])
    #expect(other.flatMap(\.fields).map(\.after) == ["***"])
  }

  @Test func `an authentication the catalogue lacks can stay, and not be chosen`() throws {
    let entry = """
      - {plugin: github, name: main, endpoint: "https://api.github.com/", authMethod: OAuth3}
      """
    var actual = Self.github
    let chosen = try #require(try plan(entry, [actual]).first)
    #expect(
      chosen.problems.map(\.message) == ["'authMethod' must be AccessToken or AppKey, not 'OAuth3'"]
    )
    actual["authMethod"] = "OAuth3"
    let stays = try #require(try plan(entry, [actual]).first)
    #expect(stays.problems.isEmpty && stays.action == .unchanged, "\(stays)")
    let created = try #require(try plan(entry, []).first)
    #expect(created.problems.first?.message.contains("not 'OAuth3'") == true)
  }

  @Test func `a rate limit of 0 that DevLake does not keep is what it makes of it, with a note`()
    throws
  {
    let entry = """
      - {plugin: cursor, name: c, rateLimitPerHour: 0, token: env:T}
      """
    let row: JSONObject = [
      "plugin": "cursor", "id": 1, "name": "c", "endpoint": "https://api.cursor.com", "proxy": "",
      "rateLimitPerHour": 1200, "token": "ab***cd",
    ]
    let kept = try #require(try plan(entry, [row], policy: .never).first)
    #expect(kept.action == .unchanged)
    #expect(kept.notes.contains { $0.contains("rateLimitPerHour 0 means 1200") }, "\(kept.notes)")
    let created = try #require(try plan(entry, [], secrets: ["T": "t"]).first)
    #expect(created.body["rateLimitPerHour"] == .json(1200))
    #expect(created.notes.contains { $0.contains("means 1200") })
  }
}
