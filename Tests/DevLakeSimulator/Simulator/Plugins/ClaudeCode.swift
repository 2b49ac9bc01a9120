import DevLakeKit

extension ConnectionKind {
  /// Claude Code: a token or headers, a test that answers 200 whatever came of it.
  static let claudeCode = ConnectionKind(
    plugin: "claude_code",
    model: "ClaudeCode",
    family: .legacy,
    fields: Field.restFields + [
      .token(requirement: .none), .text("organization", "Organization"),
      Field(name: "customHeaders", goName: "customHeaders", holder: "", kind: .pairs, initial: []),
    ],
    check: claudeCodeComplaint,
    complete: { $0["rateLimitPerHour"] = 1000 },
    settle: { values in
      // Pairs of blanks are dropped.
      let pairs = values["customHeaders"]?.array ?? []
      values["customHeaders"] = .array(
        pairs.filter { !isBlank($0["key"]) || !isBlank($0["value"]) }
      )
    },
    settlePatch: { values in
      if values.text("endpoint").isEmpty { values["endpoint"] = "https://api.anthropic.com" }
      if (values["rateLimitPerHour"]?.int ?? 0) <= 0 { values["rateLimitPerHour"] = 1000 }
    },
    test: .custom(mergesSecrets: true, claudeCodeAnswer),
    scopes: ScopeKind(
      model: "ClaudeCodeScope",
      idField: "id",
      members: [("id", ""), ("organization", ""), ("name", ""), ("fullName", "")],
      rawParameters: ("connectionId", "scopeId", "id"),
      tasks: { context in
        [
          PlanTask(
            "claude_code",
            subtasks: [
              "collectUserActivity", "extractUserActivity", "collectActivitySummary",
              "extractActivitySummary", "collectChatProjects", "extractChatProjects",
              "collectSkillUsage", "extractSkillUsage", "collectConnectorUsage",
              "extractConnectorUsage",
            ],
            options: [
              ("connectionId", .integer(context.connection.id)), ("scopeId", context.text("id")),
            ]
          )
        ]
      }
    )
  )
}

private func isBlank(_ value: JSONValue?) -> Bool {
  value?.string?.allSatisfy(\.isWhitespace) ?? true
}

private func claudeCodeComplaint(_ values: JSONObject) -> String? {
  let pairs = (values["customHeaders"]?.array ?? []).filter {
    !isBlank($0["key"]) || !isBlank($0["value"])
  }
  if pairs.contains(where: { isBlank($0["key"]) || isBlank($0["value"]) }) {
    return "custom headers must include both key and value"
  }
  if isBlank(values["token"]), pairs.isEmpty {
    return "either token or at least one custom header is required"
  }
  return isBlank(values["organization"]) ? "organization is required" : nil
}

private func claudeCodeAnswer(_ subject: ConnectionTest.Subject) -> Answer {
  if let complaints = FieldValidator(kind: subject.kind)
    .complaints(testing: subject.values, includesName: true)
  {
    return Failure(500, [.own("error validating target"), .foreign(complaints)]).answer
  }
  if let complaint = subject.kind.check(subject.values) { return Failure(400, complaint).answer }
  let headers = (subject.values["customHeaders"]?.array ?? []).compactMap { $0["value"]?.string }
  let call = Upstream(
    endpoint: subject.text("endpoint"),
    path: "v1/organizations/usage_report/claude_code",
    proxy: subject.text("proxy"),
    secret: ([subject.text("token")] + headers).joined(separator: " ")
  )
  let words: String
  switch call.reply {
  case .never:
    var answer = Answer.panic
    answer.hangs = true
    return answer
  case .unreachable(let failure): return failure.answer
  case .broken(let reason): return Failure(500, reason).answer
  case .json(200, _):
    return .json([
      "success": true, "message": "Connection validated successfully",
      "organizationId": .string(subject.text("organization")),
    ])
  case .json(let status, _) where status == 401 || status == 403:
    words = "authentication failed (HTTP \(status)): verify your API credentials"
  case .json(let status, let detail):
    words = "unexpected status \(status): \(Upstream.body(detail))"
  case .other(.html):
    words = "failed to parse response: invalid character '<' looking for beginning of value"
  case .other: words = "failed to parse response: unexpected end of JSON input"
  }
  return .json(["success": false, "message": .string(words)])
}
