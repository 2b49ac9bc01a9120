/// What the service itself tells of the credential.
extension Examination {
  /// Asks for each of the plugin's reports; a service that does not answer has failed the test.
  func reportFindings() async -> [Finding] {
    await withTaskGroup(of: (Int, [Finding]).self) { group in
      for (index, report) in plugin.credentialReports.enumerated() {
        group.addTask { (index, await findings(of: report)) }
      }
      var found: [Int: [Finding]] = [:]
      for await (index, findings) in group { found[index] = findings }
      return found.sorted { $0.key < $1.key }.flatMap(\.value)
    }
  }

  private func findings(of report: CredentialReport) async -> [Finding] {
    guard
      let answer = try? await administrator.client.askService(report.path, of: connection.key),
      answer.isSuccess, let json = answer.json
    else { return [] }  // the test tells what is wrong; a service may not know the question
    if let list = report.list { return all(of: json[list]?.array ?? [], report) }
    var findings: [Finding] = []
    if let member = report.revocation, json[member]?.bool == true {
      findings.append(
        Finding(
          .expiry,
          .error,
          connection,
          "the token was revoked",
          remedy: .rotate(connection.key)
        )
      )
    } else if let member = report.expiry, let value = json[member] {
      let never = Finding(.expiry, .ok, connection, "the token does not expire")
      let found =
        value.string.map { expiry($0, of: "the token", .service) } ?? (value.isNull ? never : nil)
      findings += found.map { [$0] } ?? []
    }
    findings += scopeFindings(scopes(report, json, answer))
    if !report.quota.isEmpty {
      findings += quotaFindings(report.quota.reduce(Optional(json)) { $0?[$1] })
    }
    return findings
  }

  /// The tokens of the user: which of them the connection has, the service does not say.
  private func all(of tokens: [JSONValue], _ report: CredentialReport) -> [Finding] {
    tokens.compactMap { token in
      guard let member = report.expiry, let text = token[member]?.string else { return nil }
      let name = token["name"]?.string.map { " '\(ServerText.line($0))'" } ?? ""
      let what =
        tokens.count == 1
        ? "the user's only token\(name)" : "the user's token\(name), possibly this one,"
      return expiry(text, of: what)
    }
  }

  private func scopes(
    _ report: CredentialReport,
    _ json: JSONValue,
    _ answer: APIAnswer
  ) -> [String]? {
    if let member = report.scopes { return json[member]?.array?.compactMap(\.string) }
    guard let name = report.scopesHeader, let text = answer.header(name) else { return nil }
    return text.split(separator: ",").map { String($0.trimmingBlanks) }
  }

  private func scopeFindings(_ granted: [String]?) -> [Finding] {
    guard let granted else { return [] }
    let missing = plugin.missingScopes(in: granted)
    let names = granted.isEmpty ? "none" : granted.map(ServerText.line).joined(separator: ", ")
    guard !missing.isEmpty else {
      return [Finding(.scopes, .ok, connection, "the token's scopes suffice: \(names)")]
    }
    return [
      Finding(
        .scopes,
        .warning,
        connection,
        "the token lacks the scopes \(missing.joined(separator: ", ")); it has \(names)",
        remedy: .rotate(connection.key)
      )
    ]
  }

  private func quotaFindings(_ quota: JSONValue?) -> [Finding] {
    guard let limit = quota?["limit"]?.int, let left = quota?["remaining"]?.int, limit > 0 else {
      return []
    }
    let text = "\(left) of \(limit) requests remain this hour"
    guard left * 10 < limit else { return [Finding(.quota, .ok, connection, text)] }
    return [
      Finding(
        .quota,
        .warning,
        connection,
        text + "; collection pauses when none remain",
        remedy: .set(
          connection.key,
          field: "rateLimitPerHour",
          value: "\(max(1, limit / 2))"
        )
      )
    ]
  }
}
