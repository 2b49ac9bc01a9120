import DevLakeKit

/// The plugins of 2026 that collect issues and worklogs.
extension ConnectionKind {
  /// Tempo: an empty mask, a test without validation, one sentence for every failure.
  static let tempo = ConnectionKind(
    plugin: "tempo",
    model: "Tempo",
    fields: Field.restFields + [
      .token(secret: .init(mask: .empty, restoresMask: false, restoresEmpty: false))
    ],
    test: ConnectionTest(
      validation: .none,
      path: { _ in "teams" },
      secret: { $0.text("token") },
      verdict: { status, _, _, _ in
        .failed(.passing(status, "failed to connect to Tempo API"))
      },
      success: { $0.successWithWholeConnection }
    ),
    scopes: ScopeKind(
      model: "TempoTeam",
      idField: "teamId",
      members: [("teamId", 0), ("id", 0), ("key", ""), ("name", ""), ("summary", "")],
      rawParameters: ("ConnectionId", "TeamId", "teamId"),
      domains: [("boards", "TempoTeam")],
      tasks: { context in
        [
          PlanTask(
            "tempo",
            subtasks: [
              "collect-teams", "extract_teams", "collect_worklogs", "extract_worklogs",
              "convert_worklogs",
            ],
            options: [
              ("connectionId", .integer(context.connection.id)), ("teamId", context.text("teamId")),
            ]
          )
        ]
      }
    )
  )

  static let linear = tracker(
    "linear",
    "Linear",
    path: "",
    refusal: "authentication failed, please check your API key",
    ScopeKind(
      model: "LinearTeam",
      idField: "teamId",
      members: [("teamId", ""), ("name", ""), ("key", ""), ("description", "")],
      rawParameters: ("ConnectionId", "TeamId", "teamId"),
      domains: [("boards", "LinearTeam")],
      tasks: { context in
        [
          PlanTask(
            "linear",
            subtasks: linearSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)), ("teamId", context.text("teamId")),
            ]
          )
        ]
      }
    )
  )

  static let clickUp = tracker(
    "clickup",
    "ClickUp",
    path: "team",
    refusal: "authentication failed, please check your API token",
    ScopeKind(model: "ClickUpFolder", idField: "folderId")
  )

  private static func tracker(
    _ plugin: String,
    _ model: String,
    path: String,
    refusal: String,
    _ scopes: ScopeKind
  ) -> ConnectionKind {
    ConnectionKind(
      plugin: plugin,
      model: model,
      fields: Field.restFields + [.token(holder: "")],
      test: ConnectionTest(
        path: { _ in path },
        secret: { $0.text("token") },
        verdict: { status, _, _, _ in
          .failed(
            status == 401 || status == 403
              ? Failure(400, refusal)
              : .passing(status, "unexpected status code while testing connection")
          )
        },
        lookupWords: ["find connection from db"]
      ),
      scopes: scopes
    )
  }
}

private let linearSubtasks = [
  "Collect Users", "Extract Users", "Collect Workflow States", "Extract Workflow States",
  "Collect Issues", "Extract Issues", "Collect Comments", "Extract Comments", "Collect Cycles",
  "Extract Cycles", "Collect Issue History", "Extract Issue History", "Convert Teams",
  "Convert Users", "Convert Issues", "Convert Issue Labels", "Convert Comments", "Convert Cycles",
  "Convert Sprint Issues", "Convert Issue History",
]
