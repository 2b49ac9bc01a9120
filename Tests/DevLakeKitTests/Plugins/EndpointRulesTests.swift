import DevLakeKit
import Testing

@Suite("Endpoints are checked and completed before they are sent")
struct EndpointRulesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let plugin: String
    let given: String
    let expected: String
    var testDescription: String { "\(plugin) \(given)" }

    init(_ plugin: String, _ given: String, _ expected: String) {
      self.plugin = plugin
      self.given = given
      self.expected = expected
    }
  }

  @Test(
    arguments: [
      Case("github", "https://api.github.com", "https://api.github.com/"),
      Case("github", "https://github.example.com/api/v3/", "https://github.example.com/api/v3/"),
      Case("gh-copilot", "https://api.github.com", "https://api.github.com"),
      Case("jenkins", "https://jenkins.example.com", "https://jenkins.example.com/"),
      Case("jenkins", "http://10.0.0.7:8080/ci", "http://10.0.0.7:8080/ci/"),
      Case("circleci", "https://circleci.com/api/v2", "https://circleci.com/api/v2/"),
      Case("gitlab", "https://gitlab.example.com/", "https://gitlab.example.com/"),
      Case("bitbucket", "https://api.bitbucket.org/2.0", "https://api.bitbucket.org/2.0/"),
      Case("jira", "https://acme.atlassian.net/rest", "https://acme.atlassian.net/rest/"),
      Case("jira", "HTTPS://jira.example.com/rest/", "HTTPS://jira.example.com/rest/"),
      Case("pagerduty", "https://api.pagerduty.com", "https://api.pagerduty.com/"),
      Case("sonarqube", "http://sonar:9000/api", "http://sonar:9000/api/"),
      Case("argocd", "https://argocd.example.com/api/v1", "https://argocd.example.com/api/v1"),
    ]
  )
  func `a good endpoint is sent, with the final slash where the plugin wants one`(
    _ example: Case
  ) throws {
    let rules = try #require(PluginRegistry.standard[example.plugin]?.endpoint)
    #expect(try rules.normalized(example.given) == example.expected)
  }

  @Test(
    arguments: [
      Case(
        "github",
        "api.github.com",
        "the endpoint 'api.github.com' does not start with https:// or http://; "
          + "write it like https://api.github.com/"
      ),
      Case(
        "gitlab",
        "ftp://gitlab.com/api/v4/",
        "the endpoint 'ftp://gitlab.com/api/v4/' does not start with https:// or http://; "
          + "write it like https://gitlab.com/api/v4/"
      ),
      Case(
        "circleci",
        "https://circleci.com/api/ ",
        "the endpoint contains spaces; write it like https://circleci.com/api/"
      ),
      Case(
        "argocd",
        "https://",
        "the endpoint 'https://' has no host; write it like https://argocd.example.com/api/v1"
      ),
      Case(
        "pagerduty",
        "https:///incidents",
        "the endpoint 'https:///incidents' has no host; "
          + "write it like https://api.pagerduty.com/"
      ),
      Case(
        "sonarqube",
        "https://admin:secret@sonar.example.com/api/",
        "the endpoint contains a user name or password; remove it from the URL"
      ),
      Case(
        "sonarqube",
        "https://admin:sec/ret@sonar.example.com/api/",
        "the endpoint contains a user name or password; remove it from the URL"
      ),
      Case(
        "jira",
        "https://acme.atlassian.net",
        "the endpoint 'https://acme.atlassian.net' does not end in '/rest/'; "
          + "write it like https://your-domain.atlassian.net/rest/"
      ),
      Case(
        "jira",
        "https://jira.example.com/rest/api/2/",
        "the endpoint 'https://jira.example.com/rest/api/2/' does not end in '/rest/'; "
          + "write it like https://your-domain.atlassian.net/rest/"
      ),
      Case(
        "jenkins",
        "https://jenkins.example.com/api/json",
        "the endpoint 'https://jenkins.example.com/api/json' must not contain '/api'; "
          + "write it like https://jenkins.example.com/"
      ),
      Case(
        "bitbucket",
        "",
        "the endpoint '' does not start with https:// or http://; "
          + "write it like https://api.bitbucket.org/2.0/"
      ),
    ]
  )
  func `a bad endpoint is refused with what to write`(_ example: Case) throws {
    let rules = try #require(PluginRegistry.standard[example.plugin]?.endpoint)
    let mistake = #expect(throws: EndpointMistake.self) { try rules.normalized(example.given) }
    #expect(mistake?.description == example.expected)
  }

  @Test(
    arguments: PluginRegistry.standard.plugins
  )
  func `what the catalogue proposes is accepted as it stands`(_ plugin: PluginDescriptor) throws {
    guard let rules = plugin.endpoint else { return }
    let proposals = [rules.standard, rules.example] + rules.choices.map(\.endpoint)
    for proposal in proposals.compactMap({ $0 }) {
      #expect(try rules.normalized(proposal) == proposal)
    }
    for known in ([rules.standard] + rules.choices.map(\.endpoint)).compactMap({ $0 }) {
      #expect(rules.hint(for: known) == nil)
    }
  }

  @Test(
    arguments: [
      Case("github", "https://github.example.com/", "/api/v3/"),
      Case("gitlab", "https://gitlab.example.com/", "/api/v4/"),
      Case("circleci", "https://circleci.com/api/v2/", "/api/"),
      Case("sonarqube", "https://sonar.example.com/", "/api/"),
      Case("argocd", "https://argocd.example.com", "/api/v1"),
    ]
  )
  func `an unusual endpoint gets a hint after a failed test`(_ example: Case) throws {
    let rules = try #require(PluginRegistry.standard[example.plugin]?.endpoint)
    #expect(
      rules.hint(for: example.given) == "the endpoint usually ends in '\(example.expected)'"
    )
  }

  @Test(
    arguments: [
      ("github", "https://api.github.com"),
      ("github", "https://github.example.com/api/v3"),
      ("argocd", "https://argocd.example.com/api/v1/"),
      ("pagerduty", "https://pagerduty.example.com/"),
    ]
  )
  func `a usual endpoint gets no hint`(plugin: String, endpoint: String) throws {
    let rules = try #require(PluginRegistry.standard[plugin]?.endpoint)
    #expect(rules.hint(for: endpoint) == nil)
  }

  @Test func `a host tells Jira Cloud, and nothing else does`() throws {
    let rules = try #require(PluginDescriptor.jira.endpoint)
    #expect(rules.choice(for: "https://ACME.atlassian.net:443/rest/")?.authMethod == "BasicAuth")
    #expect(rules.choice(for: "https://jira.example.com/rest/") == nil)
    #expect(rules.choice(for: "https://example.com/acme.atlassian.net") == nil)
    #expect(rules.choice(for: "https://acme.atlassian.net.example.com/rest/") == nil)
  }
}
