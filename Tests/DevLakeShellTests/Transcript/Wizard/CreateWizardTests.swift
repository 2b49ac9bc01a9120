import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// `create` alone asks a person for everything.
struct CreateWizardTests {
  typealias Answer = ScriptedConversation.Answer

  /// What a person answers for each documented plugin, and what DevLake holds then.
  static let conversations: [(plugin: String, answers: [Answer], stored: JSONObject)] = [
    (
      "github", ["acme", "GitHub Cloud", "", "", .text(Tokens.github)],
      ["endpoint": "https://api.github.com/", "name": "GitHub - acme", "proxy": ""]
    ),
    (
      "github",
      ["acme", "2", "https://ghe.example.com/api/v3", "GHE", "http://p:1", .text(Tokens.github)],
      ["endpoint": "https://ghe.example.com/api/v3/", "name": "GHE", "proxy": "http://p:1"]
    ),
    (
      "gh-copilot", ["", "", "acme", "corp", "", "", "", .text(Tokens.github)],
      ["organization": "acme", "enterprise": "corp", "name": "GitHub Copilot - acme"]
    ),
    (
      "jenkins", ["", "https://ci.example.com", "ada", "", "", "s3cret"],
      ["endpoint": "https://ci.example.com/", "username": "ada", "name": "Jenkins"]
    ),
    (
      "circleci", ["", "cloud", "", "", "s3cret"],
      ["endpoint": "https://circleci.com/api/", "name": "CircleCI"]
    ),
    (
      "gitlab", ["acme", "GitLab.com", "", "", "s3cret"],
      ["endpoint": "https://gitlab.com/api/v4/", "name": "GitLab - acme"]
    ),
    (
      "bitbucket", ["acme", "", "ada", "", "", "s3cret"],
      ["endpoint": "https://api.bitbucket.org/2.0/", "username": "ada"]
    ),
    (
      "azure-devops", ["acme", "", "http://127.0.0.1:9311", "s3cret"],
      ["organization": "acme", "name": "Azure DevOps - acme"]
    ),
    (
      "jira", ["", "cloud", "https://a.atlassian.net/rest/", "ada@x.org", "", "", "s3cret"],
      ["authMethod": "BasicAuth", "username": "ada@x.org", "password": "s3cret", "name": "Jira"]
    ),
    (
      "jira", ["", "server", "https://jira.example.com/rest/", "", "", "s3cret"],
      ["authMethod": "AccessToken", "token": "s3cret"]
    ),
    (
      "pagerduty", ["", "", "on-call", "", "s3cret"],
      ["endpoint": "https://api.pagerduty.com/", "name": "on-call"]
    ),
    (
      "sonarqube", ["acme", "SonarCloud", "", "", "s3cret"],
      ["org": "acme", "endpoint": "https://sonarcloud.io/api/"]
    ),
    (
      "argocd", ["", "https://argo.example.com/api/v1", "", "", "s3cret"],
      ["endpoint": "https://argo.example.com/api/v1", "token": "s3cret"]
    ),
    ("asana", ["", "", "", "", "s3cret"], ["token": "s3cret", "name": "Asana"]),
    ("asana", ["", "", "", "", ""], ["token": "", "name": "Asana"]),
  ]

  @Test(arguments: conversations)
  func `everything is asked, and the answers are saved`(
    _ plugin: String,
    _ answers: [Answer],
    _ stored: JSONObject
  ) async throws {
    try await Workplace.with { place in
      let shell = await place.run("configure connection", answers: [.text(plugin)] + answers)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.count == answers.count + 1, "\(shell.questions)")
      let id = PluginRegistry.standard[plugin]?.id ?? plugin
      let connection = try place.stored(id)
      for member in stored.members { #expect(connection[member.key] == member.value) }
    }
  }

