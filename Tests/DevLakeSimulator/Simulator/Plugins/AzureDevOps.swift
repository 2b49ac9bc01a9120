import DevLakeKit

extension ConnectionKind {
  /// Azure DevOps: no endpoint, and a PATCH that stores the mask it is sent.
  static let azureDevOps = ConnectionKind(
    plugin: "azuredevops_go",
    model: "Azuredevops",
    fields: [
      .token(
        holder: "AzuredevopsAccessToken",
        secret: .init(mask: .generic, restoresMask: false, restoresEmpty: false)
      ),
      .text("organization", "Organization"),
      Field(name: "proxy", goName: "Proxy", holder: ""),
    ],
    test: .custom(lookupWords: ["can't read connection from database"], testAzure),
    scopes: ScopeKind(
      model: "AzuredevopsRepo",
      idField: "id",
      members: [
        ("OrganizationId", ""), ("ProjectId", ""), ("id", ""), ("type", ""), ("name", ""),
        ("url", ""), ("remoteUrl", ""), ("ExternalId", ""), ("IsFork", false),
        ("IsPrivate", false),
      ],
      rawParameters: ("ConnectionId", "Name", "name"),
      domains: [
        ("repos", "AzuredevopsRepo"), ("cicd_scopes", "AzuredevopsRepo"),
        ("boards", "AzuredevopsRepo"),
      ],
      tasks: { context in
        [
          PlanTask(
            "azuredevops_go",
            subtasks: azureSubtasks,
            options: [
              ("connectionId", .integer(context.connection.id)),
              ("externalId", context.text("ExternalId")), ("name", context.text("name")),
              ("organizationId", context.text("OrganizationId")),
              ("projectId", context.text("ProjectId")), ("repositoryId", context.text("id")),
              ("repositoryType", context.text("type")),
            ]
          ),
          PlanTask(
            "gitextractor",
            subtasks: nil,
            options: [
              ("name", context.text("name")), ("noShallowClone", true),
              ("proxy", context.connection.values["proxy"] ?? ""),
              ("repoId", .string(context.rowID)),
              ("url", context.cloneURL("remoteUrl", secret: "token")),
            ]
          ),
        ]
      }
    )
  )
}

private let azureSubtasks = [
  "collectAccounts", "collectApiBuilds", "collectApiPullRequests", "convertRepo",
  "extractAccounts", "convertAccounts", "extractApiBuilds", "extractApiPullRequests",
  "collectApiPullRequestCommits", "collectApiTimelineRecords", "convertApiBuilds",
  "convertApiPullRequests", "convertPrLabels", "extractApiPullRequestCommits",
  "extractApiTimelineRecords", "convertApiPullRequestsCommits", "convertApiTimelineRecords",
]

/// The test without an endpoint: only the proxy 127.0.0.1:9311 leads to a service, which judges
/// by organization (`org404`, `org500` and `org203` fail) and token.
private func testAzure(_ subject: ConnectionTest.Subject) -> Answer {
  if let complaints = FieldValidator(kind: subject.kind)
    .complaints(testing: subject.values, includesName: false)
  {
    return Failure(500, [.own("error validating target"), .foreign(complaints)]).answer
  }
  let proxy = EndpointAddress(subject.text("proxy"))
  let url = "https://dev.azure.com/"
  if !subject.text("proxy").isEmpty, proxy.scheme.isEmpty || proxy.isClosed {
    let call = Upstream(endpoint: url, path: "", proxy: subject.text("proxy"), secret: "")
    guard case .unreachable(let failure) = call.reply else { return .success }
    return failure.answer
  }
  guard proxy.host == "127.0.0.1", proxy.port == "9311" else {
    return Upstream.unresolved("dev.azure.com").answer
  }
  let isRefused = subject.text("token").contains("BAD")
  switch subject.text("organization") {
  case "":
    return isRefused ? Failure(401, "failed to read user profile").answer : .success
  case "org203": return Failure(401, "failed to read projects").answer
  case "org404", "org500":
    let status = subject.text("organization").dropFirst(3)
    return Failure.passing(
      500,
      "failed to read projects, upstream api call failed with (\(status))"
    ).answer
  default: return isRefused ? Failure(401, "failed to read projects").answer : .success
  }
}
