import DevLakeKit

/// The connections of the demo, with fixed times so that its pictures stay the same.
///
/// The secrets are made up. Those of `jenkins/2` contain `BAD`, so its test fails.
enum DemoSeed {
  static let json: JSONValue = ["connections": connections, "projects": projects]

  /// The same and one connection of each plugin that came in 2026.
  static let json2026: JSONValue = [
    "connections": .array((connections.array ?? []) + (newConnections.array ?? [])),
    "projects": projects,
  ]

  private static let newConnections: JSONValue = [
    [
      "plugin": "jira", "name": "Jira - gateway", "authMethod": "OAuth2",
      "endpoint": "https://api.atlassian.com/ex/jira/1f2e3d4c-demo/rest/",
      "clientId": "demo-client", "clientSecret": "ATOADemoGh4Kw8Ps2Lz6",
      "cloudId": "1f2e3d4c-demo", "createdAt": "2026-10-20T09:00:00.5Z",
    ],
    [
      "plugin": "claude_code", "name": "Claude Code - my-org",
      "endpoint": "https://api.anthropic.com", "organization": "my-org", "rateLimitPerHour": 1000,
      "customHeaders": [["key": "X-Gateway-Auth", "value": "demo-header-Rt5Yu8"]],
      "createdAt": "2026-10-21T09:00:00.5Z",
    ],
    [
      "plugin": "clickup", "name": "ClickUp", "endpoint": "https://api.clickup.com/api/v2",
      "token": "pk_demo_7Hs4Kd9Wq", "createdAt": "2026-10-22T09:00:00.5Z",
    ],
    [
      "plugin": "cursor", "name": "Cursor", "endpoint": "https://api.cursor.com",
      "token": "key_demo_5Bn8Mz2Xc", "rateLimitPerHour": 1200,
      "createdAt": "2026-10-23T09:00:00.5Z",
    ],
    [
      "plugin": "grafana_irm", "name": "Grafana IRM", "endpoint": "https://my-org.grafana.net/",
      "token": "glsa_demo_3Fg6Hj9Kl", "createdAt": "2026-10-24T09:00:00.5Z",
    ],
    [
      "plugin": "incidentio", "name": "incident.io", "endpoint": "https://api.incident.io/",
      "token": "inc_demo_4Qw7Er1Ty", "createdAt": "2026-10-25T09:00:00.5Z",
    ],
    [
      "plugin": "kiro", "name": "Kiro - my-org", "accessKeyId": "AKIADEMO0123456789AB",
      "secretAccessKey": "demoSecret/9Zx8Cv7Bn6Mq5", "region": "us-east-1",
      "bucket": "my-org-kiro", "createdAt": "2026-10-26T09:00:00.5Z",
    ],
    [
      "plugin": "linear", "name": "Linear", "endpoint": "https://api.linear.app/graphql",
      "token": "lin_api_demo_6Yh9Uj2Ik", "createdAt": "2026-10-27T09:00:00.5Z",
    ],
    [
      "plugin": "rootly", "name": "Rootly", "endpoint": "https://api.rootly.com/v1/",
      "token": "rootly_demo_1Az4Sx7Dc", "createdAt": "2026-10-28T09:00:00.5Z",
    ],
    [
      "plugin": "tempo", "name": "Tempo", "endpoint": "https://api.tempo.io/4",
      "token": "tempo-demo-8Lp5Oi2Uy", "createdAt": "2026-10-29T09:00:00.5Z",
    ],
  ]