  @Test(arguments: conversations)
  func `Ctrl-C and Ctrl-D at every question leave DevLake as it was`(
    _ plugin: String,
    _ answers: [Answer],
    _ stored: JSONObject
  ) async throws {
    try await Workplace.with { place in
      let all = [.text(plugin)] + answers
      for count in 0..<all.count {
        let interrupted = await place.run("create", answers: all.prefix(count) + [.interrupt])
        #expect(interrupted.exitCode == .interrupted, "after \(count) answers")
        // What may be left out is left out when the input ends.
        if plugin == "asana", count == all.count - 1 { continue }
        let ended = await place.run("create", answers: all.prefix(count) + [.end])
        #expect(ended.exitCode == .unasked, "after \(count) answers: \(ended.stderr)")
      }
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a wrong answer is asked again, with what is wrong`() async throws {
    try await Workplace.with(seed: .demo) { place in
      let shell = await place.run(
        "create",
        answers: [
          "nothing", "", "git", "99", "GitHub", "my-org", "3", "Enterprise",
          "ghe.example.com", "https://ghe.example.com/api/v3/",
          "GitHub - my-org", .text(String(repeating: "n", count: 101)), "GHE", "proxy:80", "",
          "ghp_short", .text(Tokens.github),
        ]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let said = shell.questions.joined(separator: "\n") + shell.stderr
      for complaint in [
        "There is no 'nothing'", "'git' can be GitHub (github)", "There is no '99'",
        "'ghe.example.com' does not begin with https://",
        "github/1 is named \"GitHub - my-org\" already", "101", "the proxy 'proxy:80'",
        "too short to be a GitHub token",
      ] { #expect(said.contains(complaint), "\(complaint)") }
      #expect(!said.contains("There is no ''"))
      try #expect(place.stored("github", 3)["name"] == "GHE")
    }
  }

  @Test func `the usual name has a number where somebody has it, so that Enter is enough`()
    async throws
  {
    try await Workplace.with { place in
      for _ in 0..<3 {
        let shell = await place.run(
          "create",
          answers: ["jenkins", "", "https://ci.example.com", "ada", "", "", "s3cret"]
        )
        #expect(shell.exitCode == .success, "\(shell.everything)")
      }
      let names = place.simulator.connections("jenkins").map { $0["name"]?.string }
      #expect(names == ["Jenkins", "Jenkins (2)", "Jenkins (3)"])
    }
  }

  @Test func `a pair of which one is needed is asked as one, and said`() async throws {
    try await Workplace.with { place in
      let shell = await place.run(
        "create --plugin gh-copilot",
        answers: ["", "", "", "corp", .text(Tokens.github)]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("GitHub Copilot needs an organization or an enterprise"))
      #expect(!shell.questions.contains("Enterprise slug (Enter for none): "))
      try #expect(place.stored("gh-copilot")["enterprise"] == "corp")
    }
  }

  @Test func `Enter does not repeat a refused answer`() async throws {
    try await Workplace.with { place in
      let shell = await place.run(
        "create --plugin jenkins",
        answers: ["tok", "", "https://ci.example.com", "ada", "s3cret"]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let refused = shell.questions.filter { $0.contains("'tok' does not begin") }
      #expect(refused.count == 1)
    }
  }

  @Test(arguments: [
    ("github", "Enterprise", "https://github.example.com/api/v3/"),
    ("gitlab", "Self-Managed", "https://gitlab.example.com/api/v4/"),
    ("jira", "Cloud", "https://your-domain.atlassian.net/rest/"),
    ("jira", "Data Center", "https://jira.example.com/rest/"),
  ])
  func `the example is one of the chosen kind of service`(
    _ plugin: String,
    _ kind: Answer,
    _ example: String
  ) async throws {
    try await Workplace.with { place in
      let shell = await place.run(
        "create --plugin \(plugin) --org acme",
        answers: [kind, "host", .end]
      )
      if plugin == "jira" {
        #expect(shell.questions.dropFirst().allSatisfy { $0.contains(example) })
      } else {
        // With `--plugin` the default is not asked about.
        let wizard = await place.run(
          "create",
          answers: [.text(plugin), "acme", kind, "host", .end]
        )
        #expect(wizard.questions.suffix(2).allSatisfy { $0.contains(example) })
      }
    }
  }

  @Test func `a GitHub App is asked for its private key, and no token is taken for it`()
    async throws
  {
    try await Workplace.with { place in
      let key =
        "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "MIIEowIBAAKCAQEA\n", count: 8)
        + "-----END RSA PRIVATE KEY-----"
      let create = "create --plugin github --org acme --app-id 1 --installation-id 5"
      let shell = await place.with(["GITHUB_PAT": Tokens.github]).run(create, answers: [.text(key)])
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions == ["Private key for GitHub \"GitHub - acme\": "])
      #expect(!shell.stderr.contains("scopes"))
      try #expect(place.stored("github")["secretKey"] == .string(key))
      let alone = await place.with(["GITHUB_PAT": Tokens.github]).run(create + " --name other")
      #expect(alone.exitCode == .unasked)
      #expect(alone.stderr.contains("--secret-key"))
    }
  }

  @Test func `a webhook's key gets the file that is asked for`() async throws {
    try await Workplace.with { place in
      try place.folder.write("taken", "")
      let shell = await place.run(
        "create",
        answers: ["webhook", "", "deployments", "", "taken", "no/such/folder", "key"]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.count == 7)
      let key = try #require(place.folder.text("key"))
      #expect(key.count > 100)
      #expect(!shell.everything.contains(key.dropLast()))
      #expect(place.folder.text("taken") == "")
    }
  }
}
