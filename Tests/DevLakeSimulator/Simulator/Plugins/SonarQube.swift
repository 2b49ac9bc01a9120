import DevLakeKit

extension ConnectionKind {
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
