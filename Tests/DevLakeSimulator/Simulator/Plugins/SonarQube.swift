import DevLakeKit

extension ConnectionKind {
  /// SonarQube since July 2026: its test takes user tokens only, but for SonarCloud.
  static let sonarqubeOfUserTokens: ConnectionKind = {
    var kind = sonarqube
    kind.test?.refusal = { subject in
      let token = subject.text("token")
      guard subject.text("endpoint") != "https://sonarcloud.io/api/", !token.hasPrefix("squ_")
      else {
        return nil
      }
      let start = "DevLake requires a User token (squ_ prefix)"
      let end = "under My Account > Security in SonarQube."
      for (prefix, name) in [("sqa_", "Global Analysis"), ("sqp_", "Project Analysis")]
      where token.hasPrefix(prefix) {
        return Failure(
          400,
          "\(start). \(name) tokens (\(prefix)) can push scan results but cannot read project "
            + "metrics via the Web API. Create a User token \(end)"
        )
      }
      return Failure(400, "\(start) for SonarQube Server. Create one \(end)")
    }
    return kind
  }()

  /// SonarQube: every failed test is a 500.
  static let sonarqube = ConnectionKind(
    plugin: "sonarqube",
    model: "Sonarqube",
    fields: Field.restFields + [
      .token(holder: "SonarqubeAccessToken"), .text("org", "Organization"),
    ],
    test: ConnectionTest(
      path: { _ in "authentication/validate" },
      secret: { $0.text("token") },
      readsJSON: true,
      verdict: { status, _, _, _ in
        .failed(
          Failure(
            500,
            "Test connection fail, unexpected status code: \(status == 401 ? 400 : status)"
          )
        )
      }
    ),
    service: ServiceRoutes(secret: { $0["token"]?.string ?? "" }) { path, secret in
      guard path == "user_tokens/search" else { return nil }
      return Answer.json([
        "login": "devlake",
        "userTokens": [
          [
            "name": "collector", "createdAt": "2026-01-05T09:00:00+0000",
            "expirationDate": ServiceRoutes.end(secret),
          ]
        ],
      ])
    },
    scopes: ScopeKind(
      model: "SonarqubeProject",
      idField: "projectKey",
      members: [
        ("projectKey", ""), ("name", ""), ("qualifier", ""), ("visibility", ""),
        ("lastAnalysisDate", nil), ("revision", ""),
      ],
      rawParameters: ("connectionId", "ProjectKey", "projectKey"),
      domains: [("cq_projects", "SonarqubeProject")],
      tasks: { context in
        [
          PlanTask(
            "sonarqube",
            subtasks: sonarqubeSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("projectKey", context.text("projectKey")),
            ]
          )
        ]
      }
    )
  )
}

private let sonarqubeSubtasks = [
  "CollectAdditionalFilemetrics", "ExtractAdditionalFileMetrics", "CollectFilemetrics",
  "ExtractFilemetrics", "CollectIssues", "ExtractIssues", "CollectHotspots", "ExtractHotspots",
  "CollectAccounts", "ExtractAccounts", "convertProjects", "convertIssues", "convertIssueImpacts",
  "convertIssueCodeBlocks", "convertHotspots", "convertFileMetrics", "convertAccounts",
]
