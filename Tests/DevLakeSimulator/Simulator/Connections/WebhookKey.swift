import DevLakeKit

extension ConnectionKind {
  /// How a name that exists already is refused.
  func duplicateWords(_ name: String) -> String {
    quirks.contains(.issuesKey)
      ? "A webhook with name \(name) already exists." : "the connection name already exists"
  }
}

extension DevLake {
  /// Makes the addresses and the API key of a new webhook connection; the answer is the only one
  /// that ever shows the key.
  mutating func issueKey(
    for row: ConnectionRow,
    _ kind: ConnectionKind,
    by creator: Caller
  ) -> JSONValue {
    lastAPIKeyID += 1
    let place = "/plugins/\(kind.plugin)/connections/\(row.id)"
    let key = APIKey(
      id: lastAPIKeyID,
      name: "\(kind.plugin)-\(row.id)",
      type: "plugin:\(kind.plugin)",
      allowedPath: "\(place)/.*",
      expiredAt: nil,
      key: APIKey.newKey(),
      extra: "connectionId:\(row.id)",
      creator: creator,
      createdAt: row.createdAt,
      updatedAt: row.createdAt
    )
    apiKeys.append(key)
    var values = row.values
    for (name, path) in Self.webhookPaths { values[name] = .string("/rest\(place)/\(path)") }
    values["apiKey"] = key.shown()
    tables[kind.plugin]?.update(row.id, with: values, at: row.updatedAt)
    guard let stored = tables[kind.plugin]?[row.id],
      case .object(var shown)? = kind.shown(stored, written: [.created, .updated])
    else { return nil }
    shown["apiKey"] = key.shown(withKey: true, written: [.created, .updated])
    return .object(shown)
  }

  private static let webhookPaths = [
    ("postIssuesEndpoint", "issues"), ("closeIssuesEndpoint", "issue/:issueKey/close"),
    ("postPullRequestsEndpoint", "pull_requests"), ("postPipelineTaskEndpoint", "cicd_tasks"),
    ("postPipelineDeployTaskEndpoint", "deployments"),
    ("closePipelineEndpoint", "cicd_pipeline/:pipelineName/finish"),
  ]
}
