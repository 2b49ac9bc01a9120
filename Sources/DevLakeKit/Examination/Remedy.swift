/// What mends a connection whose test failed: a command that works as it stands, or what to do where
/// no command of the shell can.
///
/// What only a person knows is asked for by the command itself: `update gitlab/1` asks for the fields,
/// `rotate gitlab/1` for the secret.
struct Remedy {
  /// The command.
  private(set) var command: String?
  /// What to do besides, or instead, a clause.
  private(set) var advice: String?
  /// What is so in words that say more than those of the cause.
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
      words = "the proxy is no address"
      command =
        Self.plain("http://" + proxy).map { "update \(connection.key) --proxy \($0)" } ?? asking
      return
    }
    switch cause {
    case .credential:
      let isUnknown = plugin.test.sentences.contains { sentence in
        sentence.meaning == .identity && verdict.message.contains(sentence.beginning)
      }
      command = isUnknown ? asking : "rotate \(connection.key)"
    case .permission:
      command = "rotate \(connection.key)"
      if let hint = verdict.hint, verdict.message.hasPrefix("the test passes, but") {
        advice = hint
      }
    case .installation: decideInstallation(verdict)
    case .proxy, .nameResolution, .connection: decideWay(cause, verdict.message)
    case .tls: decideEncryption(verdict.message)
    case .timeout: command = "test \(connection.key) --timeout 120"
    case .endpoint: decideEndpoint(verdict)
    case .rateLimit, .service: command = "test \(connection.key)"
    case .unknown: decideUnknown()
    }
  }

  /// The command that asks a person for the fields.
  private var asking: String { "update \(connection.key)" }

  private mutating func decideInstallation(_ verdict: Verdict) {
    let option = plugin.test.choice.flatMap { plugin.field($0.field)?.option } ?? "installation-id"
    // Of several only a person knows which.
    command =
      verdict.choices.count == 1
      ? "update \(connection.key) --\(option) \(verdict.choices[0])" : nil
    if verdict.choices.count > 1 {
      advice =
        "choose one: update \(connection.key) --\(option) "
        + verdict.choices.map(String.init).joined(separator: " or ")
    }
  }

  /// On the way to the service; a service that hangs up on plain http may want https.
  private mutating func decideWay(_ cause: Verdict.Cause, _ text: String) {
    command = asking
    guard cause == .connection, Self.isHangUp(text), let endpoint = connection.endpoint,
      endpoint.lowercased().hasPrefix("http://")
    else { return }
    words = "the service hangs up on plain http"
    command = Self.update(connection, endpoint: "https://" + endpoint.dropFirst(7))
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
      command = Self.update(connection, endpoint: "http://" + endpoint.dropFirst(8))
      return
    }
    // No command of the shell reaches what DevLake trusts.
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
      command = asking
      return
    }
    if plugin.test.pathNamesOrganization, verdict.message.contains("404") || verdict.isNotFound {
      words = "the organization is not found, or the \(plugin.secretNoun) may not see it"
      command = asking
      return
    }
    command = rules.proposal(for: endpoint).map { Self.update(connection, endpoint: $0) } ?? asking
  }

  private mutating func decideUnknown() {
    command = plugin.fields.contains { $0.requirement == .always && !$0.isSecret } ? asking : nil
  }

  private static func lacksScheme(_ proxy: String) -> Bool { !proxy.contains("://") }

  /// The command that sets an address; one that is no word of the shell is asked for.
  static func update(_ connection: Connection, endpoint: String) -> String {
    plain(endpoint).map { "update \(connection.key) --endpoint \($0)" }
      ?? "update \(connection.key)"
  }

  private static func plain(_ url: String) -> String? {
    let isPlain = url.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "-._~:/%?=+,@".utf8.contains(byte)
    }
    return isPlain ? url : nil
  }
}

extension Verdict {
  /// Whether the service has nothing at that address.
  fileprivate var isNotFound: Bool { message.lowercased().contains("not found") }
}
