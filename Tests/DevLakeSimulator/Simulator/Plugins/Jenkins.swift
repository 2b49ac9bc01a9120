import DevLakeKit

extension ConnectionKind {
  /// Jenkins: user name and password, which answers never show.
  static let jenkins = ConnectionKind(
    plugin: "jenkins",
    model: "Jenkins",
    fields: Field.restFields + [.username, .password],
    test: ConnectionTest(
      refusal: { subject in
        subject.text("endpoint").contains("/api")
          ? Failure(
            400,
            "Invalid Endpoint URL, please use the root URL of Jenkins, without /api"
          )
          : nil
      },
      path: { _ in "" },
      secret: { $0.text("password") },
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error while testing connection")
            : .passing(status, "unexpected status code when testing connection")
        )
      },
      lookupWords: ["get merged connection"]
    ),
    scopes: ScopeKind(
      model: "JenkinsJob",
      idField: "fullName",
      members: [
        ("fullName", ""), ("name", ""), ("class", ""), ("color", ""), ("base", ""), ("url", ""),
        ("description", ""), ("primaryView", ""),
      ],
      rawParameters: ("ConnectionId", "FullName", "fullName"),
      domains: [("cicd_scopes", "JenkinsJob")],
      tasks: { context in
        [
          PlanTask(
            "jenkins",
            subtasks: jenkinsSubtasks,
            options: [
              ("connectionEndpoint", ""), ("connectionId", .integer(context.connection.id)),
              ("fullName", context.text("fullName")), ("scopeConfig", nil),
            ]
          )
        ]
      }
    )
  )
}

private let jenkinsSubtasks = [
  "collectApiJobs", "extractApiJobs", "convertJobs", "collectApiBuilds", "extractApiBuilds",
  "collectApiStages", "extractApiStages", "enrichApiBuildWithStages", "convertBuildsToCICD",
  "convertStages", "convertBuildRepos",
]
