/// The plugins that the simulator plays.
extension ConnectionKind {
  /// Every plugin with connections.
  static let all: [ConnectionKind] = [
    github, githubCopilot, jenkins, circleci, gitlab, bitbucket, azureDevOps, jira, pagerduty,
    sonarqube, argocd,
    asana, bamboo, bitbucketServer, opsgenie, taiga, tapd, teambition, testmo, trello, zentao,
    ae, feishu, gitee, qDeveloper, slack, webhook,
  ]

  /// The same by slug.
  static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.plugin, $0) })

  /// What the recorded server lists under `/plugins`.
  static let loadedPlugins = [
    "ae", "argocd", "asana", "azuredevops_go", "bamboo", "bitbucket", "bitbucket_server",
    "circleci", "customize", "dbt", "dora", "feishu", "gh-copilot", "gitee", "gitextractor",
    "github", "github_graphql", "gitlab", "icla", "issue_trace", "jenkins", "jira", "linker",
    "opsgenie", "org", "pagerduty", "q_dev", "refdiff", "slack", "sonarqube", "starrocks",
    "taiga", "tapd", "teambition", "testmo", "trello", "webhook", "zentao",
  ]
}
