import DevLakeKit
import Synchronization
import Testing

@Suite struct SecretResolverTests {
  private let request = SecretRequest(
    subject: "token for GitHub",
    flag: "--token",
    keys: ["GITHUB_PAT", "GITHUB_TOKEN"],
    question: "Token: "
  )

  private func request(for reference: SecretReference) -> SecretRequest {
    var request = request
    request.reference = reference
    return request
  }

  private func resolver(
    file: String? = nil,
    environment: [String: String] = [:],
    answer: String? = nil
  ) throws -> SecretResolver {
    var sources = SecretSources(environment: environment, workingDirectory: "/")
    if let answer {
      sources.ask = { _ throws(SecretReferenceError) in answer.isEmpty ? nil : Secret(answer) }
    }
    let envFile = try file.map {
      try EnvFile(parsing: Array($0.utf8), path: ".devlake.env")
    }
    return SecretResolver(sources: sources, envFile: envFile, envFilePath: ".devlake.env")
  }

  @Test func `takes the first place that has one`() async throws {
    let file = "GITHUB_TOKEN=from-file\n"
    let environment = ["GITHUB_PAT": "from-environment", "MINE": "from-option"]
    let all = try resolver(file: file, environment: environment, answer: "from-person")

    let option = try await all.resolve(request(for: SecretReference("env:MINE")))
    #expect(option.value == Secret("from-option"))
    #expect(option.secretVariable == "MINE")
    #expect(option.envFileKey == nil)

    let stored = try await all.resolve(request)
    #expect(stored.value == Secret("from-file"))
    #expect(stored.origin == .envFile(key: "GITHUB_TOKEN", path: ".devlake.env"))
    #expect(stored.envFileKey == "GITHUB_TOKEN")
    #expect(stored.secretVariable == nil)

    let noFile = try resolver(environment: environment, answer: "from-person")
    let variable = try await noFile.resolve(request)
    #expect(variable.value == Secret("from-environment"))
    #expect(variable.secretVariable == "GITHUB_PAT")

    let asked = try await resolver(answer: "from-person").resolve(request)
    #expect(asked.value == Secret("from-person"))
    #expect(asked.origin == .prompt)
  }

  @Test func `looks for the keys in their order`() async throws {
    let both = try resolver(file: "GITHUB_TOKEN=b\nGITHUB_PAT=a\n")
    #expect(try await both.resolve(request).envFileKey == "GITHUB_PAT")
    let empty = try resolver(environment: ["GITHUB_PAT": "", "GITHUB_TOKEN": "b"])
    #expect(try await empty.resolve(request).secretVariable == "GITHUB_TOKEN")
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
  func `names every place it looked at`(file: String?, expected: String) async throws {
    for answer in [nil, ""] {
      let resolver = try resolver(file: file, answer: answer)
      let error = await #expect(throws: CredentialError.self) {
        try await resolver.resolve(request)
      }
      #expect(error?.description == expected)
    }
  }

