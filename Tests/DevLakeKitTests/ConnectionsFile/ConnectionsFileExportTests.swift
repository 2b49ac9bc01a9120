import Testing

@testable import DevLakeKit

/// What is written of connections.
struct ConnectionsFileExportTests {
  private func export(_ objects: JSONObject...) throws -> ConnectionsFile.Export {
    ConnectionsFile.export(
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

  @Test func `each secret has a variable of its own`() throws {
    let export = try export(
      ["plugin": "gitlab", "id": 1, "name": "a-b", "token": "**"],
      ["plugin": "gitlab", "id": 2, "name": "a_b", "token": "**"],
      ["plugin": "gitlab", "id": 3, "name": "a b", "token": "**"],
      ["plugin": "gitlab", "id": 4, "name": "дом", "token": "**"]
    )
    #expect(
      export.variables == [
        "DEVLAKE_GITLAB_A_B_TOKEN", "DEVLAKE_GITLAB_A_B_TOKEN_2", "DEVLAKE_GITLAB_A_B_TOKEN_3",
        "DEVLAKE_GITLAB_____TOKEN",
      ]
    )
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
