import DevLakeSimulator
import Testing

/// The whole of `create` on a screen of 80 columns and 24 rows, mistyping once: nobody starts over.
@Suite(.enabled(if: Tmux.isInstalled))
struct WizardScreenTests {
  /// What stands on the screen, and what is typed then.
  struct Step: Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    let wait: String
    let type: String

    init(arrayLiteral texts: String...) { (wait, type) = (texts[0], texts[1]) }

    var description: String { "\(wait) → \(type)" }
  }

  static let token = "ghp_Test1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT01"
  static let end: [Step] = [["Create it?", ""]]

  /// The eleven plugins of the documents, each with one slip.
  static let plugins: [(plugin: String, steps: [Step])] = [
    (
      "github",
      [
        ["organization:", "acme"], ["Which GitHub", "GitHub Cloud"],
        ["How DevLake signs in", "AccessToken"], ["Connection name", ""],
        ["Proxy", "proxy:80"], ["'proxy:80'", ""], ["Token for", token],
      ]
    ),
    (
      "gh-copilot",
      [
        ["Enter if there is only", ""], ["Enterprise slug", ""], ["needs an organization", "acme"],
        ["Enterprise slug (Enter", ""], ["Endpoint", ""], ["Connection name", ""], ["Proxy", ""],
        ["Token for", token],
      ]
    ),
    (
      "jenkins",
      [
        ["Organization", ""], ["Endpoint", "htps://ci.example.com"],
        ["does not start with", "https://ci.example.com"], ["User name", "ada"],
        ["Connection name", ""], ["Proxy", ""], ["for Jenkins", "s3cret"],
      ]
    ),
    (
      "circleci",
      [
        ["Organization", ""], ["Which CircleCI", "CircleCI Server"],
        ["Endpoint", "<"], ["Which CircleCI", "CircleCI Cloud"], ["Connection name", ""],
        ["Proxy", ""], ["for CircleCI", "s3cret"],
      ]
    ),
    (
      "gitlab",
      [
        ["organization:", "acme"], ["Which GitLab", "GitLab.com"], ["Connection name", "<"],
        ["Which GitLab", "GitLab.com"], ["Connection name", ""], ["Proxy", ""],
        ["for GitLab", "BAD-token"], ["Create it?", ""],
        ["What now", "type the secret again"], ["for GitLab", "s3cret"],
      ]
    ),
    (
      "bitbucket",
      [
        ["Organization", "acme"], ["Endpoint", "bitbucket"], ["does not start with", ""],
        ["name", "ada"], ["Connection name", ""], ["Proxy", ""], ["for Bitbucket", "s3cret"],
      ]
    ),
    (
      "azure-devops",
      [
        ["organization:", ""], ["organization:", "acme"], ["Connection name", ""],
        ["Proxy", "nonsense"], ["'nonsense'", ""], ["for Azure DevOps", "s3cret"],
        ["Create it?", ""], ["What now", "save it without a test"],
      ]
    ),
    (
      "jira",
      [
        ["Organization", ""], ["Which Jira", "Jira Cloud"],
        ["Endpoint", "https://a.atlassian.net/"], ["/rest/", "https://a.atlassian.net/rest/"],
        ["E-mail", "ada@x.org"], ["Connection name", ""], ["Proxy", ""], ["for Jira", "s3cret"],
      ]
    ),
    (
      "pagerduty",
      [
        ["Organization", ""], ["Endpoint", ""], ["Connection name", token],
        ["looks like a secret", "no"], ["Connection name", "on-call"], ["Proxy", ""],
        ["for PagerDuty", "s3cret"],
      ]
    ),
    (
      "sonarqube",
      [
        ["Which SonarQube", "SonarCloud"], ["Organization key", ""], ["Organization key", "acme"],
        ["Connection name", ""], ["Proxy", ""], ["for SonarQube", "s3cret"],
      ]
    ),
    (
      "argocd",
      [
        ["Organization", ""], ["Endpoint", "tok"],
        ["does not start with", "https://argo.example.com/api/v1"], ["Connection name", ""],
        ["Proxy", ""], ["for ArgoCD", "s3cret"],
      ]
    ),
  ]

  @Test(arguments: plugins)
  func `a connection of each plugin is made, mistyping once, without starting over`(
    _ plugin: String,
    _ steps: [Step]
  ) async throws {
    try await ProgramFixture.with(seed: .empty) { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.waitForGreeting()
      try tmux.enter("create")
      try tmux.wait(until: "Which plugin")
      try tmux.enter(plugin)
      let isEnded = steps.contains { $0.wait == "Create it?" }
      for step in steps + (isEnded ? [] : Self.end) {
        try tmux.wait(for: step.wait) { Self.isAsked(step.wait, on: $0) }
        try tmux.enter(step.type)
      }
      try tmux.wait(until: "Created")
      let id = plugin == "azure-devops" ? "azuredevops_go" : plugin
      #expect(fixture.simulator.connections(id).count == 1)
      #expect(try !tmux.screen().contains("s3cret"))
    }
  }

  @Test(arguments: ["xterm-256color", "dumb"])
  func `Up goes back where nothing is typed, Tab completes, and Ctrl-C leaves calmly`(
    terminal: String
  ) async throws {
    try await ProgramFixture.with(seed: .empty) { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24, terminal: terminal)
      try tmux.waitForGreeting()
      try tmux.enter("create --plugin jenkins --username ada --no-test --endpoint https://a.org")
      try tmux.wait(until: "for Jenkins")
      // There is no question before this one.
      try tmux.press("Up")
      try tmux.wait(until: "there is no question before")
      try tmux.press("C-c")
      try tmux.wait(for: "the end") { $0.hasSuffix("\nnote: nothing was created\ndevlake>") }
      try tmux.enter("create")
      try tmux.wait(until: "Which plugin")
      try tmux.enter("circleci")
      try tmux.wait(until: "Organization")
      try tmux.enter("acme")
      try tmux.wait(until: "Which CircleCI")
      try tmux.enter("CircleCI Server")
      try tmux.wait(for: "a question") { Self.isAsked("Endpoint", on: $0) }
      // Up in what is typed goes nowhere; Tab completes the endpoint that the service has.
      try tmux.type("https://ci")
      try tmux.press("Up", "Tab")
      try tmux.wait(for: "an endpoint") { $0.hasSuffix("https://circleci.com/api/") }
      try tmux.press("C-u", "Up")
      try tmux.wait(for: "the question before") { Self.isAsked("Which CircleCI", on: $0) }
      try tmux.press("C-c")
      try tmux.wait(for: "the end") { $0.hasSuffix("note: nothing was created\ndevlake>") }
    }
  }

  /// Whether it stands at the end of the screen: in the question, or right above it.
  private static func isAsked(_ text: String, on screen: String) -> Bool {
    let rows = screen.split(separator: "\n").suffix(12)
    guard let last = rows.last, !last.hasPrefix("devlake") else { return false }
    return rows.joined().contains(text)
  }
}
