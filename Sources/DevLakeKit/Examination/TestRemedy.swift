/// What fixes a connection whose test failed, and what to do where no change of the connection can.
struct TestRemedy {
  /// The change.
  private(set) var remedy: Remedy?
  /// What to do besides, or instead, a clause.
  private(set) var advice: String?
  /// What is so, in words that say more than those of the cause.
  private(set) var words: String?

  private let connection: Connection
  private let plugin: PluginDescriptor

  init(
    for verdict: Verdict,
    _ cause: Verdict.Cause,
    _ connection: Connection,
    _ plugin: PluginDescriptor
  ) {
    self.connection = connection
    self.plugin = plugin
    if let proxy = connection.shown("proxy")?.string, !proxy.isEmpty, Self.lacksScheme(proxy) {
      words = "the proxy is not an address"
      remedy = .set(connection.key, field: "proxy", value: "http://" + proxy)
      return
    }
    switch cause {
    case .credential:
      let isUnknown = plugin.test.sentences.contains { sentence in
        sentence.meaning == .identity && verdict.message.contains(sentence.beginning)
      }
      remedy = isUnknown ? asking : .rotate(connection.key)
    case .permission:
      remedy = .rotate(connection.key)
      if let hint = verdict.hint, verdict.message.hasPrefix("the test passes, but") {
        advice = hint
      }
    case .installation: decideInstallation(verdict)
    case .proxy, .nameResolution, .connection: decideWay(cause, verdict.message)
    case .tls: decideEncryption(verdict.message)
    case .timeout: remedy = .test(connection.key, within: .seconds(120))
    case .endpoint: decideEndpoint(verdict)
    case .rateLimit, .service: remedy = .test(connection.key)
    // No command of the shell gives DevLake its key back.
    case .encryption: advice = APIError.encryptionHelp
    case .unknown: decideUnknown()
    }
  }

  /// A person says which fields.
  private var asking: Remedy { .edit(connection.key) }

  private mutating func decideInstallation(_ verdict: Verdict) {
    let field = plugin.test.choice?.field ?? "installationId"
    // Of several only a person knows which.
    remedy =
      verdict.choices.count == 1
      ? .set(connection.key, field: field, value: "\(verdict.choices[0])") : nil
    if verdict.choices.count > 1 {
      advice =
        "set '\(field)' to " + verdict.choices.map(String.init).joined(separator: " or ")
    }
  }

  /// On the way to the service; a service that hangs up on plain http may want https.
  private mutating func decideWay(_ cause: Verdict.Cause, _ text: String) {
    remedy = asking
    guard cause == .connection, Self.isHangUp(text), let endpoint = connection.endpoint,
      endpoint.lowercased().hasPrefix("http://")
    else { return }
    words = "the service hangs up on plain http"
    remedy = set(endpoint: "https://" + endpoint.dropFirst(7))
  }

  private static func isHangUp(_ text: String) -> Bool {
    let text = text.lowercased()
    return text.hasSuffix("eof") || text.contains("malformed http response")
      || text.contains("connection reset")
  }

  private mutating func decideEncryption(_ text: String) {
    let lowered = text.lowercased()
    if ["http response to https client", "does not look like a tls handshake"]
      .contains(where: lowered.contains), let endpoint = connection.endpoint,
      endpoint.lowercased().hasPrefix("https://")
    {
      words = "the service speaks plain http there"
      remedy = set(endpoint: "http://" + endpoint.dropFirst(8))
      return
    }
    // What DevLake trusts is not set in a connection.
    advice =
      lowered.contains("unknown authority")
      ? "give DevLake's container the certificate of that authority, or set "
        + "IN_SECURE_SKIP_VERIFY=true in its environment"
      : "the service needs another certificate"
  }

  private mutating func decideEndpoint(_ verdict: Verdict) {
    if verdict.message.hasPrefix("the test passes, but") {
      advice = verdict.hint
      return
    }
    guard let rules = plugin.endpoint, let endpoint = connection.endpoint else {
      words = "the organization is not found"
      remedy = asking
      return
    }
    if plugin.test.pathNamesOrganization, verdict.message.contains("404") || verdict.isNotFound {
      words = "the organization is not found, or the \(plugin.secretNoun) may not see it"
      remedy = asking
      return
    }
    remedy = rules.proposal(for: endpoint).map { set(endpoint: $0) } ?? asking
  }

  private mutating func decideUnknown() {
    remedy = plugin.fields.contains { $0.requirement == .always && !$0.isSecret } ? asking : nil
  }

  private static func lacksScheme(_ proxy: String) -> Bool { !proxy.contains("://") }

  private func set(endpoint: String) -> Remedy {
    .set(connection.key, field: "endpoint", value: endpoint)
  }
}

extension Verdict {
  /// Whether the service has nothing at that address.
  fileprivate var isNotFound: Bool { message.lowercased().contains("not found") }
}