  private static let connections: JSONValue = [
    [
      "plugin": "github", "name": "GitHub - my-org", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": "ghp_Demo1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT01",
      "rateLimitPerHour": 4500, "createdAt": "2026-03-02T09:14:07.120815Z",
      "updatedAt": "2026-09-15T07:30:41.50821Z",
      "scopes": [
        [
          "githubId": 384_111_310, "name": "api", "fullName": "my-org/api",
          "HTMLUrl": "https://github.com/my-org/api",
          "cloneUrl": "https://github.com/my-org/api.git",
        ]
      ],
    ],
    [
      "plugin": "github", "name": "GitHub - my-org-labs", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": "ghp_Demo1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT02",
      "createdAt": "2026-04-20T13:02:55.004117Z",
    ],
    [
      "plugin": "gh-copilot", "name": "GitHub Copilot - my-org",
      "endpoint": "https://api.github.com", "token": "ghp_Demo1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT03",
      "organization": "my-org", "rateLimitPerHour": 5000,
      "createdAt": "2026-03-02T09:21:33.481092Z",
    ],
    [
      "plugin": "gitlab", "name": "GitLab - my-group", "endpoint": "https://gitlab.com/api/v4/",
      "token": "glpat-Demo4kXw9RtYuBn1", "createdAt": "2026-03-05T16:40:12.935478Z",
    ],
    [
      "plugin": "gitlab", "name": "GitLab - mirror", "endpoint": "https://gitlab.com/api/v4/",
      "token": "glpat-Demo7hZq3VsMcPd2", "rateLimitPerHour": 12000,
      "createdAt": "2026-06-11T08:05:19.27Z",
    ],
    [
      "plugin": "jira", "name": "Jira - my-org", "endpoint": "https://my-org.atlassian.net/rest/",
      "authMethod": "BasicAuth", "username": "devlake@my-org.example",
      "password": "ATATT3xDemoGf0Lk8Ws5Jy1", "createdAt": "2026-03-03T10:11:12.131415Z",
    ],
    [
      "plugin": "jenkins", "name": "Jenkins - ci", "endpoint": "https://ci.my-org.example/",
      "username": "devlake", "password": "11demo5e0c9a7f3b2d1",
      "createdAt": "2026-03-09T12:00:03.000412Z",
    ],
    [
      "plugin": "jenkins", "name": "Jenkins - legacy",
      "endpoint": "https://jenkins-old.my-org.example/", "username": "devlake",
      "password": "BAD-expired-password-0001", "createdAt": "2025-11-18T15:45:59.812734Z",
    ],
    [
      "plugin": "circleci", "name": "CircleCI - my-org", "endpoint": "https://circleci.com/api/",
      "token": "CCIPAT_Demo6TgVb2YhNm1", "createdAt": "2026-05-06T11:27:45.600213Z",
    ],
    [
      "plugin": "bitbucket", "name": "Bitbucket - my-team",
      "endpoint": "https://api.bitbucket.org/2.0/", "username": "devlake@my-org.example",
      "password": "ATATTDemo9QaZw3SxEd2", "usesApiToken": true,
      "createdAt": "2026-07-01T06:59:59.999001Z",
    ],
    [
      "plugin": "azuredevops_go", "name": "Azure DevOps - my-org",
      "token": "azdemo7xk2m5qv9rt4wy6bn8pl3sd1fg0hjc7uz2ie5oa4kt6w01", "organization": "my-org",
      "proxy": "http://127.0.0.1:9311", "createdAt": "2026-05-28T14:33:08.445566Z",
    ],
    [
      "plugin": "pagerduty", "name": "PagerDuty - on-call",
      "endpoint": "https://api.pagerduty.com/", "token": "u+Demo8RfVt5GbYh2Jn1",
      "createdAt": "2026-08-13T17:20:30.708090Z",
    ],
    [
      "plugin": "sonarqube", "name": "SonarQube - my-org",
      "endpoint": "https://sonarcloud.io/api/", "token": "squ_demo3f9a1c7e5b2d8064af1",
      "org": "my-org", "createdAt": "2026-06-30T09:09:09.090909Z",
    ],
    [
      "plugin": "argocd", "name": "ArgoCD - production",
      "endpoint": "https://argocd.my-org.example/api/v1",
      "token": "eyJhbGciOiJIUzI1NiJ9.demo.Xk4Pq7Zt1", "createdAt": "2026-10-04T18:51:26.314159Z",
    ],
  ]

  private static let projects: JSONValue = [
    [
      "name": "platform", "description": "The platform team",
      "createdAt": "2026-03-02T09:30:00.250125Z",
      "connections": [
        [
          "pluginName": "github", "connectionId": 1,
          "scopes": [["scopeId": "384111310"]],
        ]
      ],
    ]
  ]
}
