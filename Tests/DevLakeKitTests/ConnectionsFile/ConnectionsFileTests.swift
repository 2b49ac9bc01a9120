import Testing

@testable import DevLakeKit

/// That a connections file is read as it is meant, and every mistake in it has its place.
struct ConnectionsFileTests {
  /// A text with the place of the mistake between ⟦ and ⟧.
  private struct Marked {
    let text: String
    let place: TextPlace

    init(_ marked: String) throws {
      let parts = marked.split(separator: "⟦", omittingEmptySubsequences: false)
      try #require(parts.count == 2)
      let lines = parts[0].split(separator: "\n", omittingEmptySubsequences: false)
      place = TextPlace(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
      text = marked.filter { $0 != "⟦" }
    }
  }

  @Test(
    arguments: [
      ("⟦- plugin: github", "the file is not a mapping"),
      ("⟦connections: []", "'version' is missing"),
      ("⟦version: 1", "'connections' is missing"),
      ("version: ⟦2\nconnections: []", "unsupported version"),
      ("version: 1\nconnections: ⟦3", "'connections' must be a list"),
      ("version: 1\n⟦conections: []\nconnections: []", "the file has no key 'conections'"),
      ("version: 1\nconnections:\n- ⟦github", "a connection must be a mapping"),
      ("version: 1\nconnections:\n- ⟦name: x", "the connection has no 'plugin'"),
      ("version: 1\nconnections:\n- ⟦plugin: gitlab", "the connection has no 'name'"),
      ("version: 1\nconnections:\n- {plugin: gitlab, name: ⟦' '}", "the name is empty"),
      ("version: 1\nconnections:\n- {plugin: gitlab, name: ⟦[x]}", "'name' must be text"),
      ("version: 1\nconnections:\n- {plugin: gitlab, name: x, ⟦id: 3}", "'id' is set by DevLake"),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: x, endpoint: ⟦gitlab.com}",
        "does not start with https://"
      ),
      (
        "version: 1\nconnections:\n- {plugin: jira, name: x, username: u, endpoint: ⟦'https://j/'}",
        "does not end in '/rest/'"
      ),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: x, proxy: ⟦ftp://p}",
        "is not an http:// or socks5:// address"
      ),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: x, rateLimitPerHour: ⟦many}",
        "'rateLimitPerHour' must be a whole number"
      ),
      (
        "version: 1\nconnections:\n- {plugin: github, name: x, enableGraphql: ⟦perhaps}",
        "'enableGraphql' must be true or false"
      ),
      ("version: 1\nconnections:\n- {plugin: gitlab, name: x, token: ⟦'***'}", "not a secret"),
      ("version: 1\nconnections:\n- {plugin: gitlab, name: x, token: ⟦'env:'}", "nothing after"),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: x, token: ⟦true}", "must be a reference"
      ),
      ("version: 1\nconnections:\n- {plugin: jenkins, name: ⟦x}", "needs 'endpoint', 'username'"),
      (
        "version: 1\nconnections:\n- {plugin: gh-copilot, name: ⟦x}",
        "'organization' or 'enterprise'"
      ),
      (
        "version: 1\nconnections:\n- {plugin: jira, name: x, endpoint: 'https://j/rest/', "
          + "username: u, token: ⟦'env:T'}", "'token' is not used with BasicAuth"
      ),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: x}\n- {plugin: gitlab, name: ⟦x}",
        "gitlab \"x\" is listed twice"
      ),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: x}\n- {plugin: gitlab, name: ⟦'x '}",
        "differs from another name only in trailing spaces"
      ),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: y}\n"
          + "- {plugin: gitlab, name: ⟦x, renamedFrom: y}",
        "is the name of another connection in this file"
      ),
      (
        "version: 1\nconnections:\n- {plugin: gitlab, name: y, renamedFrom: z}\n"
          + "- {plugin: gitlab, name: ⟦x, renamedFrom: z}", "two connections are renamed from"
      ),
    ]
  )
  func `a mistake has its place`(marked: String, message: String) throws {
    let marked = try Marked(marked)
    let file = try ConnectionsFile(parsing: marked.text)
    let mistake = try #require(file.mistakes.first { $0.message.contains(message) })
    #expect(mistake.place == marked.place, "\(file.mistakes)")
    #expect(mistake.weight == .error)
    #expect(file.mistakes.count == 1, "\(file.mistakes)")
  }

  @Test func `every mistake of a file is found at once`() throws {
    let file = try ConnectionsFile(
      parsing: """
        version: 1
        connections:
          - plugin: jenkins
            name: ci
            endpoint: https://ci/api/
          - plugin: gitlab
            name: \(String(repeating: "x", count: 101))
            proxy: none
        """
    )
    #expect(file.mistakes.map(\.place.line) == [4, 5, 7, 8])
  }

  @Test func `both of two equal names are told`() throws {
    let file = try ConnectionsFile(
      parsing: "version: 1\nconnections:\n- {plugin: slack, name: x}\n\n- {plugin: slack, name: x}"
    )
    #expect(file.mistakes.first?.place.line == 5)
    #expect(file.mistakes.first?.help == "the other is in line 3")
  }

  @Test(
    arguments: [
      (
        "{plugin: gitlab, name: x, token: glpat-secret}", "the secret itself is written in the file"
      ),
      ("{plugin: gitlab, name: x}\n- {plugin: gitlab, name: X}", "only in case"),
    ]
  )
  func `what is only unwise is a warning`(entry: String, message: String) throws {
    let file = try ConnectionsFile(parsing: "version: 1\nconnections:\n- \(entry)")
    let mistake = try #require(file.mistakes.first)
    #expect(mistake.weight == .warning && mistake.message.contains(message))
    #expect(!file.mistakes.contains { "\($0)".contains("glpat-secret") })
  }

  @Test func `unknown words carry the known ones`() throws {
    let file = try ConnectionsFile(
      parsing:
        "version: 1\nconnections:\n- {plugin: githbu, name: x}\n- {plugin: gitlab, name: x, tokn: y}"
    )
    #expect(file.mistakes.map(\.weight) == [.errorIfMistyped, .errorIfMistyped])
    #expect(file.mistakes.first?.unknown?.known.contains("github") == true)
    #expect(file.mistakes.last?.unknown?.known.contains("token") == true)
  }

  @Test(
    arguments: [
      "version: 1\nconnections:\n- plugin: jira\n  name: ünï 🎉\n  endpoint: https://j/rest\n"
        + "  username: u\n  password: env:P\n  rateLimitPerHour: 5\n",
      #"{"version":1,"connections":[{"plugin":"jira","name":"\u00fcn\u00ef \ud83c\udf89","#
        + #""endpoint":"https:\/\/j\/rest","username":"u","password":"env:P","rateLimitPerHour":5}]}"#,
      "x-base: &base {plugin: jira, endpoint: 'https://j/rest/'}\nversion: 1\nconnections:\n"
        + "- {<<: *base, name: 'ünï 🎉', username: u, password: env:P, rateLimitPerHour: '5'}",
    ]
  )
  func `YAML, JSON and anchors mean the same`(text: String) throws {
    let file = try ConnectionsFile(parsing: text)
    #expect(file.mistakes.isEmpty, "\(file.mistakes)")
    let connection = try #require(file.connections.first)
    #expect(connection.name == "ünï 🎉")
    #expect(connection.authMethod?.name == "BasicAuth")
    #expect(
      connection.values == [
        "endpoint": "https://j/rest/", "username": "u", "rateLimitPerHour": 5,
        "authMethod": "BasicAuth",
      ]
    )
    #expect(connection.secrets.map(\.reference.description) == ["env:P"])
  }

  @Test func `a plugin nobody knows takes any field`() throws {
    let file = try ConnectionsFile(
      parsing: "version: 1\nconnections:\n- {plugin: newone, name: x, shoe: 43, apiToken: env:T}"
    )
    #expect(file.mistakes.map(\.weight) == [.errorIfMistyped])
    let connection = try #require(file.connections.first)
    #expect(connection.values == ["shoe": 43])
    #expect(connection.secrets.map(\.field.name) == ["apiToken"])
  }
}
