import DevLakeKit

extension ConnectionKind {
  /// PagerDuty: a test that reports success under the status of a failure.
  static let pagerduty = ConnectionKind(
    plugin: "pagerduty",
    model: "PagerDuty",
    fields: Field.restFields + [.token(holder: "PagerDutyAccessToken")],
    test: ConnectionTest(
      path: { _ in "licenses" },
      secret: { $0.text("token") },
      verdict: { status, _, _, _ in
        status == 401
          ? .failed(Failure(400, "StatusUnauthorized error while testing connection"))
          : .successUnder(status)
      },
      success: { $0.plainSuccess },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(
      model: "Service",
      idField: "id",
      members: [("id", ""), ("url", ""), ("name", "")],
      rawParameters: ("ConnectionId", "ScopeId", "id"),
      domains: [("boards", "Service")],
      tasks: { context in
        [
          PlanTask(
            "pagerduty",
            subtasks: pagerdutySubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("serviceId", context.text("id")),
            ]
          )
        ]
      }
    )
  )
}

private let pagerdutySubtasks = [
  "collectIncidents", "extractIncidents", "convertIncidents", "convertServices",
]
