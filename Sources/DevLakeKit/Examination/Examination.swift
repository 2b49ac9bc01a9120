/// Looks at one connection from every side: its test, what the service tells of the credential, its
/// use, and what can be seen without asking.
public struct Examination: Sendable {
  /// What is known of all connections and needs no asking again.
  public struct Context: Sendable {
    /// The connections blueprints use; `nil`: DevLake does not tell.
    public var used: Set<ConnectionKey>?
    /// Whether connections are tested and services asked.
    public var asksServices = true
    /// Whether DevLake is asked what each credential sees.
    public var isDeep = false
    /// From how many days before its end a credential is warned about.
    public var warningDays = 14
    /// What is known of the lives of the connections' secrets.
    package var lives: [ConnectionKey: SecretLife] = [:]
    /// Seconds since 1970.
    public var now: Int

    /// Creates a context with the time.
    public init(now: Int) { self.now = now }
  }

  let connection: Connection
  let plugin: PluginDescriptor
  let administrator: Administrator
  let context: Context

  /// Creates an examination with the connection, and where it is.
  public init(
    of connection: Connection,
    _ plugin: PluginDescriptor,
    by administrator: Administrator,
    _ context: Context
  ) {
    self.connection = connection
    self.plugin = plugin
    self.administrator = administrator
    self.context = context
  }

  /// What was found of a connection, and its scopes for a comparison with those of others.
  public struct Outcome: Sendable {
    /// Everything that was found; what cannot be asked is a finding, too.
    public var findings: [Finding]
    /// Its scopes; `nil`: its plugin has none, or DevLake does not tell them.
    public var scopes: [JSONObject]?
  }

  /// Looks at the connection.
  public func outcome() async -> Outcome {
    async let listed = scopes()
    guard context.asksServices else {
      let scopes = await listed
      let findings = staticFindings() + useFindings(scopes)
      return Outcome(findings: Finding.earliest(of: findings), scopes: scopes)
    }
    async let reports = reportFindings()
    let test = await testFindings()
    let scopes = await listed
    let findings = await test + reports + staticFindings() + useFindings(scopes)
    return Outcome(findings: Finding.earliest(of: findings), scopes: scopes)
  }

  /// What DevLake keeps of its scopes.
  private func scopes() async -> [JSONObject]? {
    guard plugin.scopeIdField != nil else { return nil }
    // Where they are not told, nothing is said of them.
    return (try? await administrator.client.scopes(of: connection.key))?.map { entries in
      entries.map { $0["scope"]?.object ?? $0 }
    }
  }

  /// The word by which the commands that fix it select the connection.

  private func testFindings() async -> [Finding] {
    let verdict: Verdict
    do throws(APIError) {
      let tested = try await administrator.test(
        connection.key.id,
        of: plugin,
        endpoint: connection.endpoint,
        authMethod: connection.authMethod
      )
      verdict =
        context.isDeep
        ? try await administrator.deepened(tested, of: connection, plugin) : tested
    } catch {
      let text = error.status == 404 ? "it was deleted in the meantime" : error.description
      return [Finding(.test, .error, connection, text)]
    }
    let reach = verdict.reach.map { "; it \($0)" } ?? ""
    switch verdict.outcome {
    case .passed:
      let login = verdict.login.map { " (login \($0))" } ?? ""
      let tokens = verdict.tokens.isEmpty ? "" : ", \(verdict.tokens.count) tokens"
      return [Finding(.test, .ok, connection, "the test passes\(login)\(tokens)\(reach)")]
    case .unverified where verdict.isOnlyReported:
      return [
        Finding(
          .test,
          .note,
          connection,
          "the test passes, as it would for any page\(reach)"
        )
      ]
    case .unverified:
      return [Finding(.test, .note, connection, "not verified: \(verdict.message)\(reach)")]
    case .failed, .timeout: return [failed(verdict)]
    }
  }

  private func failed(_ verdict: Verdict) -> Finding {
    let cause = verdict.cause ?? .unknown
    let broken = verdict.tokens.enumerated().filter { !$0.element.isPassed }
    let which =
      broken.isEmpty ? "" : " (token \(broken.map { "\($0.offset + 1)" }.joined(separator: ", ")))"
    let remedy = TestRemedy(for: verdict, cause, connection, plugin)
    var finding = Finding(
      .test,
      .error,
      connection,
      "\(remedy.words ?? cause.words)\(which): \(verdict.message)",
      remedy: remedy.remedy
    )
    finding.cause = cause
    if cause == .permission, !plugin.requiredScopes.isEmpty {
      finding.message += "; needed: \(plugin.requiredScopes.joined(separator: ", "))"
    }
    if let advice = remedy.advice { finding.message += "; \(advice)" }
    return finding
  }

