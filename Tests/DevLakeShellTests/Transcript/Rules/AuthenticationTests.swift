import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That every way to authenticate that DevLake knows can be given by the documents' flags.
struct AuthenticationTests {
  @Test(arguments: ["JIRA_USERNAME", "JIRA_USER", "JIRA_EMAIL", "--username", "env file"])
  func `a user name makes Jira BasicAuth`(_ source: String) async throws {
    try await ShellFixture.with { place in
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
    try await ShellFixture.with { place in
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

  @Test(arguments: [
    (
      "jira", "BasicAuth", "--endpoint https://jira.example.com/rest/ --username ada --token text:t"
    ),
    ("jira", "accesstoken", "--endpoint https://jira.example.com/rest/ --token text:t"),
    ("github", "AccessToken", "--org o --token \(Tokens.fineGrained)"),
  ])
  func `a way to authenticate is named as the plugin has it`(
    plugin: String,
    method: String,
    options: String
  ) async throws {
    try await ShellFixture.with { place in
      let line = "create --plugin \(plugin) --auth-method \(method) \(options)"
      let shell = await place.run(line)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored(plugin)["authMethod"]?.string
      #expect(stored?.lowercased() == method.lowercased())
    }
  }

  @Test(arguments: [
    (
      "create --plugin jira --auth-method AppKey",
      "BasicAuth or AccessToken or OAuth2, not 'AppKey'"
    ),
    (
      "create --plugin jira --auth-method nothing",
      "BasicAuth or AccessToken or OAuth2, not 'nothing'"
    ),
    ("create --plugin github --auth-method BasicAuth", "AccessToken or AppKey, not 'BasicAuth'"),
    ("update jira/1 --auth-method AppKey", "BasicAuth or AccessToken or OAuth2, not 'AppKey'"),
    ("update --plugin github --id 1 --auth-method BasicAuth", "AccessToken or AppKey, not"),
    (
      "configure connection update --plugin jira --id 1 --auth-method X", "BasicAuth or AccessToken"
    ),
  ])
  func `another plugin's way is refused with what this one takes, before anything is sent`(
    line: String,
    reason: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      for options in [[], ["--check"]] {
        let shell = await place.run(line, options)
        #expect(shell.exitCode == .usage, "\(shell.everything)")
        #expect(shell.stderr.contains("'--auth-method' must be \(reason)"), "\(shell.stderr)")
      }
      let words = await place.run(arguments: line.split(separator: " ").map(String.init))
      #expect(words.exitCode == .usage)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `a word no plugin takes is refused where the plugin is not known yet`() async throws {
    try await ShellFixture.with { place in
      let line = "let p = $1; create --plugin $p --auth-method Nothing"
      let shell = await place.run(line, ["--check"])
      #expect(shell.exitCode == .usage)
      for word in ["BasicAuth", "AccessToken", "AppKey"] { #expect(shell.stderr.contains(word)) }
    }
  }

  @Test func `Jira goes to a bearer token and back, and its user name is asked for once`()
    async throws
  {
    try await ShellFixture.with { place in
      for line in [
        "create --plugin jira --name j --endpoint https://jira.example.com/rest/ --token text:one",
        "update jira/1 --auth-method BasicAuth --username ada --token text:two",
        "update jira/1 --auth-method AccessToken --token text:three",
        "update jira/1 --auth-method BasicAuth --token text:four",
      ] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .success, "\(line): \(shell.everything)")
      }
      let stored = try place.stored("jira")
      #expect(stored["authMethod"] == "BasicAuth")
      #expect(stored["username"] == "ada")
      #expect(stored["password"] == "four")
      // Where DevLake holds none it is still needed.
      _ = await place.run(
        "create --plugin jira --name k --endpoint https://jira.example.com/rest/ --token text:one"
      )
      let missing = await place.run("update jira/2 --auth-method BasicAuth --token text:two")
      #expect(missing.exitCode == .unasked)
      #expect(missing.stderr.contains("--username"))
    }
  }

  @Test func `a field that is on or off is no secret, whatever it is called`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      for line in [
        "update bitbucket/1 --field usesApiToken=false --dry-run",
        "update dbt/1 --field usesApiToken=true --dry-run",
      ] {
        let shell = await place.run(arguments: line.split(separator: " ").map(String.init))
        #expect(!shell.stderr.contains("run ps"), "\(shell.stderr)")
      }
      let history = SecretScanner(registry: .standard)
        .redacted("update bitbucket/1 --field usesApiToken=false --field token=x")
      #expect(history.contains("usesApiToken=false") && !history.contains("token=x"))
    }
  }

  @Test(arguments: ["--username ''", "--username $user", "--proxy ''", "--rate-limit ''"])
  func `an option that data leaves empty is not given`(option: String) async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "let user = '';"
          + " create --plugin jira --endpoint https://jira.example.com/rest/ --token text:t \(option)"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(place.stored("jira")["authMethod"] == "AccessToken")
    }
  }

  @Test func `an empty user name is refused as one where it is needed`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let create = await place.run(
        "create --plugin jenkins --endpoint https://ci.example.com/ --token text:t --username ''"
      )
      #expect(create.exitCode == .unasked)
      #expect(create.stderr.contains("--username"))
      let update = await place.run("update jenkins/1 --username ''")
      #expect(update.exitCode == .usage)
      #expect(update.stderr.contains("'--username' has no value"))
      for shell in [create, update] { #expect(!shell.stderr.contains("put the secret there")) }
    }
  }

  @Test func `a fine-grained GitHub token counts as passed, with a note`() async throws {
    try await ShellFixture.with { place in
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
    try await ShellFixture.with { place in
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
    _ body: (ShellFixture) async throws -> Void
  ) async throws {
    let key =
      "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "Qk1F", count: 40)
      + "\n-----END RSA PRIVATE KEY-----\n"
    let connection: JSONObject = [
      "plugin": "github", "id": 1, "name": "n", "endpoint": "https://api.github.com/",
      "authMethod": .string(method), "token": .string(Tokens.github), "appId": "12",
      "installationId": 5, "secretKey": .string(key),
    ]
    try await ShellFixture.with(connection: connection) { place in
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
      #expect(
        again.stdout.contains("is already up to date, nothing changed"),
        "\(again.everything)"
      )
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
    try await ShellFixture.with { place in
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
