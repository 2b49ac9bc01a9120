import DevLakeKit
import Testing

/// A stored connection, the field its secret is, and a new secret for it.
struct RotationCase: Sendable, CustomTestStringConvertible {
  let plugin: String
  /// What tells it from others of the plugin.
  var kind = ""
  let field: String
  var old = "old-secret-1"
  var new = "new-secret-2"
  var refused = "BAD-secret-3"
  let values: JSONObject

  var testDescription: String { plugin + kind }

  /// The connection as a seed has it.
  var connection: JSONObject {
    var object: JSONObject = ["plugin": .string(plugin), "name": .string("C - \(plugin)")]
    for member in values.members { object[member.key] = member.value }
    object[field] = .string(old)
    return object
  }

  static let all: [RotationCase] = [
    RotationCase(
      plugin: "github",
      field: "token",
      old: Tokens.github,
      new: Tokens.newGitHub,
      refused: Tokens.refused,
      values: [
        "endpoint": "https://api.github.com/", "authMethod": "AccessToken",
        "proxy": "http://proxy:8080", "rateLimitPerHour": 4321, "enableGraphql": false,
      ]
    ),
    RotationCase(
      plugin: "gh-copilot",
      field: "token",
      values: [
        "endpoint": "https://api.github.com", "organization": "o", "enterprise": "e",
        "rateLimitPerHour": 77,
      ]
    ),
    RotationCase(
      plugin: "jenkins",
      field: "password",
      values: ["endpoint": "https://j.example.com/", "username": "ada"]
    ),
    RotationCase(
      plugin: "circleci",
      field: "token",
      values: ["endpoint": "https://circleci.com/api/"]
    ),
    RotationCase(
      plugin: "gitlab",
      field: "token",
      values: ["endpoint": "https://gitlab.com/api/v4/", "rateLimitPerHour": 99]
    ),
    RotationCase(
      plugin: "bitbucket",
      field: "password",
      values: [
        "endpoint": "https://api.bitbucket.org/2.0/", "username": "ada", "usesApiToken": true,
      ]
    ),
    RotationCase(
      plugin: "azuredevops_go",
      field: "token",
      values: ["organization": "o", "proxy": "http://127.0.0.1:9311"]
    ),
    RotationCase(
      plugin: "jira",
      kind: " BasicAuth",
      field: "password",
      values: [
        "endpoint": "https://acme.atlassian.net/rest/", "authMethod": "BasicAuth",
        "username": "ada@example.com", "token": "",
      ]
    ),
    RotationCase(
      plugin: "jira",
      kind: " AccessToken",
      field: "token",
      values: [
        "endpoint": "https://jira.example.com/rest/", "authMethod": "AccessToken",
        "password": "",
      ]
    ),
    RotationCase(
      plugin: "pagerduty",
      field: "token",
      values: ["endpoint": "https://api.pagerduty.com/"]
    ),
    RotationCase(
      plugin: "sonarqube",
      field: "token",
      values: ["endpoint": "https://sonarcloud.io/api/", "org": "o"]
    ),
    RotationCase(
      plugin: "argocd",
      field: "token",
      values: ["endpoint": "https://argocd.example.com/api/v1", "rateLimitPerHour": 5]
    ),
  ]

  /// The same for each of the words that give a new secret.
  static let withCommands: [(RotationCase, String)] = all.flatMap { rotation in
    [
      (rotation, "rotate \(rotation.plugin)/1 --token env:NEW"),
      (rotation, "configure connection update --plugin \(rotation.plugin) --id 1 --token env:NEW"),
    ]
  }
}