  @Test func `stops at a place that holds no secret`() async throws {
    let resolver = try resolver(file: "GITHUB_PAT=\"a\\nb\"\n", environment: ["GITHUB_TOKEN": "x"])
    let stored = await #expect(throws: CredentialError.self) {
      try await resolver.resolve(request)
    }
    #expect(
      stored?.description
        == "'GITHUB_PAT' in '.devlake.env' contains a line break; a secret here is one line"
    )
    let option = try SecretReference("env:NONE")
    let named = await #expect(throws: CredentialError.self) {
      try await resolver.resolve(request(for: option))
    }
    #expect(named?.description.hasPrefix("--token: environment variable 'NONE'") == true)
    #expect(named == .unusable(flag: "--token", .variableUnset("NONE", envFile: ".devlake.env")))
  }

  @Test func `finds a user name in the same order`() async throws {
    let user = SecretRequest(
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

  @Test func `names its origin without the secret`() async throws {
    let option = try SecretReference("hunter2")
    let found = try await resolver().resolve(request(for: option))
    #expect("\(found.origin)" == "the command line")
    #expect(!"\(found)".contains("hunter2"))
  }

  @Test func `a name is looked up in the env file first, whoever refers to it`() async throws {
    let all = try resolver(file: "MINE=from-file\n", environment: ["MINE": "x", "OTHER": "y"])
    let found = await all.resolve([
      request(for: try SecretReference("env:MINE")), request(for: try SecretReference("env:OTHER")),
      request(for: try SecretReference("env:NONE")),
    ])
    #expect(try found[0].get().value == Secret("from-file"))
    #expect(try found[0].get().envFileKey == "MINE")
    #expect(try found[1].get().value == Secret("y"))
    #expect(
      found[2]
        == .failure(.unusable(flag: "--token", .variableUnset("NONE", envFile: ".devlake.env")))
    )
  }

  @Test func `a place that many share is asked once, and their order is kept`() async throws {
    let asked = Mutex<[String]>([])
    var sources = SecretSources(environment: ["A": "a", "B": "b"], workingDirectory: "/")
    sources.ask = { question throws(SecretReferenceError) in
      asked.withLock { $0.append(question) }
      return Secret("answer \(question)")
    }
    let redactor = Redactor()
    let resolver = SecretResolver(sources: sources, parallel: 3, redactor: redactor)
    func wanted(_ reference: String, _ owner: String = "") throws -> SecretRequest {
      SecretRequest(
        subject: "s",
        flag: "f",
        reference: try SecretReference(reference),
        question: owner,
        owner: owner
      )
    }
    let found = await resolver.resolve([
      try wanted("env:B"), try wanted("prompt", "one"), try wanted("cmd:echo $A$B"),
      try wanted("env:A"), try wanted("prompt", "two"), try wanted("prompt", "one"),
      try wanted("cmd:exit 3"), try wanted("text:spelled-out"),
    ])
    let values = found.map { (try? $0.get().value)?.reveal { $0 } }
    #expect(
      values == [
        "b", "answer one", "ab", "a", "answer two", "answer one", nil, "spelled-out",
      ]
    )
    #expect(asked.withLock { $0 } == ["one", "two"])
    #expect(redactor.hiding("it is spelled-out and answer two") == "it is *** and ***")
  }

  @Test func `commands run side by side`() async throws {
    let folder = try ScratchFolder()
    // Each waits for the other: one after the other, the first would wait for ever.
    let sources = SecretSources(
      environment: ["PATH": "/usr/bin:/bin"],
      workingDirectory: folder.path("."),
      commandDeadline: .seconds(20)
    )
    func command(_ mine: String, _ other: String) throws -> SecretRequest {
      let text = "cmd:echo x > \(mine); until [ -e \(other) ]; do sleep 0.01; done; echo \(mine)"
      return SecretRequest(subject: "s", flag: "f", reference: try SecretReference(text))
    }
    let found = await SecretResolver(sources: sources).resolve([
      try command("one", "two"), try command("two", "one"),
    ])
    #expect(found.map { try? $0.get().value } == [Secret("one"), Secret("two")])
  }

  @Test func `who gives up is asked nothing more`() async throws {
    let count = Mutex(0)
    var sources = SecretSources(environment: [:], workingDirectory: "/")
    sources.ask = { _ throws(SecretReferenceError) in
      count.withLock { $0 += 1 }
      throw .interrupted
    }
    let requests = try ["one", "two"].map {
      SecretRequest(
        subject: "s",
        flag: "f",
        reference: try SecretReference("prompt"),
        owner: $0
      )
    }
    let found = await SecretResolver(sources: sources).resolve(requests)
    #expect(found.allSatisfy { $0 == .failure(.unusable(flag: "f", .interrupted)) })
    #expect(count.withLock { $0 } == 1)
  }
}
