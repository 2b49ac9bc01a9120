/// The plugins that the simulator plays.
extension ConnectionKind {
  /// The plugins with connections of an era, by slug.
  static func all(in era: Era) -> [String: ConnectionKind] {
    switch era {
    case .may2026: ofMay
    case .september2026: ofSeptember
    }
  }

  private static let ofMay = Dictionary(uniqueKeysWithValues: all.map { ($0.plugin, $0) })

  private static let ofSeptember: [String: ConnectionKind] = {
    var kinds = ofMay
    kinds["q_dev"] = nil
    for kind in [
      jiraWithOAuth2, sonarqubeOfUserTokens, opsgenieOfSeptember, rootly, incidentIO, grafanaIRM,
      tempo, linear, clickUp, cursor, claudeCode, kiro,
    ] {
      kinds[kind.plugin] = kind
    }
    return kinds
  }()

  /// Every plugin with connections of May 2026.
  private static let all: [ConnectionKind] = [
    github, githubCopilot, jenkins, circleci, gitlab, bitbucket, azureDevOps, jira, pagerduty,
    sonarqube, argocd,
    asana, bamboo, bitbucketServer, opsgenie, taiga, tapd, teambition, testmo, trello, zentao,
    ae, feishu, gitee, qDeveloper, slack, webhook,
  ]

  /// What the recorded servers list under `/plugins`.
  static func loadedPlugins(in era: Era) -> [String] {
    switch era {
    case .may2026: loadedInMay
    case .september2026:
      loadedInMay.filter { $0 != "q_dev" } + [
        "claude_code", "clickup", "cursor", "grafana_irm", "incidentio", "kiro", "linear", "rootly",
        "tempo",
      ]
    }
  }

  private static let loadedInMay = [
    "ae", "argocd", "asana", "azuredevops_go", "bamboo", "bitbucket", "bitbucket_server",
    "circleci", "customize", "dbt", "dora", "feishu", "gh-copilot", "gitee", "gitextractor",
    "github", "github_graphql", "gitlab", "icla", "issue_trace", "jenkins", "jira", "linker",
    "opsgenie", "org", "pagerduty", "q_dev", "refdiff", "slack", "sonarqube", "starrocks",
    "taiga", "tapd", "teambition", "testmo", "trello", "webhook", "zentao",
  ]
}
