import DevLakeKit

/// The plugins of 2026 that collect incidents.
extension ConnectionKind {
  /// Rootly: every status but 401 comes with a body that reports success.
  static let rootly = incidents(
    "rootly",
    "Rootly",
    path: "users/me",
    ScopeKind(
      model: "Service",
      idField: "id",
      members: [("id", ""), ("url", ""), ("name", "")],
      domains: [("boards", "Service")],
      tasks: { context in
        [
          PlanTask(
            "rootly",
            subtasks: [
              "collectServices", "extractServices", "collectIncidents", "extractIncidents",
              "convertServices", "convertIncidents",
            ],
            options: [
              ("connectionId", .integer(context.connection.id)), ("serviceId", context.text("id")),
            ]
          )
        ]
      }
    )
  )

  static let incidentIO = incidents(
    "incidentio",
    "Incidentio",
    path: "v1/incident_types",
    ScopeKind(model: "Service", idField: "id")
  )

  private static func incidents(
    _ plugin: String,
    _ model: String,
    path: String,
    _ scopes: ScopeKind
  ) -> ConnectionKind {
    ConnectionKind(
      plugin: plugin,
      model: model,
      fields: Field.restFields + [.token(holder: "\(model)AccessToken")],
      test: ConnectionTest(
        path: { _ in path },
        secret: { $0.text("token") },
        verdict: { status, _, _, _ in
          status == 401
            ? .failed(Failure(400, "StatusUnauthorized error while testing connection"))
            : .successUnder(status)
        },
        success: { $0.plainSuccess },
        lookupWords: ["find connection from db"]
      ),
      scopes: scopes
    )
  }

  /// Grafana IRM: every failed test is a 400, and only the sentence tells why.
  static let grafanaIRM = ConnectionKind(
    plugin: "grafana_irm",
    model: "GrafanaIrm",
    fields: Field.restFields + [.token(holder: "GrafanaIrmAccessToken")],
    test: .custom(lookupWords: ["find connection from db"], grafanaAnswer),
    scopes: ScopeKind(model: "Service", idField: "id")
  )
}

private func grafanaAnswer(_ subject: ConnectionTest.Subject) -> Answer {
  if let complaints = FieldValidator(kind: subject.kind)
    .complaints(testing: subject.values, includesName: false)
  {
    return Failure(500, [.own("error validating target"), .foreign(complaints)]).answer
  }
  let endpoint = subject.text("endpoint")
  let call = Upstream(
    endpoint: endpoint,
    path: "api/plugins/grafana-irm-app/resources/api/v1/IncidentsService.QueryIncidents",
    proxy: subject.text("proxy"),
    secret: subject.text("token")
  )
  let words: String
  switch call.reply {
  case .never:
    var answer = Answer.panic
    answer.hangs = true
    return answer
  case .json(200, _), .other: return .success
  case .json(401, _), .json(403, _):
    words =
      "Authentication failed: invalid Service Account token or insufficient permissions for "
      + "Grafana IRM."
  case .json(404, _):
    words =
      "Grafana IRM app endpoint not found (HTTP 404) at '\(endpoint)'. Please ensure the endpoint "
      + "is your Grafana Cloud stack base URL (e.g. https://<stack>.grafana.net/)."
  case .json(let status, _):
    words =
      "Connection test failed with HTTP status \(status). Please verify your stack URL and token."
  case .unreachable(let failure) where failure.layers[0].text.contains("resolve DNS"):
    words =
      "Failed to resolve hostname for '\(endpoint)'. Please check your Grafana Cloud URL for typos "
      + "(e.g. https://<stack>.grafana.net/)."
  case .unreachable(let failure) where failure.layers[0].text.hasPrefix("Invalid URL"):
    words =
      "Invalid endpoint URL '\(endpoint)': please ensure it starts with https:// "
      + "(e.g. https://<stack>.grafana.net/)."
  case .unreachable, .broken:
    words =
      "Failed to connect to '\(endpoint)' (connection timed out or refused). Please check that the "
      + "URL is spelled correctly (e.g. https://<stack>.grafana.net/) and verify your network or "
      + "proxy settings."
  }
  return Failure(400, words).answer
}
