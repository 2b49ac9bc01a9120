import DevLakeKit
import Testing

/// An example of the documents, what is there before it, and what must come of it.
struct CreateExample: Sendable, CustomTestStringConvertible {
  /// The lines of the documents, without `gh devlake`.
  let lines: String
  /// The name of the plugin in the last line of the output.
  let service: String
  let plugin: String
  /// The variables the example relies on.
  var variables: [String: String] = [:]
  /// Fields DevLake must hold afterwards.
  let stored: JSONObject
  var organization: String?
  var enterprise: String?

  var testDescription: String { lines }
}

extension CreateExample {
  private static let pat = ["GITHUB_PAT": Tokens.github]

  static let all: [CreateExample] = [
    CreateExample(
      lines: "configure connection --plugin github --org my-org",
      service: "GitHub",
      plugin: "github",
      variables: pat,
      stored: [
        "name": "GitHub - my-org", "endpoint": "https://api.github.com/", "proxy": "",
        "authMethod": "AccessToken", "token": .string(Tokens.github), "rateLimitPerHour": 0,
      ],
      organization: "my-org"
    ),
    CreateExample(
      lines: "configure connection --plugin gh-copilot --org my-org",
      service: "GitHub Copilot",
      plugin: "gh-copilot",
      variables: pat,
      stored: [
        "name": "GitHub Copilot - my-org", "endpoint": "https://api.github.com",
        "organization": "my-org", "token": .string(Tokens.github),
      ],
      organization: "my-org"
    ),
    CreateExample(
      lines: """
        configure connection --plugin jenkins --endpoint https://jenkins.example.com --username admin
        """,
      service: "Jenkins",
      plugin: "jenkins",
      variables: ["JENKINS_TOKEN": "from-jenkins"],
      stored: [
        "name": "Jenkins", "endpoint": "https://jenkins.example.com/", "username": "admin",
        "password": "from-jenkins",
      ]
    ),
    CreateExample(
      lines: #"configure connection --plugin circleci --name "CircleCI - backend""#,
      service: "CircleCI",
      plugin: "circleci",
      variables: ["CIRCLECI_TOKEN": "circle-token"],
      stored: [
        "name": "CircleCI - backend", "endpoint": "https://circleci.com/api/",
        "token": "circle-token",
      ]
    ),
    CreateExample(
      lines: #"configure connection --plugin pagerduty --name "PagerDuty - oncall""#,
      service: "PagerDuty",
      plugin: "pagerduty",
      variables: ["PAGERDUTY_TOKEN": "pager-key"],
      stored: [
        "name": "PagerDuty - oncall", "endpoint": "https://api.pagerduty.com/",
        "token": "pager-key",
      ]
    ),
    CreateExample(
      lines: "configure connection --plugin gh-copilot --org my-org --enterprise my-enterprise",
      service: "GitHub Copilot",
      plugin: "gh-copilot",
      variables: pat,
      stored: [
        "name": "GitHub Copilot - my-org", "organization": "my-org",
        "enterprise": "my-enterprise",
      ],
      organization: "my-org",
      enterprise: "my-enterprise"
    ),
    CreateExample(
      lines: """
        configure connection --plugin github --org my-org \\
            --endpoint https://github.example.com/api/v3/
        """,
      service: "GitHub",
      plugin: "github",
      variables: pat,
      stored: ["name": "GitHub - my-org", "endpoint": "https://github.example.com/api/v3/"],
      organization: "my-org"
    ),
    CreateExample(
      lines: "configure connection --plugin github --org my-org --proxy http://proxy:8080",
      service: "GitHub",
      plugin: "github",
      variables: pat,
      stored: ["name": "GitHub - my-org", "proxy": "http://proxy:8080"],
      organization: "my-org"
    ),
    // The proxies lead to the played service; without one it has no address here.
    CreateExample(
      lines: """
        configure connection --plugin azuredevops_go --org my-azure-org \\
            --endpoint https://dev.azure.com/my-azure-org --proxy http://127.0.0.1:9311
        """,
      service: "Azure DevOps",
      plugin: "azuredevops_go",
      variables: ["AZURE_DEVOPS_PAT": "azure-pat"],
      stored: [
        "name": "Azure DevOps - my-azure-org", "organization": "my-azure-org",
        "token": "azure-pat",
      ],
      organization: "my-azure-org"
    ),
    CreateExample(
      lines: """
        configure connection --plugin azure-devops --org my-azure-org \\
            --endpoint https://dev.azure.com/my-azure-org --proxy http://127.0.0.1:9311
        """,
      service: "Azure DevOps",
      plugin: "azuredevops_go",
      variables: ["AZDO_PAT": "my-pat"],
      stored: ["name": "Azure DevOps - my-azure-org", "token": "my-pat"],
      organization: "my-azure-org"
    ),
  ]

  /// The plugins the documents list without an example of their own.
  static let others: [CreateExample] = [
    CreateExample(
      lines: "configure connection --plugin gitlab --org my-group",
      service: "GitLab",
      plugin: "gitlab",
      variables: ["GITLAB_TOKEN": "glpat-1"],
      stored: [
        "name": "GitLab - my-group", "endpoint": "https://gitlab.com/api/v4/", "token": "glpat-1",
      ],
      organization: "my-group"
    ),
    CreateExample(
      lines: "configure connection --plugin bitbucket --username dev",
      service: "Bitbucket Cloud",
      plugin: "bitbucket",
      variables: ["BITBUCKET_APP_PASSWORD": "app-password"],
      stored: [
        "name": "Bitbucket Cloud", "endpoint": "https://api.bitbucket.org/2.0/",
        "username": "dev", "password": "app-password", "usesApiToken": false,
      ]
    ),
    CreateExample(
      lines: """
        configure connection --plugin jira --endpoint https://jira.example.com/rest/ \
        --name "Jira - own"
        """,
      service: "Jira",
      plugin: "jira",
      variables: ["JIRA_API_TOKEN": "jira-token"],
      stored: [
        "name": "Jira - own", "endpoint": "https://jira.example.com/rest/",
        "authMethod": "AccessToken", "token": "jira-token",
      ]
    ),
    CreateExample(
      lines: "configure connection --plugin sonarqube --endpoint https://sonar.example.com/api/",
      service: "SonarQube",
      plugin: "sonarqube",
      variables: ["SONAR_TOKEN": "squ_1"],
      stored: ["name": "SonarQube", "endpoint": "https://sonar.example.com/api/", "token": "squ_1"]
    ),
    CreateExample(
      lines: "configure connection --plugin argocd --endpoint https://argocd.example.com/api/v1",
      service: "ArgoCD",
      plugin: "argocd",
      variables: ["ARGOCD_TOKEN": "argo-token"],
      stored: [
        "name": "ArgoCD", "endpoint": "https://argocd.example.com/api/v1", "token": "argo-token",
      ]
    ),
  ]
}
