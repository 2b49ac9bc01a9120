import DevLakeKit

extension ConnectionKind {
  /// Cursor: a test that answers 200 whatever came of it, with a line per endpoint.
  static let cursor = ConnectionKind(
    plugin: "cursor",
    model: "Cursor",
    family: .legacy,
    fields: Field.restFields + [.token(requirement: .none)],
    check: { values in
      values.text("token").allSatisfy(\.isWhitespace) ? "token is required" : nil
    },
    complete: { $0["rateLimitPerHour"] = 1200 },
    settlePatch: { values in
      if values.text("endpoint").isEmpty { values["endpoint"] = "https://api.cursor.com" }
      if (values["rateLimitPerHour"]?.int ?? 0) <= 0 { values["rateLimitPerHour"] = 1200 }
    },
    test: .custom(mergesSecrets: true, cursorAnswer),
    scopes: ScopeKind(model: "CursorScope", idField: "id")
  )
}

private let cursorEndpoints = [
  ("members", "Cannot list team members (teams/members)"),
  ("spend", "Cannot read team billing spend (teams/spend)"),
  ("usageEvents", "Cannot read filtered usage events (teams/filtered-usage-events)"),
]

private func cursorAnswer(_ subject: ConnectionTest.Subject) -> Answer {
  if let complaints = FieldValidator(kind: subject.kind)
    .complaints(testing: subject.values, includesName: true)
  {
    return Failure(500, [.own("error validating target"), .foreign(complaints)]).answer
  }
  if let complaint = subject.kind.check(subject.values) { return Failure(400, complaint).answer }
  let secret = subject.text("token")
  let call = Upstream(
    endpoint: subject.text("endpoint"),
    path: "v1/me",
    proxy: subject.text("proxy"),
    secret: secret
  )
  switch call.reply {
  case .never:
    var answer = Answer.panic
    answer.hangs = true
    return answer
  case .unreachable(let failure): return failure.answer
  case .broken(let reason): return Failure(500, reason).answer
  case .other: return userKey
  case .json(200, _) where secret.contains("USERKEY"): return userKey
  case .json(let status, let detail):
    return cursorVerdict(status, detail, secret)
  }
}

private let userKey = cursorReport(
  success: false,
  "this is a User API key. Create a Team Admin key in Dashboard → API Keys (admin:* scope) (400)",
  granted: []
)

private func cursorVerdict(_ status: Int, _ detail: String, _ secret: String) -> Answer {
  var lines: [String] = []
  var granted: Set<String> = []
  for (name, words) in cursorEndpoints {
    let isRefused = name != "members" && secret.contains("NOSPEND")
    switch isRefused ? 403 : status {
    case 200: granted.insert(name)
    case 401:
      lines.append(
        "- \(words): unauthorized. Use a Team Admin API key from Dashboard → API Keys (admin:* "
          + "scope), not a User API key from Settings → Integrations. (400)"
      )
    case 403:
      let body = isRefused ? "{\"error\": \"no admin\"}" : Upstream.body(detail)
      lines.append(
        "- \(words): forbidden. The key may lack admin permissions for this team. Details: \(body) "
          + "(400)"
      )
    case let other:
      lines.append(
        "- \(words): unexpected status \(other). Details: \(Upstream.body(detail)) (400)"
      )
    }
  }
  guard lines.isEmpty else {
    let head = "Team Admin API key is missing required permissions:"
    return cursorReport(success: false, ([head] + lines).joined(separator: "\n"), granted: granted)
  }
  return cursorReport(
    success: true,
    "Team Admin API key validated. Members, spend, and usage events are accessible.",
    granted: granted,
    hasAnalytics: secret.contains("ENT")
  )
}

private func cursorReport(
  success: Bool,
  _ message: String,
  granted: Set<String>,
  hasAnalytics: Bool = false
) -> Answer {
  var body: JSONObject = ["success": .bool(success), "message": .string(message)]
  if granted.contains("members") { body["memberCount"] = 2 }
  body["permissions"] = .object(
    JSONObject(cursorEndpoints.map { ($0.0, .bool(granted.contains($0.0))) })
  )
  if hasAnalytics { body["hasEnterpriseAnalytics"] = true }
  return .json(.object(body))
}
