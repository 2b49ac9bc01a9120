import DevLakeKit

extension ConnectionKind {
  /// Jira: user name and password (Cloud) or a token (Server), both kept.
  static let jira = ConnectionKind(
    plugin: "jira",
    model: "Jira",
    fields: Field.restFields + [
      .text(
        "authMethod",
        "AuthMethod",
        holder: "MultiAuth",
        requirement: .oneOf(["BasicAuth", "AccessToken", "AppKey"])
      ),
      .username.required(.authMethod("BasicAuth")), .password.required(.authMethod("BasicAuth")),
      .token(requirement: .authMethod("AccessToken")),
    ],
    table: "_tool_jira_sources",
    restoresOnlyWithSameAuthMethod: true,
    test: ConnectionTest(
      validation: .bare,
      path: { _ in "api/2/serverInfo" },
      secret: { subject in
        subject.text("authMethod") == "BasicAuth"
          ? subject.text("password") : subject.text("token")
      },
      readsJSON: true,
      verdict: { status, _, url, _ in
        .failed(
          status == 401 || status == 403
            ? .passing(status, "Please check your credential")
            : .passing(
              status,
              "Failed testing the serverInfo: [ \(url) ] unexpected status code: \(status)"
            )
        )
      }
    ),
    scopes: ScopeKind(
      model: "JiraBoard",
      idField: "boardId",
      members: [
        ("boardId", 0), ("projectId", 0), ("name", ""), ("self", ""), ("type", ""), ("jql", ""),
      ],
      rawParameters: ("ConnectionId", "BoardId", "boardId"),
      domains: [("boards", "JiraBoard")],
      tasks: { context in
        [
          PlanTask(
            "jira",
            subtasks: jiraSubtasks,
            options: [
              ("boardId", context.text("boardId")),
              ("connectionId", .integer(context.connection.id)), ("pageSize", 0),
              ("scopeConfig", nil), ("scopeConfigId", 0),
            ]
          )
        ]
      }
    )
  )
}

private let jiraSubtasks = [
  "collectIssuleField", "extractIssueFields", "collectBoardFilterBegin", "collectStatus",
  "extractStatus", "collectProjects", "extractProjects", "collectIssueTypes", "extractIssueType",
  "collectIssues", "extractIssues", "convertIssueLabels", "collectIssueChangelogs",
  "extractIssueChangelogs", "collectWorklogs", "extractWorklogs", "collectRemotelinks",
  "extractRemotelinks", "collectSprints", "extractSprints", "collectEpics", "extractEpics",
  "collectAccounts", "convertBoard", "convertIssues", "convertWorklogs", "convertIssueChangelogs",
  "convertIssueRelationships", "convertSprints", "convertSprintIssues", "collectDevelopmentPanel",
  "ExtractDevelopmentPanel", "convertIssueCommits", "convertIssueRepoCommits", "extractAccounts",
  "convertAccounts", "collectBoardFilterEnd",
]
