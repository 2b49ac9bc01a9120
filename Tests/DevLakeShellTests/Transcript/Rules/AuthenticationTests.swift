import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That every way to authenticate that DevLake knows can be given by the documents' flags.
struct AuthenticationTests {
  @Test(arguments: ["JIRA_USERNAME", "JIRA_USER", "JIRA_EMAIL", "--username", "env file"])
  func `a user name makes Jira BasicAuth`(_ source: String) async throws {
    try await Workplace.with { place in
      var variables: [String: String] = [:]
      var option = ""
      switch source {
      case "--username": option = "--username ada@example.com"
      case "env file":
        try place.folder.write(".devlake.env", "JIRA_USERNAME=ada@example.com\n")
      default: variables[source] = "ada@example.com"
      }
      let shell = await place.with(variables).run(
        "create --plugin jira --endpoint https://acme.atlassian.net/rest/ --token text:t \(option)"
      )
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      let stored = try place.stored("jira")
      #expect(stored["authMethod"] == "BasicAuth")
      #expect(stored["username"] == "ada@example.com")
      #expect(stored["password"] == "t")
    }
  }

  @Test func `Jira without a user name is a bearer token, but not in the cloud`() async throws {
    try await Workplace.with { place in
      let own = await place.run(
        "create --plugin jira --endpoint https://jira.example.com/rest/ --token text:t"
      )
      #expect(own.exitCode == .success)
      let stored = try place.stored("jira")
      #expect(stored["authMethod"] == "AccessToken")
      #expect(stored["token"] == "t")
      let cloud = await place.run(
        "create --plugin jira --name c --endpoint https://acme.atlassian.net/rest/ --token text:t"
      )
      #expect(cloud.exitCode == .unasked)
      #expect(cloud.stderr.contains("--username"))
      #expect(place.simulator.connections("jira").count == 1)
    }
  }

  @Test func `a fine-grained GitHub token counts as passed, with a note`() async throws {
    try await Workplace.with { place in
      let shell = await place.run(
        "create --plugin github --org acme --token \(Tokens.fineGrained)"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout.contains("✅ Connection test passed (login octocat)"))
      #expect(shell.stderr.contains("permissions were not checked"))
    }
  }

