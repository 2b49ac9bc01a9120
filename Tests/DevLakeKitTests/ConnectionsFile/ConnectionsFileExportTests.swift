import Testing

@testable import DevLakeKit

/// What is written of connections.
struct ConnectionsFileExportTests {
  private func export(_ objects: JSONObject...) throws -> ConnectionsFile.Export {
    try ConnectionsFile.export(
      try objects.map { object in
        let plugin = PluginRegistry.standard.descriptor(for: object["plugin"]?.string ?? "")
        return try #require(Connection(.object(object), of: plugin))
      }
    )
  }

  @Test func `it is ordered by plugin and name, without defaults, secrets as references`() throws {
    let export = try export(
      [
        "plugin": "gitlab", "id": 1, "name": "b", "endpoint": "https://gitlab.com/api/v4",
        "proxy": "", "rateLimitPerHour": 0, "token": "gl**xy",
        "createdAt": "2026-01-01T00:00:00Z",
      ],
      [
        "plugin": "github", "id": 7, "name": "Z app", "endpoint": "https://ghe/api/v3",
        "authMethod": "AppKey", "appId": "12", "installationId": 34, "secretKey": "---***---",
        "token": "", "enableGraphql": false, "refreshToken": "", "tokenExpiresAt": nil,
      ],
      ["plugin": "gitlab", "id": 2, "name": "a", "token": "gl**xy", "proxy": "http://u:pw@p:1"],
      ["plugin": "webhook", "id": 3, "name": "w", "postIssuesEndpoint": "/rest/x"]
    )
    #expect(
      YAML.write(export.document) == """
        version: 1
        connections:
        - plugin: github
          name: Z app
          endpoint: https://ghe/api/v3/
          authMethod: AppKey
          appId: '12'
          secretKey: env:DEVLAKE_GITHUB_Z_APP_SECRETKEY
          installationId: 34
          enableGraphql: false
        - plugin: gitlab
          name: a
          proxy: env:DEVLAKE_GITLAB_A_PROXY
          token: env:DEVLAKE_GITLAB_A_TOKEN
        - plugin: gitlab
          name: b
          token: env:DEVLAKE_GITLAB_B_TOKEN
        - plugin: webhook
          name: w

        """
    )
    #expect(export.variables.count == 4)
  }

  @Test func `a variable does not depend on other connections`() throws {
    let names = [
      "a b": "DEVLAKE_GITLAB_A_B_TOKEN", "a-b": "DEVLAKE_GITLAB_A_B_%s_TOKEN",
      "a_b": "DEVLAKE_GITLAB_A_B_%s_TOKEN", "дом": "DEVLAKE_GITLAB_____%s_TOKEN",
      "平台": "DEVLAKE_GITLAB____%s_TOKEN", "数据": "DEVLAKE_GITLAB____%s_TOKEN",
    ]
    let objects = names.keys.sorted().enumerated().map { index, name -> JSONObject in
      [
        "plugin": "gitlab", "id": .integer(index + 1), "name": .string(name), "token": "**",
      ]
    }
    let expected = names.map { name, pattern in
      pattern.replacing("%s", with: SHA256.hexadecimal(of: name).prefix(6).uppercased())
    }
    for object in objects {
      let alone = try export(object).variables
      #expect(alone.count == 1)
      #expect(expected.contains(try #require(alone.first)))
    }
    let together = try ConnectionsFile.export(
      try objects.map { try #require(Connection(.object($0), of: .gitlab)) }
    )
    #expect(Set(together.variables) == Set(expected))
    #expect(ConnectionsFile.variable("gitlab", "平台", "token") == "DEVLAKE_GITLAB____910887_TOKEN")
  }

  @Test(arguments: [("YES", "yes"), ("a b", "A B")])
  func `two names that leave one variable stop it`(_ first: String, _ second: String) throws {
    let collision = #expect(throws: ExportCollision.self) {
      try export(
        ["plugin": "gitlab", "id": 1, "name": .string(first), "token": "**"],
        ["plugin": "gitlab", "id": 2, "name": .string(second), "token": "**"]
      )
    }
    let names = [collision?.first.name, collision?.second.name]
    #expect(Set(names) == [first, second])
  }

  @Test func `what another authentication has left behind is not written`() throws {
    let export = try export([
      "plugin": "jira", "id": 1, "name": "j", "endpoint": "https://j/rest/",
      "authMethod": "AccessToken", "username": "ada", "password": "", "token": "ab**yz",
    ])
    #expect(
      export.document["connections"]?.array == [
        [
          "plugin": "jira", "name": "j", "endpoint": "https://j/rest/",
          "authMethod": "AccessToken", "token": "env:DEVLAKE_JIRA_J_TOKEN",
        ]
      ]
    )
  }

  @Test func `a plugin nobody knows is written field by field`() throws {
    let export = try export([
      "plugin": "newone", "id": 1, "name": "n", "shoe": 43, "nothing": nil, "apiKey": "ab**",
      "username": "u", "password": "", "updatedAt": "2026-01-01T00:00:00Z",
    ])
    #expect(
      export.document["connections"]?.array == [
        [
          "plugin": "newone", "name": "n", "username": "u",
          "password": "env:DEVLAKE_NEWONE_N_PASSWORD", "shoe": 43,
          "apiKey": "env:DEVLAKE_NEWONE_N_APIKEY",
        ]
      ]
    )
  }
}
