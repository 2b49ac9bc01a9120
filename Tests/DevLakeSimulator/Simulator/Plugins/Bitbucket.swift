import DevLakeKit

extension ConnectionKind {
  /// Bitbucket Cloud: an app password or an API token in the password field.
  static let bitbucket = ConnectionKind(
    plugin: "bitbucket",
    model: "Bitbucket",
    fields: Field.restFields + [
      .username, .password,
      Field(
        name: "usesApiToken",
        goName: "UsesApiToken",
        holder: "",
        kind: .boolean,
        initial: false
      ),
    ],
    test: ConnectionTest(
      validation: .none,
      path: { _ in "user" },
      secret: { $0.text("password") },
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(
              400,
              "StatusUnauthorized error when testing connection. Please check your credentials."
            )
            : .passing(status, "unexpected status code when testing connection")
        )
      },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(
      model: "BitbucketRepo",
      idField: "bitbucketId",
      members: [
        ("bitbucketId", ""), ("name", ""), ("HTMLUrl", ""), ("description", ""), ("owner", ""),
        ("language", ""), ("cloneUrl", ""), ("createdDate", nil), ("updatedDate", nil),
      ],
      rawParameters: ("ConnectionId", "FullName", "bitbucketId"),
      domains: [
        ("repos", "BitbucketRepo"), ("cicd_scopes", "BitbucketRepo"),
        ("boards", "BitbucketRepo"),
      ],
      tasks: { context in
        let usesToken = context.connection.values["usesApiToken"] == true
        let user = context.connection.values["username"]?.string ?? ""
        return [
          PlanTask(
            "bitbucket",
            subtasks: bitbucketSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("fullName", context.text("bitbucketId")),
            ]
          ),
          PlanTask(
            "gitextractor",
            subtasks: nil,
            options: [
              ("fullName", context.text("bitbucketId")), ("name", context.text("bitbucketId")),
              ("proxy", context.connection.values["proxy"] ?? ""),
              ("repoId", .string(context.rowID)),
              (
                "url",
                context.cloneURL(
                  "cloneUrl",
                  user: usesToken ? "x-bitbucket-api-token-auth" : user,
                  secret: "password"
                )
              ),
            ]
          ),
        ]
      }
    )
  )
}

private let bitbucketSubtasks = [
  "Collect Pull Requests", "Extract Pull Requests", "Collect PR Comments", "Extract PR Comments",
  "Collect PR Commits", "Extract PR Commits", "Collect Issues", "Extract Issues",
  "Collect Issue Comments", "Extract Issue Comments", "Collect Pipelines", "Extract Pipelines",
  "Collect Deployments", "Extract Deployments", "Collect Pipeline Steps",
  "Extract Pipeline Steps", "Convert Repos", "Convert Users", "Convert Pull Requests",
  "Convert PR Reviewers", "Convert PR Comments", "Convert PR Commits", "Convert Issues",
  "Convert Issue Comments", "Convert Pipelines", "Convert Pipeline Steps", "Convert Deployments",
]
