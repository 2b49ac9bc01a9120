import DevLakeKit

extension ConnectionKind {
  /// GitHub Copilot: of the older family, with an organization, an enterprise or both.
  static let githubCopilot = ConnectionKind(
    plugin: "gh-copilot",
    model: "GhCopilot",
    family: .legacy,
    fields: [
      .endpoint(limit: 255), .proxy, .token(requirement: .none),
      .text("organization", "Organization"),
      Field(name: "enterprise", goName: "Enterprise", holder: "", omitsEmpty: true),
      Field(
        name: "rateLimitPerHour",
        goName: "RateLimitPerHour",
        holder: "",
        kind: .integer,
        initial: 0,
        decoderNames: ["RateLimitPerHour", "rateLimitPerHour"]
      ),
    ],
    check: { values in
      if values.text("token").isEmpty { return "token is required" }
      let owner = values.text("organization") + values.text("enterprise")
      return owner.isEmpty ? "either enterprise or organization is required" : nil
    },
    settle: { values in
      if values.text("endpoint").isEmpty { values["endpoint"] = "https://api.github.com" }
      if values["rateLimitPerHour"] == 0 { values["rateLimitPerHour"] = 5000 }
    },
    test: ConnectionTest(
      validation: .wrapped(includesName: true),
      checks: true,
      path: copilotPath,
      secret: { $0.text("token") },
      readsJSON: true,
      verdict: { status, detail, _, subject in
        .failed(copilotFailure(status, detail, path: copilotPath(subject)))
      },
      success: copilotSuccess
    ),
    scopes: ScopeKind(
      model: "GhCopilotScope",
      idField: "id",
      members: [
        ("id", ""), ("organization", ""), ("name", ""), ("fullName", ""),
        ("implementationDate", nil), ("baselinePeriodDays", 90), ("seatsLastSyncedAt", nil),
      ],
      rawParameters: ("connectionId", "scopeId", "id"),
      tasks: { context in
        [
          PlanTask(
            "gh-copilot",
            subtasks: copilotSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)), ("scopeId", context.text("id")),
            ]
          )
        ]
      }
    )
  )
}

private let copilotSubtasks = [
  "collectOrgMetrics", "collectCopilotSeatAssignments", "collectEnterpriseMetrics",
  "collectUserMetrics", "extractSeats", "extractOrgMetrics", "extractEnterpriseMetrics",
  "extractUserMetrics",
]

private func copilotPath(_ subject: ConnectionTest.Subject) -> String {
  let enterprise = subject.text("enterprise")
  return enterprise.isEmpty
    ? "orgs/\(subject.text("organization"))/copilot/billing"
    : "enterprises/\(enterprise)/copilot/billing/seats"
}

private func copilotFailure(_ status: Int, _ detail: String, path: String) -> Failure {
  let words =
    switch status {
    case 403:
      "GitHub returned 403 Forbidden. Ensure the PAT includes manage_billing:copilot and the "
        + "resource has Copilot access."
    case 404:
      "GitHub returned 404 Not Found for '\(path)'. Verify the organization/enterprise slug and "
        + "Copilot availability."
    case 429:
      "GitHub rate limited the request (429). Respect Retry-After guidance before retrying. "
        + "Retry after 7 seconds."
    default: "GitHub API request failed with status \(status)."
    }
  return Failure(status, [.own("\(words) Details: \(detail)", status)])
}

private func copilotSuccess(_ subject: ConnectionTest.Subject) -> Answer {
  var body: JSONObject = [
    "success": true, "message": "Successfully connected to GitHub Copilot",
  ]
  let organization = subject.text("organization")
  let enterprise = subject.text("enterprise")
  if !enterprise.isEmpty { body["enterprise"] = .string(enterprise) }
  if !organization.isEmpty { body["organization"] = .string(organization) }
  body["planType"] = enterprise.isEmpty ? "business" : "enterprise"
  body["totalSeats"] = enterprise.isEmpty ? 5 : 7
  if enterprise.isEmpty { body["activeSeats"] = 3 }
  return .json(.object(body))
}
