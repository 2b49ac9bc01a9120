import DevLakeKit

extension ConnectionKind {
  /// GitLab: a token tried as Bearer and as Private-Token.
  static let gitlab = ConnectionKind(
    plugin: "gitlab",
    model: "Gitlab",
    fields: Field.restFields + [.token()],
    test: ConnectionTest(
      path: { _ in "user" },
      secret: { $0.text("token") },
      readsJSON: true,
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error while testing connection[PrivateToken]")
            : .passing(status, "unexpected status code while testing connection")
        )
      }
    ),
    service: ServiceRoutes(secret: { $0["token"]?.string ?? "" }) { path, secret in
      switch path {
      case "personal_access_tokens/self":
        Answer.json([
          "id": 31, "name": "devlake", "revoked": .bool(secret.contains("REVOKED")),
          "created_at": "2026-01-05T09:00:00.000Z", "description": nil,
          "scopes": .array(ServiceRoutes.scopes(secret, usual: "read_api,read_repository")),
          "user_id": 7, "last_used_at": nil, "active": .bool(!secret.contains("REVOKED")),
          "expires_at": ServiceRoutes.end(secret),
        ])
      case "user": Answer.json(["id": 7, "username": "devlake"])
      // `HIDES-12`: the project 12 is none of this token's.
      case _ where path.hasPrefix("projects/"):
        secret.contains("HIDES-" + path.dropFirst("projects/".count))
          ? Answer.json(["message": "403 Forbidden"], status: 403)
          : Answer.json(["id": .integer(Int(path.dropFirst("projects/".count)) ?? 0)])
      default: nil
      }
    },
    scopes: ScopeKind(
      model: "GitlabProject",
      idField: "gitlabId",
      members: [
        ("gitlabId", 0), ("name", ""), ("description", ""), ("defaultBranch", ""),
        ("pathWithNamespace", ""), ("webUrl", ""), ("creatorId", 0), ("visibility", ""),
        ("openIssuesCount", 0), ("starCount", 0), ("forkedFromProjectId", 0),
        ("forkedFromProjectWebUrl", ""), ("httpUrlToRepo", ""), ("createdDate", nil),
        ("updatedDate", nil), ("archived", false),
      ],
      rawParameters: ("ConnectionId", "ProjectId", "gitlabId"),
      domains: [
        ("repos", "GitlabProject"), ("cicd_scopes", "GitlabProject"), ("boards", "GitlabProject"),
      ],
      tasks: { context in
        [
          PlanTask(
            "gitlab",
            subtasks: gitlabSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("fullName", context.text("pathWithNamespace")),
              ("projectId", context.text("gitlabId")),
            ]
          ),
          PlanTask(
            "gitextractor",
            subtasks: nil,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("fullName", context.text("pathWithNamespace")), ("name", context.text("name")),
              ("pluginName", "gitlab"), ("proxy", context.connection.values["proxy"] ?? ""),
              ("repoId", .string(context.rowID)),
              ("url", context.cloneURL("httpUrlToRepo", secret: "token")),
            ]
          ),
        ]
      }
    )
  )
}

private let gitlabSubtasks = [
  "Collect Child Pipelines", "Collect Deployments", "Collect Issues", "Collect Users",
  "Extract Child Pipelines", "Extract Deployments", "Extract Issues", "Extract Users",
  "Collect Merge Requests", "Convert Deployments", "Convert Users", "Convert Projects",
  "Extract Merge Requests", "Collect MR Details", "Convert Merge Requests", "Collect MR Notes",
  "Convert MR Assignees", "Convert MR Commits", "Convert MR Labels", "Convert MR Reviewers",
  "Extract MR Details", "Convert Issues", "Extract MR Notes", "Collect MR Commits",
  "Convert Issue Labels", "Convert MR Comments", "convert Issue Assignees", "Extract MR Commits",
  "Collect Pipelines", "Extract Pipelines", "Collect Pipeline Details",
  "Extract Pipeline Details", "Collect Job Runs", "Convert Detail Pipelines",
  "Convert Pipeline Commits", "Extract Job Runs", "Extract Trigger Jobs", "Convert Job Runs",
]
