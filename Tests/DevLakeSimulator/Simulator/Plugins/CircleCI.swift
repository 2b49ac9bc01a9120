import DevLakeKit

extension ConnectionKind {
  /// CircleCI: a test that does not read what it gets.
  static let circleci = ConnectionKind(
    plugin: "circleci",
    model: "Circleci",
    fields: Field.restFields + [.token()],
    test: ConnectionTest(
      path: { _ in "v2/me" },
      secret: { $0.text("token") },
      verdict: { status, _, _, _ in .failed(.passing(status, "unexpected status code: \(status)"))
      },
      success: { $0.plainSuccess },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(
      model: "CircleciProject",
      idField: "id",
      members: [("id", ""), ("slug", ""), ("name", ""), ("organizationId", "")],
      rawParameters: ("ConnectionId", "ProjectSlug", "slug"),
      domains: [("cicd_scopes", "CircleciProject")],
      domainMember: "slug",
      tasks: { context in
        [
          PlanTask(
            "circleci",
            subtasks: circleciSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("projectSlug", context.text("slug")),
            ]
          )
        ]
      }
    )
  )
}

private let circleciSubtasks = [
  "collectAccounts", "extractAccounts", "convertAccounts", "convertProjects", "collectPipelines",
  "extractPipelines", "collectWorkflows", "extractWorkflows", "collectJobs", "extractJobs",
  "convertJobs", "convertWorkflows",
]
