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
      "github", ["acme", "GitHub Cloud", "AccessToken", "", "", .text(Tokens.github), ""],
      ["endpoint": "https://api.github.com/", "name": "GitHub - acme", "proxy": ""]
    ),
    (
      "github",
      [
        "acme", "2", "https://ghe.example.com/api/v3", "1", "GHE", "http://p:1",
        .text(Tokens.github), "",
      ],
      ["endpoint": "https://ghe.example.com/api/v3/", "name": "GHE", "proxy": "http://p:1"]
    ),
    (
      "gh-copilot", ["", "", "acme", "corp", "", "", "", .text(Tokens.github), ""],
      ["organization": "acme", "enterprise": "corp", "name": "GitHub Copilot - acme"]
    ),
    (
      "jenkins", ["", "https://ci.example.com", "ada", "", "", "s3cret", ""],
      ["endpoint": "https://ci.example.com/", "username": "ada", "name": "Jenkins"]
    ),
    (
      "circleci", ["", "1", "", "", "s3cret", ""],
      ["endpoint": "https://circleci.com/api/", "name": "CircleCI"]
    ),
    (
      "gitlab", ["acme", "GitLab.com", "", "", "s3cret", ""],
      ["endpoint": "https://gitlab.com/api/v4/", "name": "GitLab - acme"]
    ),
    (
      "bitbucket", ["acme", "", "ada", "", "", "s3cret", ""],
      ["endpoint": "https://api.bitbucket.org/2.0/", "username": "ada"]
    ),
    (
      "azure-devops", ["acme", "", "http://127.0.0.1:9311", "s3cret", ""],
      ["organization": "acme", "name": "Azure DevOps - acme"]
    ),
    (
      "jira", ["", "1", "https://a.atlassian.net/rest/", "ada@x.org", "", "", "s3cret", ""],
      ["authMethod": "BasicAuth", "username": "ada@x.org", "password": "s3cret", "name": "Jira"]
    ),
    (
      "jira", ["", "2", "https://jira.example.com/rest/", "", "", "s3cret", ""],
      ["authMethod": "AccessToken", "token": "s3cret"]
    ),
    (
      "jira", ["", "3", "11111111-2222-3333-4444-555555555555", "ada@x.org", "", "", "s3cret", ""],
      [
        "authMethod": "BasicAuth", "username": "ada@x.org",
        "endpoint": "https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555/rest/",
      ]
    ),
    (
      "sonarqube", ["2", "https://sonar.example.com/api/", "", "", "s3cret", ""],
      ["org": "", "endpoint": "https://sonar.example.com/api/"]
    ),
    (
      "pagerduty", ["", "", "on-call", "", "s3cret", ""],
      ["endpoint": "https://api.pagerduty.com/", "name": "on-call"]
    ),
    (
      "sonarqube", ["SonarCloud", "acme", "", "", "s3cret", ""],
      ["org": "acme", "endpoint": "https://sonarcloud.io/api/"]
    ),
    (
      "argocd", ["", "https://argo.example.com/api/v1", "", "", "s3cret", ""],
      ["endpoint": "https://argo.example.com/api/v1", "token": "s3cret"]
    ),
    ("asana", ["", "", "", "", "s3cret", ""], ["token": "s3cret", "name": "Asana"]),
    ("asana", ["", "", "", "", "", ""], ["token": "", "name": "Asana"]),
  ]

  @Test(arguments: conversations)
  func `everything is asked, and the answers are saved`(
    _ plugin: String,
    _ answers: [Answer],
    _ stored: JSONObject
  ) async throws {
    try await ShellFixture.with { place in
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
    try await ShellFixture.with { place in
      let all = [.text(plugin)] + answers
      for count in 0..<all.count {
        let interrupted = await place.run("create", answers: all.prefix(count) + [.interrupt])
        #expect(interrupted.exitCode == .interrupted, "after \(count) answers")
        let ended = await place.run("create", answers: all.prefix(count) + [.end])
        #expect(ended.exitCode == .unasked, "after \(count) answers: \(ended.stderr)")
      }
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a wrong answer is asked again, with what is wrong`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(
        "create",
        answers: [
          "nothing", "", "git", "99", "GitHub", "my-org", "9", "Enterprise", "",
          "ghe.example.com", "https://ghe.example.com/api/v3/", "1",
          "GitHub - my-org", .text(String(repeating: "n", count: 101)), "GHE", "proxy:80", "",
          "ghp_short", .text(Tokens.github), "what", "",
        ]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let said = shell.questions.joined(separator: "\n") + shell.stderr
      for complaint in [
        "There is no 'nothing'", "'git' can be GitHub (github)", "There is no '99'",
        "'ghe.example.com' does not start with https://",
        "github/1 is named \"GitHub - my-org\" already", "101", "the proxy 'proxy:80'",
        "too short to be a GitHub token", "'what' is none of these",
      ] { #expect(said.contains(complaint), "\(complaint)") }
      #expect(!said.contains("There is no ''"))
      try #expect(place.stored("github", 3)["name"] == "GHE")
    }
  }

  @Test func `the usual name has a number where somebody has it, so that Enter is enough`()
    async throws
  {
    try await ShellFixture.with { place in
      for _ in 0..<3 {
        let shell = await place.run(
          "create",
          answers: ["jenkins", "", "https://ci.example.com", "ada", "", "", "s3cret", ""]
        )
        #expect(shell.exitCode == .success, "\(shell.everything)")
      }
      let names = place.simulator.connections("jenkins").map { $0["name"]?.string }
      #expect(names == ["Jenkins", "Jenkins (2)", "Jenkins (3)"])
    }
  }

  @Test func `a pair of which one is needed is asked as one, and said`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin gh-copilot",
        answers: ["", "", "", "corp", .text(Tokens.github), ""]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("GitHub Copilot needs an organization or an enterprise"))
      #expect(!shell.questions.contains("Enterprise slug (Enter for none): "))
      try #expect(place.stored("gh-copilot")["enterprise"] == "corp")
    }
  }

  @Test func `Enter does not repeat a refused answer`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create --plugin jenkins",
        answers: ["tok", "", "https://ci.example.com", "ada", "s3cret", ""]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let refused = shell.questions.filter { $0.contains("'tok' does not start") }
      #expect(refused.count == 1)
    }
  }

  @Test(arguments: [
    ("github", "2", "https://github.example.com/api/v3/"),
    ("gitlab", "2", "https://gitlab.example.com/api/v4/"),
    ("jira", "1", "https://your-domain.atlassian.net/rest/"),
    ("jira", "2", "https://jira.example.com/rest/"),
  ])
  func `the example is one of the chosen kind of service`(
    _ plugin: String,
    _ kind: Answer,
    _ example: String
  ) async throws {
    try await ShellFixture.with { place in
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
    try await ShellFixture.with { place in
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
    try await ShellFixture.with { place in
      try place.folder.write("taken", "")
      let shell = await place.run(
        "create",
        answers: ["webhook", "", "deployments", "", "taken", "no/such/folder", "key", ""]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.count == 8)
      let key = try #require(place.folder.text("key"))
      #expect(key.count > 100)
      #expect(!shell.everything.contains(key.dropLast()))
      #expect(place.folder.text("taken") == "")
    }
  }

  @Test func `a word goes a question back, and no other answer is lost`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "create",
        answers: [
          "github", "<", "jenkins", "", "<", "acme", "https://wrong.example.com",
          "<", "https://ci.example.com", "ada", "<", "bob", "", "", "<", "", "<", "<", "ci", "",
          "s3cret", "<", "http://p:1", "s3cret", "",
        ]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("jenkins")
      #expect(stored["endpoint"] == "https://ci.example.com/")
      #expect(stored["username"] == "bob")
      #expect(stored["name"] == "ci")
      #expect(place.writes.filter { $0.hasSuffix("/connections") }.count == 1)
    }
  }

  @Test(
    arguments: [
      [.interrupt], ["jenkins", .interrupt], ["jenkins", "", "https://ci.example.com", .interrupt],
      ["jenkins", "", "https://ci.example.com", "ada", "", "", .interrupt],
      ["jenkins", "", "https://ci.example.com", "ada", "", "", "s3cret", .interrupt],
      ["jenkins", "", "https://ci.example.com", "ada", "", "", "BAD", "", .interrupt],
    ] as [[Answer]]
  )
  func `whoever leaves by Ctrl-C is told what was not done`(answers: [Answer]) async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("create", answers: answers)
      #expect(shell.exitCode == .interrupted, "\(shell.everything)")
      #expect(shell.stderr.hasSuffix("note: nothing was created\n"), "\(shell.stderr)")
      #expect(!shell.stderr.contains("error:"), "\(shell.stderr)")
      let made = place.writes.filter { $0.hasSuffix("/connections") }
      #expect(made.isEmpty)
    }
  }

  @Test func `Tab offers in a question what other connections have there`() async throws {
    let seed: JSONValue = [
      "connections": [
        [
          "plugin": "jenkins", "id": 1, "name": "one", "endpoint": "https://old.example.com/",
          "username": "ada", "password": "x", "proxy": "http://proxy.example.com:3128",
        ],
        [
          "plugin": "gitlab", "id": 1, "name": "two", "endpoint": "https://gitlab.com/api/v4/",
          "token": "x", "proxy": "http://bob:hidden-word@proxy.example.com:3129",
        ],
      ]
    ]
    try await ShellFixture.with(seed: .json(seed)) { place in
      let shell = await place.run(
        "create",
        answers: ["jenkins", "", "https://ci.example.com", "ada", "", "", "s3cret", ""]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      func offered(_ start: String) -> [String] {
        shell.offers.first { $0.key.hasPrefix(start) }?.value ?? []
      }
      #expect(offered("Endpoint") == ["https://old.example.com/"])
      #expect(offered("User name") == ["ada"])
      // One with a password cannot be typed as it is shown.
      #expect(offered("Proxy") == ["http://proxy.example.com:3128"])
      #expect(offered("Which plugin").contains("jenkins"))
      #expect(offered("Connection name").isEmpty)
      let update = await place.run("update jenkins/2", answers: [.interrupt])
      #expect(update.exitCode == .interrupted)
      #expect(update.stderr.hasSuffix("note: nothing was changed\n"), "\(update.stderr)")
    }
  }

  @Test func `a list that is written down comes a screen at a time`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("create", answers: ["", "jen", "", .interrupt])
      let lists = shell.questions.prefix(2)
      #expect(lists.allSatisfy { $0.split(separator: "\n").count <= 20 }, "\(lists)")
      #expect(lists.first?.contains(" [1] GitHub (github)") == true, "\(lists)")
      #expect(lists.first?.contains("[16]") == false)
      #expect(lists.last?.contains("[16]") == true)
      #expect(shell.questions.count == 4, "\(shell.questions)")
    }
  }

  @Test func `what will be made is shown before anything is sent, and can be changed or left`()
    async throws
  {
    try await ShellFixture.with { place in
      let start: [Answer] = ["jenkins", "", "https://ci.example.com", "ada", "", "", "s3cret"]
      let left = await place.run("create", answers: start + ["n"])
      #expect(left.stdout == "Nothing was created.\n")
      #expect(left.exitCode == .success)
      #expect(left.stderr.contains("     endpoint: https://ci.example.com/\n"), "\(left.stderr)")
      #expect(left.stderr.contains("     password: ***\n"), "\(left.stderr)")
      #expect(place.writes.isEmpty)
      let changed = await place.run("create", answers: start + ["c", "username", "bob", ""])
      #expect(changed.exitCode == .success, "\(changed.everything)")
      #expect(changed.questions.contains { $0.contains("User name: ada") })
      let stored = try place.stored("jenkins")
      #expect(stored["username"] == "bob")
      #expect(stored["password"] == "s3cret")
    }
  }

  /// What is answered after a test that failed, and the user name and password that are saved.
  @Test(
    arguments: [
      (["1", "s3cret"], "ada", "s3cret"),
      (["2", "username", "bob", "", "1", "s3cret"], "bob", "s3cret"),
      (["3", "1", "s3cret"], "ada", "s3cret"), (["4"], "ada", "BAD"), (["5"], nil, nil),
      (["leave"], nil, nil), ([.end], nil, nil),
    ] as [([Answer], String?, String?)]
  )
  func `after a test that failed no answer is lost`(
    _ then: [Answer],
    _ user: String?,
    _ password: String?
  ) async throws {
    try await ShellFixture.with { place in
      let start: [Answer] = ["jenkins", "", "https://ci.example.com", "ada", "", "", "BAD", ""]
      let shell = await place.run("create", answers: start + then)
      #expect(shell.stderr.contains("Connection test failed"), "\(shell.everything)")
      guard let user, let password else {
        #expect(shell.exitCode == .failure, "\(shell.everything)")
        #expect(place.simulator.connections("jenkins").isEmpty)
        return
      }
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try place.stored("jenkins")
      #expect(stored["username"] == .string(user))
      #expect(stored["password"] == .string(password))
    }
  }

  @Test func `a DevLake that refuses takes no answer away`() async throws {
    try await ShellFixture.with(faults: ["POST /plugins/jenkins/connections=status:400"]) { place in
      let heals: Answer = .after {
        place.simulator.setFaults([])
        return "try the same again"
      }
      let shell = await place.run(
        "create",
        answers: ["jenkins", "", "https://ci.example.com", "ada", "", "", "s3cret", "", heals]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.last?.contains("Nothing was created. What now") == true)
      #expect(shell.stderr.matches(of: /(?m)^error:/).count == 1, "\(shell.stderr)")
      try #expect(place.stored("jenkins")["username"] == "ada")
    }
  }

  @Test func `a GitHub App's installations are listed, to pick one`() async throws {
    try await ShellFixture.with { place in
      let key =
        "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "MIIEowIBAAKCAQEA\n", count: 8)
        + "-----END RSA PRIVATE KEY-----"
      let shell = await place.run(
        "create",
        answers: ["github", "acme", "1", "AppKey", "77", "", "", .text(key), "octocat", ""]
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.questions.contains { $0.contains("octocat (5)") }, "\(shell.questions)")
      let stored = try place.stored("github")
      #expect(stored["installationId"] == 5)
      #expect(stored["appId"] == "77")
    }
  }

  @Test func `SonarCloud is asked for its organization, and a server is not`() async throws {
    try await ShellFixture.with { place in
      let cloud = await place.run(
        "create --plugin sonarqube",
        answers: ["SonarCloud", "", "acme", "s3cret", ""]
      )
      #expect(cloud.exitCode == .success, "\(cloud.everything)")
      #expect(cloud.questions.contains("Organization key on SonarCloud: "))
      try #expect(place.stored("sonarqube")["org"] == "acme")
      let address = await place.run(
        "create --plugin sonarqube --name two --endpoint https://sonarcloud.io/api/",
        answers: ["acme", "s3cret"]
      )
      #expect(address.exitCode == .success, "\(address.everything)")
    }
  }
}
