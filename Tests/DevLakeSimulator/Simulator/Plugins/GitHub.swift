import DevLakeKit

extension ConnectionKind {
  /// GitHub: several tokens by comma or an App, a PATCH that replaces everything.
  static let github = ConnectionKind(
    plugin: "github",
    model: "Github",
    fields: Field.restFields + [
      .text(
        "authMethod",
        "AuthMethod",
        holder: "MultiAuth",
        requirement: .oneOf(["BasicAuth", "AccessToken", "AppKey"])
      ),
      .token(
        holder: "GithubAccessToken.AccessToken",
        requirement: .authMethod("AccessToken"),
        secret: .init(mask: .githubTokens, restoresEmpty: false)
      ),
      .text(
        "appId",
        "AppId",
        holder: "GithubAppKey.AppKey",
        requirement: .authMethod("AppKey")
      ),
      .text(
        "secretKey",
        "SecretKey",
        holder: "GithubAppKey.AppKey",
        requirement: .authMethod("AppKey"),
        secret: .init(mask: .githubKey, restoresEmpty: false)
      ),
      Field(
        name: "installationId",
        goName: "InstallationID",
        holder: "GithubAppKey",
        kind: .integer,
        requirement: .authMethod("AppKey"),
        initial: 0
      ),
      .text("refreshToken", "RefreshToken"),
      Field(
        name: "tokenExpiresAt",
        goName: "TokenExpiresAt",
        holder: "",
        kind: .time,
        initial: nil
      ),
      Field(
        name: "refreshTokenExpiresAt",
        goName: "RefreshTokenExpiresAt",
        holder: "",
        kind: .time,
        initial: nil
      ),
      Field(
        name: "enableGraphql",
        goName: "EnableGraphql",
        holder: "",
        kind: .boolean,
        initial: true
      ),
    ],
    patch: .replaces([
      "name", "endpoint", "proxy", "rateLimitPerHour", "authMethod", "token", "appId",
      "secretKey", "installationId",
    ]),
    panicsWithoutBody: true,
    test: .github,
    service: ServiceRoutes(secret: { $0["token"]?.string ?? "" }) { path, secret in
      switch path {
      case "user":
        var answer = Answer.json(["login": "octocat", "id": 1])
        if secret.hasPrefix("ghp_") {
          let scopes = ServiceRoutes.scopes(secret, usual: "repo,read:org,read:user")
          let text = scopes.compactMap(\.string).joined(separator: ", ")
          answer.headers.append(("X-OAuth-Scopes", text))
        }
        return answer
      case "rate_limit":
        let left = secret.contains("SPENT") ? 12 : 4987
        return Answer.json([
          "resources": [
            "core": ["limit": 5000, "remaining": .integer(left), "reset": 1_800_000_000]
          ]
        ])
      case _ where path.hasPrefix("repos/"):
        let isHidden = secret.contains("HIDES")
        return isHidden
          ? Answer.json(["message": "Not Found"], status: 404)
          : Answer.json(["full_name": .string(String(path.dropFirst("repos/".count)))])
      default: return nil
      }
    },
    scopes: ScopeKind(
      model: "GithubRepo",
      idField: "githubId",
      members: [
        ("githubId", 0), ("name", ""), ("fullName", ""), ("HTMLUrl", ""), ("description", ""),
        ("ownerId", 0), ("language", ""), ("parentId", 0), ("parentHtmlUrl", ""),
        ("cloneUrl", ""), ("createdDate", nil), ("updatedDate", nil),
      ],
      rawParameters: ("ConnectionId", "Name", "fullName"),
      domains: [
        ("repos", "GithubRepo"), ("cicd_scopes", "GithubRepo"), ("boards", "GithubRepo"),
      ],
      tasks: { context in
        [
          PlanTask(
            "github_graphql",
            subtasks: githubSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("fullName", context.text("fullName")), ("githubId", context.text("githubId")),
              ("name", context.text("fullName")),
            ]
          ),
          PlanTask(
            "gitextractor",
            subtasks: nil,
            options: [
              ("connectionId", .integer(context.connection.id)), ("excludeFileExtensions", nil),
              ("fullName", context.text("fullName")), ("name", context.text("fullName")),
              ("pluginName", "github"), ("proxy", context.connection.values["proxy"] ?? ""),
              ("repoId", .string(context.rowID)),
              ("url", context.cloneURL("cloneUrl", secret: "token")),
            ]
          ),
        ]
      }
    )
  )
}

private let githubSubtasks = [
  "Collect Milestones", "Extract Milestones", "Collect Issues", "Extract Issues",
  "Collect Pull Requests", "Extract Pull Requests", "Collect Workflow Runs",
  "Extract Workflow Runs", "Collect Job Runs", "Extract Jobs", "Collect Comments",
  "Extract Comments", "Collect Events", "Extract Events", "Collect PR Review Comments",
  "Extract PR Review Comments", "Collect Users", "Extract Users", "Convert Workflow Runs",
  "Convert Jobs", "Enrich PR Issues", "Convert Repos", "Convert Issues", "Convert Issue Labels",
  "Convert PR Commits", "Convert Pull Requests", "Convert PR Reviews", "Convert PR Labels",
  "Convert PR Issues", "Convert Issue Assignees", "Convert Issue Comments", "Convert PR Comments",
  "Convert Reviews", "Convert Milestones", "Convert Users", "Collect Deployments",
  "Extract Deployments", "Convert Deployments", "Collect Releases", "Extract Releases",
  "Convert Releases",
]