  @Test func `a GitHub App is a connection as well`() async throws {
    let key =
      "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "Qk1F", count: 40)
      + "\n-----END RSA PRIVATE KEY-----\n"
    try await Workplace.with { place in
      try place.folder.write("app.pem", key)
      let shell = await place.run(
        "create --plugin github --org acme --auth-method AppKey --app-id 12 "
          + "--installation-id 5 --secret-key file:app.pem"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("github")
      #expect(stored["authMethod"] == "AppKey")
      #expect(stored["appId"] == "12")
      #expect(stored["installationId"] == 5)
      #expect(stored["secretKey"]?.string?.hasPrefix("-----BEGIN RSA PRIVATE KEY-----\n") == true)
      #expect(!shell.everything.contains("Qk1F"))
    }
  }

  /// A connection with a token, and the file `app.pem` with an App's key beside it.
  private func withBoth(
    _ method: String,
    _ body: (Workplace) async throws -> Void
  ) async throws {
    let key =
      "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "Qk1F", count: 40)
      + "\n-----END RSA PRIVATE KEY-----\n"
    let connection: JSONObject = [
      "plugin": "github", "id": 1, "name": "n", "endpoint": "https://api.github.com/",
      "authMethod": .string(method), "token": .string(Tokens.github), "appId": "12",
      "installationId": 5, "secretKey": .string(key),
    ]
    try await Workplace.with(connection: connection) { place in
      try place.folder.write("app.pem", key)
      try await body(place.with(["PAT": Tokens.newGitHub]))
    }
  }

  @Test(arguments: [false, true])
  func `another authentication of GitHub leaves no secret of the old one behind`(
    _ keepsOld: Bool
  ) async throws {
    let option = keepsOld ? " --keep-old" : ""
    try await withBoth("AccessToken") { place in
      let shell = await place.run(
        "update github/1 --auth-method AppKey --app-id 12 --installation-id 5 "
          + "--secret-key file:app.pem\(option)"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("github")
      #expect(stored["authMethod"] == "AppKey")
      #expect(stored["token"] == (keepsOld ? .string(Tokens.github) : ""))
      #expect(shell.stdout.contains("token: *** → (none)") == !keepsOld, "\(shell.stdout)")
      #expect(place.writes.filter { $0.hasPrefix("PATCH") }.count == 1)
      #expect(!shell.everything.contains("ghp_"))
    }
    try await withBoth("AppKey") { place in
      let shell = await place.run(
        "update github/1 --auth-method AccessToken --token env:PAT\(option)"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("github")
      #expect(stored["token"] == .string(Tokens.newGitHub))
      #expect((stored["secretKey"] == "") == !keepsOld)
      #expect(!shell.everything.contains("BEGIN RSA"))
    }
  }

  @Test(arguments: [("AppKey", "token", "secretKey"), ("AccessToken", "secretKey", "token")])
  func `a secret that is not in use can be cleared, and the one in use cannot`(
    _ method: String,
    _ unused: String,
    _ used: String
  ) async throws {
    try await withBoth(method) { place in
      let refused = await place.run("update github/1 --clear \(used)")
      #expect(refused.exitCode == .usage)
      #expect(refused.stderr.contains("is the credential github/1 uses"), "\(refused.stderr)")
      #expect(place.writes.isEmpty)
      let shell = await place.run("update github/1 --clear \(unused)")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("github")
      #expect(stored[unused] == "")
      #expect(stored[used]?.string?.isEmpty == false)
      let again = await place.run("update github/1 --clear \(unused)")
      #expect(again.stdout.contains("is so already"), "\(again.everything)")
      await #expect(place.run("test github/1").exitCode == .success)
    }
  }

  @Test func `a file with another authentication leaves no secret behind either`() async throws {
    try await withBoth("AppKey") { place in
      try place.folder.write(
        "c.yaml",
        "version: 1\nconnections:\n- {plugin: github, name: n, token: env:PAT}"
      )
      let shell = await place.run("apply c.yaml --yes")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("github")
      #expect(stored["authMethod"] == "AccessToken")
      #expect(stored["secretKey"] == "")
    }
  }

  @Test func `a GitHub App is tested by its key, and told so when that fails`() async throws {
    func key(_ first: String) -> String {
      // As `openssl genrsa` writes it.
      "-----BEGIN PRIVATE KEY-----\n\(first)IBADANBgkqhkiG9w0BAQEFAASC\n"
        + String(repeating: "Qk1F", count: 40) + "\n-----END PRIVATE KEY-----\n"
    }
    let create = "create --plugin github --org acme --app-id 12 --installation-id 5 --secret-key"
    try await Workplace.with { place in
      try place.folder.write("app.pem", key("MIIEvg"))
      try place.folder.write("bad.pem", key("BAD"))
      // What is there for tokens is no private key.
      let place = place.with(["GITHUB_TOKEN": Tokens.github])
      let refused = await place.run("\(create) file:bad.pem")
      #expect(refused.exitCode == .failure)
      #expect(refused.stdout.contains("❌ Connection test failed: unexpected status code"))
      #expect(refused.stderr.contains("💡 check the id of the GitHub App, "), "\(refused.stderr)")
      let created = await place.run("\(create) file:app.pem")
      #expect(created.exitCode == .success, "\(created.everything)")
      #expect(created.stdout.contains("✅ Connection test passed\n"))
      let tested = await place.run("test github/1")
      #expect(tested.exitCode == .success)
      let rotated = await place.run("rotate github/1 --token file:bad.pem")
      #expect(rotated.exitCode == .failure)
      let unnamed = await place.run("rotate github/1")
      #expect(unnamed.exitCode == .unasked)
      #expect(unnamed.stderr.contains("no private key for GitHub"), "\(unnamed.stderr)")
      let asked = await place.run("rotate github/1", answers: [.end])
      #expect(asked.questions == ["Private key for github/1 \"GitHub - acme\": "])
      for shell in [refused, created, tested, rotated, unnamed] {
        #expect(!shell.everything.contains("PAT has"), "\(shell.everything)")
        #expect(!shell.everything.contains("Qk1F"))
      }
    }
  }
}
