import DevLakeKit

extension ConnectionKind {
  /// Whether DevLake can list what the plugin's credentials see (the routes of `plugins.json` and
  /// `plugins-2026.json`).
  var listsRemoteScopes: Bool { Self.withRemoteScopes.contains(plugin) }

  private static let withRemoteScopes: Set<String> = [
    "argocd", "asana", "azuredevops_go", "bamboo", "bitbucket", "bitbucket_server", "circleci",
    "claude_code", "clickup", "cursor", "gh-copilot", "github", "gitlab", "grafana_irm",
    "incidentio", "jenkins", "jira", "kiro", "linear", "opsgenie", "pagerduty", "rootly", "slack",
    "sonarqube", "taiga", "tapd", "teambition", "tempo", "testmo", "zentao",
  ]
}

/// What a secret may see, where words in a made-up one decide; its test passes all the same.
///
/// `NOLIST` 403, `ZOMBIE` 401 (a GitHub App whose installation token ended), `GONE` 410 (an app
/// password of Bitbucket Cloud), `NOTHING` an empty list.
private enum Sight {
  case everything
  case nothing
  case refused(Int)

  init(_ secret: String) {
    let words: [(String, Sight)] = [
      ("NOLIST", .refused(403)), ("ZOMBIE", .refused(401)), ("GONE", .refused(410)),
      ("NOTHING", .nothing),
    ]
    self = words.first { secret.contains($0.0) }?.1 ?? .everything
  }
}

extension DevLake {
  /// `GET …/remote-scopes`: what the service lists for the saved credential.
  func remoteScopes(_ kind: ConnectionKind, _ id: String) throws(Failure) -> Answer? {
    guard kind.listsRemoteScopes else { return nil }
    let row = try connection(kind, id)
    let values = row.values
    let isApp = values["authMethod"] == "AppKey"
    let secret =
      kind.fields.filter { $0.secret != nil }
      .compactMap { values[$0.name]?.string }.first { !$0.isEmpty } ?? ""
    if isApp, let failure = ConnectionTest.missingInstallation(values) { throw failure }
    if let endpoint = values["endpoint"]?.string {
      // The App signs with its key, which the service never sees.
      let call = Upstream(
        endpoint: endpoint,
        path: "remote",
        proxy: values["proxy"]?.string ?? "",
        secret: isApp ? "signed" : secret
      )
      switch call.reply {
      case .json(200, _): break
      case .json(let status, let detail): throw Self.unlisted(status, detail)
      case .other: throw Failure(500, "invalid character '<' looking for beginning of value")
      case .unreachable(let failure): throw failure
      case .broken(let text): throw Failure(500, text)
      case .never:
        var answer = Answer.empty(200)
        answer.hangs = true
        return answer
      }
    }
    switch Sight(isApp ? values["secretKey"]?.string ?? "" : secret) {
    case .refused(let status): throw Self.unlisted(status, "")
    case .nothing: return .json(["children": [], "nextPageToken": ""])
    case .everything:
      return .json(["children": .array(children(kind, row.id)), "nextPageToken": ""])
    }
  }

  /// DevLake cannot read the service's words, and quotes them.
  private static func unlisted(_ status: Int, _ detail: String) -> Failure {
    let words = [
      401: "Bad credentials", 403: "Forbidden", 404: "Not Found", 410: "Gone",
    ]
    let text = detail.isEmpty ? words[status] ?? "no" : detail
    return Failure(
      500,
      [
        .own("failed to list the scopes of the service: unexpected status code: \(status)"),
        .foreign("raw response: {\"message\":\"\(text)\"}"),
      ]
    )
  }

  /// A group, and the scopes the connection has.
  private func children(_ kind: ConnectionKind, _ id: Int) -> [JSONValue] {
    let group: JSONValue = [
      "type": "group", "id": "my-org", "parentId": nil, "name": "my-org", "fullName": "my-org",
      "data": nil,
    ]
    let own = scopes.filter { $0.plugin == kind.plugin && $0.connection == id }
    return [group]
      + own.map { scope in
        let name = scope.values["name"] ?? .string(scope.id)
        return [
          "type": "scope", "id": .string(scope.id), "parentId": "my-org", "name": name,
          "fullName": name, "data": .object(scope.values),
        ]
      }
  }
}
