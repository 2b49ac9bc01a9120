import Testing

@testable import DevLakeKit

/// Which field of a connection holds the secret in use, and when nobody knows.
struct SecretInUseTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let row: JSONObject
    var chosen: String?
    /// The field; `nil`: refused.
    var field: String?
    /// What the refusal says.
    var says: [String] = []
    /// The field to try first.
    var likely: String?
    var usesHeaders = false

    var testDescription: String { name }
  }

  static func jira(_ method: JSONValue, _ members: JSONObject = [:]) -> JSONObject {
    var row: JSONObject = [
      "plugin": "jira", "id": 1, "name": "j", "endpoint": "https://x/rest/", "proxy": "",
      "rateLimitPerHour": 0, "authMethod": method, "username": "", "password": "", "token": "",
      "clientId": "", "clientSecret": "", "cloudId": "",
    ]
    for member in members.members { row[member.key] = member.value }
    return row
  }

  static func row(_ plugin: String, _ members: JSONObject) -> JSONObject {
    var row: JSONObject = [
      "plugin": .string(plugin), "id": 1, "name": "n", "endpoint": "https://x/",
    ]
    for member in members.members { row[member.key] = member.value }
    return row
  }

  static let cases: [Case] = [
    Case(name: "jira's password", row: jira("BasicAuth"), field: "password"),
    Case(name: "jira's token", row: jira("AccessToken", ["token": "ab***cd"]), field: "token"),
    Case(
      name: "jira's OAuth2, an old token beside it",
      row: jira("OAuth2", ["clientSecret": "ab***cd", "token": "ef***gh"]),
      field: "clientSecret"
    ),
    Case(
      name: "an authentication the catalogue lacks",
      row: jira("OAuth3", ["clientSecret": "ab***cd"]),
      says: ["'OAuth3'", "'clientSecret', 'password', 'token'"],
      likely: "clientSecret"
    ),
    Case(
      name: "an authentication without a name",
      row: jira("", ["token": "ab***cd"]),
      likely: "token"
    ),
    Case(name: "no authentication at all", row: jira(nil), says: ["how it authenticates"]),
    Case(
      name: "another field by name",
      row: jira("OAuth3", ["clientSecret": "ab***cd"]),
      chosen: "clientSecret",
      field: "clientSecret"
    ),
    Case(
      name: "a field the authentication does not use",
      row: jira("OAuth2", ["token": "ab***cd"]),
      chosen: "token",
      says: ["does not use 'token'"]
    ),
    Case(
      name: "a field that is not there",
      row: jira("OAuth2"),
      chosen: "pat",
      says: ["no field 'pat'"]
    ),
    Case(name: "gitlab's token", row: row("gitlab", ["token": "gl***ab"]), field: "token"),
    Case(
      name: "a choice where there was none",
      row: row("gitlab", ["token": "", "authMethod": "OAuth2", "clientSecret": "ab***cd"]),
      says: ["'OAuth2'"],
      likely: "clientSecret"
    ),
    Case(
      name: "a secret field beside the known one",
      row: row("gitlab", ["token": "gl***ab", "clientSecret": "ab***cd"]),
      says: ["'clientSecret'"],
      likely: "clientSecret"
    ),
    Case(
      name: "an empty secret field beside the known one",
      row: row("gitlab", ["token": "gl***ab", "clientSecret": ""]),
      field: "token"
    ),
    Case(
      name: "the known field gone",
      row: row("gitlab", ["personalAccessToken": "gl***ab"]),
      says: ["no field 'token'"],
      likely: "personalAccessToken"
    ),
    Case(
      name: "claude_code's headers",
      row: row(
        "claude_code",
        ["token": "", "customHeaders": [["key": "X-A", "value": "ab***cd"]]]
      ),
      usesHeaders: true
    ),
    Case(
      name: "claude_code's token",
      row: row("claude_code", ["token": "sk***ab", "customHeaders": []]),
      field: "token"
    ),
    Case(
      name: "the one secret of an unknown plugin",
      row: row("nova", ["apiKey": "ab***cd", "team": "core"]),
      field: "apiKey"
    ),
    Case(
      name: "one that its mask tells",
      row: row("nova", ["pat": "ab****cd", "team": "core"]),
      field: "pat"
    ),
    Case(
      name: "two of them",
      row: row("nova", ["apiKey": "ab***cd", "clientSecret": "ef***gh"]),
      says: ["which one is in use is not known", "'apiKey', 'clientSecret'"]
    ),
    Case(
      name: "none that can be told",
      row: row("nova", ["team": "core"]),
      says: ["none of its fields is known to contain a secret"]
    ),
    Case(
      name: "a password behind a user name",
      row: row("nova", ["username": "me", "password": ""]),
      field: "password"
    ),
    Case(
      name: "DevLake's own authentications",
      row: row("nova", ["authMethod": "BasicAuth", "password": "", "token": "ab***cd"]),
      field: "password"
    ),
    Case(
      name: "an authentication nobody knows",
      row: row("nova", ["authMethod": "Magic", "token": "ab***cd"]),
      says: ["'Magic'"],
      likely: "token"
    ),
  ]

  @Test(arguments: cases)
  func `the secret in use is known, or nothing is guessed`(_ one: Case) throws {
    let plugin = PluginRegistry.standard.descriptor(for: one.row["plugin"]?.string ?? "")
    let connection = try #require(Connection(.object(one.row), of: plugin))
    do throws(UnknownSecretField) {
      let field = try plugin.secretField(of: connection, chosen: one.chosen)
      #expect(field.name == one.field)
    } catch {
      #expect(one.field == nil, "\(error)")
      for words in one.says { #expect(error.description.contains(words), "\(error)") }
      #expect(error.usesHeaders == one.usesHeaders)
      if let likely = one.likely { #expect(error.candidates.first == likely) }
    }
  }

  @Test func `a secret the authentication does not use is not sent`() throws {
    let connection = try #require(
      Connection(.object(Self.jira("OAuth2", ["clientSecret": "ab***cd"])), of: .jira)
    )
    for (name, stops) in [("token", true), ("password", true), ("clientSecret", false)] {
      var body = RequestBody()
      body[name] = .secret(Secret("new"))
      let obstacle = PluginDescriptor.jira.obstacleToSecrets(in: body, of: connection)
      #expect((obstacle != nil) == stops, "\(name)")
    }
    var leaving = RequestBody()
    leaving["authMethod"] = .json("AccessToken")
    leaving["token"] = .secret(Secret("new"))
    #expect(PluginDescriptor.jira.obstacleToSecrets(in: leaving, of: connection) == nil)
  }

  @Test func `a token is not added to headers, which nothing could take away again`() throws {
    let row = Self.row("claude_code", ["customHeaders": [["key": "X-A", "value": "ab***cd"]]])
    let connection = try #require(Connection(.object(row), of: .claudeCode))
    var body = RequestBody()
    body["token"] = .secret(Secret("new"))
    let obstacle = PluginDescriptor.claudeCode.obstacleToSecrets(in: body, of: connection)
    #expect(obstacle?.message.contains("never be removed") == true)
  }

  @Test func `a header gets a new value, and the others keep theirs`() throws {
    let row = Self.row(
      "claude_code",
      ["customHeaders": [["key": "X-A", "value": "ab***cd"], ["key": "X-B", "value": "ef***gh"]]]
    )
    let connection = try #require(Connection(.object(row), of: .claudeCode))
    var body = RequestBody()
    body["customHeaders"] = .secret(
      connection.headers(
        in: "customHeaders",
        with: [("x-b", Secret("new-1")), ("X-C", Secret("n-2"))]
      )
    )
    let sent = try JSONValue(parsing: body.bytes)
    #expect(
      sent["customHeaders"] == [
        ["key": "X-A", "value": ""], ["key": "X-B", "value": "new-1"],
        ["key": "X-C", "value": "n-2"],
      ]
    )
    #expect(body.secrets.contains(Secret("new-1")))
    #expect(!body.shown.text.contains("new-1"))
  }
}
