import DevLakeKit
import Testing

@Suite struct CredentialResolverTests {
  private let request = CredentialResolver.Request(
    subject: "token for GitHub",
    flag: "--token",
    keys: ["GITHUB_PAT", "GITHUB_TOKEN"],
    question: "Token: "
  )

  private func resolver(
    file: String? = nil,
    environment: [String: String] = [:],
    answer: String? = nil
  ) throws -> CredentialResolver {
    var sources = SecretSources(environment: environment, workingDirectory: "/")
    if let answer {
      sources.ask = { _ throws(SecretReferenceError) in answer.isEmpty ? nil : Secret(answer) }
    }
    let envFile = try file.map {
      try EnvFile(parsing: Array($0.utf8), path: ".devlake.env")
    }
    return CredentialResolver(sources: sources, envFile: envFile, envFilePath: ".devlake.env")
  }

  @Test func takesTheFirstPlaceThatHasOne() async throws {
    let file = "GITHUB_TOKEN=from-file\n"
    let environment = ["GITHUB_PAT": "from-environment", "MINE": "from-option"]
    let all = try resolver(file: file, environment: environment, answer: "from-person")

    let option = try await all.secret(for: request, option: SecretReference("env:MINE"))
    #expect(option.value == Secret("from-option"))
    #expect(option.secretVariable == "MINE")
    #expect(option.envFileKey == nil)

    let stored = try await all.secret(for: request)
    #expect(stored.value == Secret("from-file"))
    #expect(stored.origin == .envFile(key: "GITHUB_TOKEN", path: ".devlake.env"))
    #expect(stored.envFileKey == "GITHUB_TOKEN")
    #expect(stored.secretVariable == nil)

    let noFile = try resolver(environment: environment, answer: "from-person")
    let variable = try await noFile.secret(for: request)
    #expect(variable.value == Secret("from-environment"))
    #expect(variable.secretVariable == "GITHUB_PAT")

    let asked = try await resolver(answer: "from-person").secret(for: request)
    #expect(asked.value == Secret("from-person"))
    #expect(asked.origin == .prompt)
  }

  @Test func looksForTheKeysInTheirOrder() async throws {
    let both = try resolver(file: "GITHUB_TOKEN=b\nGITHUB_PAT=a\n")
    #expect(try await both.secret(for: request).envFileKey == "GITHUB_PAT")
    let empty = try resolver(environment: ["GITHUB_PAT": "", "GITHUB_TOKEN": "b"])
    #expect(try await empty.secret(for: request).secretVariable == "GITHUB_TOKEN")
  }

  @Test(arguments: [
    (
      nil,
      "no token for GitHub: pass --token, or set GITHUB_PAT or GITHUB_TOKEN "
        + "in '.devlake.env' (no such file) or in the environment"
    ),
    (
      "OTHER=1\n",
      "no token for GitHub: pass --token, or set GITHUB_PAT or GITHUB_TOKEN "
        + "in '.devlake.env' or in the environment"
    ),
  ])
  func namesEveryPlaceItLookedAt(file: String?, expected: String) async throws {
    for answer in [nil, ""] {
      let resolver = try resolver(file: file, answer: answer)
      let error = await #expect(throws: CredentialError.self) {
        try await resolver.secret(for: request)
      }
      #expect(error?.description == expected)
    }
  }

  @Test func stopsAtAPlaceThatHoldsNoSecret() async throws {
    let resolver = try resolver(file: "GITHUB_PAT=\"a\\nb\"\n", environment: ["GITHUB_TOKEN": "x"])
    let stored = await #expect(throws: CredentialError.self) {
      try await resolver.secret(for: request)
    }
    #expect(
      stored?.description
        == "'GITHUB_PAT' in '.devlake.env' holds a line break; a secret here is one line"
    )
    let option = try SecretReference("env:NONE")
    let named = await #expect(throws: CredentialError.self) {
      try await resolver.secret(for: request, option: option)
    }
    #expect(named?.description.hasPrefix("--token: environment variable 'NONE'") == true)
    #expect(named == .unusable(flag: "--token", .variableUnset("NONE")))
  }

  @Test func findsAUserNameInTheSameOrder() async throws {
    let user = CredentialResolver.Request(
      subject: "user name for Jira",
      flag: "--username",
      keys: ["JIRA_USERNAME"],
      question: "User name: "
    )
    let all = try resolver(file: "JIRA_USERNAME=file@x\n", environment: ["JIRA_USERNAME": "env@x"])
    #expect(try await all.userName(for: user, option: "me@x").value == "me@x")
    #expect(try await all.userName(for: user).envFileKey == "JIRA_USERNAME")
    let variable = try await resolver(environment: ["JIRA_USERNAME": "env@x"]).userName(for: user)
    #expect(variable.value == "env@x")
    #expect(variable.origin == .environment(key: "JIRA_USERNAME"))
    let asked = try await resolver().userName(for: user) { question in "typed after \(question)x" }
    #expect(asked.value == "typed after User name: x")
    let error = await #expect(throws: CredentialError.self) {
      try await resolver().userName(for: user)
    }
    #expect(error?.description.hasPrefix("no user name for Jira: pass --username") == true)
  }

  @Test func namesItsOriginWithoutTheSecret() async throws {
    let option = try SecretReference("hunter2")
    let found = try await resolver().secret(for: request, option: option)
    #expect("\(found.origin)" == "the command line")
    #expect(!"\(found)".contains("hunter2"))
  }
}
