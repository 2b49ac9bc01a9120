import DevLakeKit

extension ConnectionKind {
  /// ArgoCD: a PATCH that stores the mask it is sent, a test that only sees 401 and 403.
  static let argocd = ConnectionKind(
    plugin: "argocd",
    model: "Argocd",
    fields: Field.restFields + [
      .token(secret: .init(mask: .generic, restoresMask: false, restoresEmpty: false))
    ],
    patchDecodingWords: "faled to patch *models.ArgocdConnection",
    test: ConnectionTest(
      path: { _ in "applications" },
      secret: { $0.text("token") },
      verdict: { status, _, _, _ in
        switch status {
        case 401: .failed(Failure(400, "StatusUnauthorized error - check your token"))
        case 403: .failed(Failure(400, "token lacks required permissions"))
        default: .passed
        }
      }
    ),
    scopes: ScopeKind(
      model: "ArgocdApplication",
      idField: "name",
      members: [
        ("scopeConfigId", 0), ("name", ""), ("namespace", ""), ("project", ""), ("repoURL", ""),
        ("path", ""), ("targetRevision", ""), ("destServer", ""), ("destNamespace", ""),
        ("syncStatus", ""), ("healthStatus", ""), ("summaryImages", nil),
      ],
      rawParameters: ("ConnectionId", "Name", "name"),
      commonLast: true,
      domains: [("_tool_argocd_applications", nil), ("cicd_scopes", "ArgocdApplication")],
      tasks: { context in
        [
          PlanTask(
            "argocd",
            subtasks: argocdSubtasks,
            options: [
              ("ApplicationName", context.text("name")),
              ("ConnectionId", .integer(context.connection.id)), ("CreatedDateAfter", nil),
              ("scopeConfigId", context.scope["scopeConfigId"] ?? 0),
            ]
          )
        ]
      }
    ),
    defaultScopeConfig: "default"
  )
}

private let argocdSubtasks = [
  "convertApplications", "collectSyncOperations", "extractSyncOperations",
  "convertSyncOperations",
]