  /// Whether anything uses it; plugins without scopes are not judged.
  private func useFindings(_ scopes: [JSONObject]?) -> [Finding] {
    guard let used = context.used, plugin.scopeIdField != nil, !used.contains(connection.key) else {
      return []
    }
    // Where the scopes are not told, it may be in use.
    guard scopes?.isEmpty == true else { return [] }
    return [
      Finding(
        .unused,
        .warning,
        connection,
        Finding.unused,
        remedy: .delete(connection.key)
      )
    ]
  }

  private func staticFindings() -> [Finding] {
    var findings = connection.shownSecrets(of: plugin).compactMap { field, text in
      Self.doubt(text).map { doubt in
        Finding(
          .mask,
          .error,
          connection,
          "the stored \(field) \(doubt)",
          remedy: .rotate(connection.key)
        )
      }
    }
    if let endpoint = connection.endpoint, Self.isOpen(endpoint) {
      findings.append(
        Finding(
          .endpoint,
          .warning,
          connection,
          "DevLake sends the \(plugin.secretNoun) unencrypted: the endpoint starts with http://",
          remedy: .set(
            connection.key,
            field: "endpoint",
            value: "https://" + endpoint.dropFirst("http://".count)
          )
        )
      )
    }
    return findings + storedExpiry() + deadlines()
  }

  /// What a secret cannot be, by the ends DevLake's mask shows of it.
  private static func doubt(_ shown: String) -> String? {
    let parts = shown.split(separator: ",")
    for part in parts where part.hasPrefix("*") || part.hasSuffix("*") {
      return part.count < 3
        ? "has \(part.count) characters, too few for any secret"
        : "starts or ends with '*': it is a mask"
    }
    return nil
  }

  private static func isOpen(_ endpoint: String) -> Bool {
    let lowered = endpoint.lowercased()
    guard lowered.hasPrefix("http://") else { return false }
    let host = lowered.dropFirst("http://".count).prefix { $0 != "/" && $0 != ":" }
    return host != "localhost" && !host.hasPrefix("127.") && !host.hasPrefix("[::1]")
  }

  /// The days on which the service stops taking what the connection has.
  private func deadlines() -> [Finding] {
    plugin.deadlines.filter { $0.concerns(connection, plugin) }.map { deadline in
      Finding(
        .deadline,
        .warning,
        connection,
        deadline.sentence(at: context.now),
        remedy: deadline.fix.remedy(for: connection.key)
      )
    }
  }

  /// The end DevLake itself keeps, and the one that was recorded with the secret.
  private func storedExpiry() -> [Finding] {
    var findings: [Finding] = []
    if let day = connection.storedExpiry(of: plugin),
      let finding = expiry(day.text, of: "the stored token", .devLake)
    {
      findings.append(finding)
    }
    let life = context.lives[connection.key] ?? SecretLife()
    if life.source == .recorded, let day = life.expires {
      findings += expiry(day.text, of: "the \(plugin.secretNoun)", .recorded).map { [$0] } ?? []
    }
    for (number, token) in life.tokens.sorted(by: { $0.key < $1.key }) where life.tokens.count > 1 {
      guard let day = token.expires, day != life.expires,
        let finding = expiry(day.text, of: "token \(number)"), finding.severity != .ok
      else { continue }
      findings.append(finding)
    }
    return findings
  }

  /// What is to be said of a credential that ends then.
  ///
  /// - Parameter source: Who says so, where it is about the connection's own credential.
  func expiry(_ text: String, of what: String, _ source: Finding.End.Source? = nil) -> Finding? {
    guard let day = CalendarDay(text) else { return nil }
    let days = day.days(after: context.now)
    let when =
      switch days {
      case ..<0: "ended on \(day.text)"
      case 0: "ends today"
      case 1: "ends tomorrow"
      default: "ends on \(day.text), in \(days) days"
      }
    let severity: Finding.Severity =
      days < 0 ? .error : days <= context.warningDays ? .warning : .ok
    var finding = Finding(
      .expiry,
      severity,
      connection,
      "\(what) \(when)",
      remedy: severity == .ok ? nil : .rotate(connection.key)
    )
    finding.end = source.map { Finding.End(day: day, source: $0) }
    return finding
  }
}

extension Finding {
  /// Of several ends of one credential the earliest counts; the others are told with it.
  static func earliest(of findings: [Finding]) -> [Finding] {
    let ends = findings.indices.filter { findings[$0].end != nil }
    guard
      let first = ends.min(by: { lhs, rhs in
        guard let left = findings[lhs].end?.day, let right = findings[rhs].end?.day else {
          return false
        }
        return left < right
      }), let end = findings[first].end
    else { return findings }
    var findings = findings
    let others = ends.filter { $0 != first }.compactMap { findings[$0].end }
    if end.source == .recorded || !others.isEmpty {
      findings[first].message += ", says \(end.source.rawValue)"
    }
    for other in others {
      findings[first].message += "; \(other.source.rawValue): \(other.day.text)"
    }
    return findings.indices.filter { $0 == first || !ends.contains($0) }.map { findings[$0] }
  }
}
