/// Reads the outcome of a test out of DevLake's answer.
///
/// A test passed only if the status is 2xx *and* `success` is true: other plugins answer 200 with
/// `success:false`, or a service's 403 with `success:true` (measured). GitHub's tokens other than
/// classic ones get `success:false` with no message and a `login`: those passed.
struct VerdictReader {
  let plugin: PluginDescriptor
  let endpoint: String?
  /// How the connection authenticates, as far as the caller knows.
  var authMethod: String?
  /// The field's value that must be one of those the answer lists, as far as the caller knows.
  var chosen: Int?

  mutating func verdict(of answer: APIAnswer) -> Verdict {
    authMethod = authMethod ?? answer.json?["tokens"]?.array?.first?["auth_method"]?.string
    guard let object = answer.json?.object else {
      if answer.isSuccess {
        return failure("DevLake's response to the test is not JSON", answer.status)
      }
      let text =
        answer.body.isEmpty && answer.status >= 500
        ? "DevLake failed on the test (HTTP \(answer.status), empty body)"
        : "DevLake answered \(answer.status)"
      return failure(text, answer.status)
    }
    let tokens = tokenVerdicts(object, answer)
    let message = ServerMessage(answer.clean(object["message"]?.string ?? ""))
    let login =
      nonEmpty(object["login"]?.string).map(answer.clean) ?? tokens.lazy.compactMap(\.login).first
    if let evidence = plugin.test.evidence, answer.isSuccess, object["success"] == nil,
      object[evidence.presence] != nil
    {
      return found(object, evidence, answer)
    }
    if !plugin.isKnown, answer.isSuccess, object["success"] == nil, object["Body"] == nil {
      return Verdict(
        .unverified,
        "DevLake answered \(answer.status) without saying whether the test passed",
        hint: "the catalog does not know how the test of '\(plugin.id)' answers"
      )
    }
    var verdict: Verdict
    if isPassed(object, answer, message, login: login, tokens: tokens) {
      verdict = passed(object, message: message, login: login)
    } else {
      verdict = failed(object, answer, message, tokens: tokens)
    }
    if !verdict.isFailure, let foreign = foreignChoice(object) { verdict = foreign }
    verdict.login = login.map(ServerText.line)
    verdict.tokens = tokens.count > 1 ? tokens : []
    return verdict
  }

  /// That a connection names one of something it has not, although DevLake lets it pass.
  private func foreignChoice(_ object: JSONObject) -> Verdict? {
    let token = object["tokens"]?.array?.first
    guard let choice = plugin.test.choice, authMethod == choice.authMethod,
      let list = (object[choice.list] ?? token?[choice.list])?.array, !list.isEmpty,
      let chosen = token?[choice.field]?.int ?? chosen
    else { return nil }
    let ids = list.compactMap { $0["id"]?.int }
    guard !ids.isEmpty, !ids.contains(chosen) else { return nil }
    let names = list.compactMap { element -> String? in
      guard let id = element["id"]?.int else { return nil }
      let owner = choice.owner.reduce(Optional(element)) { $0?[$1] }?.string
      return owner.map { "\(id) (\(ServerText.line($0)))" } ?? "\(id)"
    }
    var verdict = Verdict(
      .failed,
      "the App has no installation \(chosen); it has \(names.joined(separator: ", "))",
      hint: ids.count == 1
        ? "set '\(choice.field)' to \(ids[0])" : "set '\(choice.field)' to one of these numbers"
    )
    verdict.cause = .installation
    verdict.choices = ids
    return verdict
  }

  /// What an answer tells that is not a success of a route that asks the service, and the service's
  /// status in it.
  func refusal(_ answer: APIAnswer) -> (verdict: Verdict, status: Int) {
    let text = answer.json?["message"]?.string ?? ""
    let message = ServerMessage(answer.clean(text))
    if APIError.isAboutEncryption(message), !answer.isSuccess {
      return (undecryptable, answer.status)
    }
    let whole = ([message.headline] + message.reasons).joined(separator: "\n")
    let status =
      Self.served(in: whole) ?? Verdict.Cause.quoted(in: whole.lowercased()) ?? message.status
      ?? answer.status
    let line = message.line
    let shown =
      line.isEmpty ? "DevLake answered \(answer.status)" : Self.shortened(ServerText.line(line))
    // What a service says in a body of its own outranks that DevLake could not read it.
    guard Self.served(in: whole) == nil else {
      var verdict = Verdict(.failed, shown)
      let cause = Verdict.Cause(status)
      verdict.cause = cause
      verdict.hint = hint(for: cause, text: shown)
      return (verdict, status)
    }
    return (failure(shown, status, whole: whole), status)
  }

  /// The service's status in the body that DevLake quotes and could not read.
  private static func served(in text: String) -> Int? {
    guard
      let raw = text.firstRange(of: "raw response: {").map({ text[$0.lowerBound...].lowercased() })
    else { return nil }
    let words: [(String, Int)] = [
      ("bad credentials", 401), ("unauthorized", 401), ("forbidden", 403),
      ("not accessible", 403), ("insufficient", 403), ("gone", 410), ("not found", 404),
      ("rate limit", 429),
    ]
    return words.first { raw.contains($0.0) }?.1
  }

  private func isPassed(
    _ object: JSONObject,
    _ answer: APIAnswer,
    _ message: ServerMessage,
    login: String?,
    tokens: [Verdict.TokenVerdict]
  ) -> Bool {
    guard answer.isSuccess else { return false }
    if object["success"]?.bool == true { return true }
    // ae answers in a shape of its own.
    if let isAccepted = object["Body"]?.bool { return isAccepted && object["Status"]?.int == 200 }
    guard plugin.test.acceptsLogin, login != nil else { return false }
    return tokens.isEmpty ? message.headline.isEmpty : tokens.allSatisfy(\.isPassed)
  }

  private func passed(_ object: JSONObject, message: ServerMessage, login: String?) -> Verdict {
    switch plugin.test.reach {
    case .nothing:
      return Verdict(
        .unverified,
        "DevLake does not ask \(plugin.displayName) in its test",
        hint: plugin.test.caveat
      )
    case .host:
      return Verdict(
        .unverified,
        "DevLake only reaches the host; the credential was not checked",
        hint: plugin.test.caveat
      )
    case .service: break
    }
    if !plugin.isKnown {
      return Verdict(
        .passed,
        "Connection test passed",
        hint: "what DevLake's test of '\(plugin.id)' checks is not in the catalog"
      )
    }
    // A page in front of the service passes as well, and the answer shows nothing of the service.
    if !plugin.test.readsAnswer, login == nil {
      var verdict = Verdict(
        .unverified,
        "DevLake reports success, as it would for any page",
        hint: plugin.test.caveat
      )
      verdict.isOnlyReported = true
      return verdict
    }
    var verdict = Verdict(.passed, "Connection test passed")
    if object["success"]?.bool != true, plugin.test.acceptsLogin {
      verdict.hint =
        "the token's permissions were not checked: DevLake checks only classic tokens"
    } else if object["warning"]?.bool == true {
      verdict.hint = "the token works only for public repositories"
    }
    return verdict
  }

  /// The outcome of a test whose answer has no `success`: what it lists shows whether the service
  /// was asked and something was found.
  private func found(
    _ object: JSONObject,
    _ evidence: TestBehaviour.Evidence,
    _ answer: APIAnswer
  ) -> Verdict {
    let remark = answer.clean(object[evidence.remark]?.string ?? "")
    let trouble = evidence.lists.lazy.flatMap { object[$0]?.array ?? [] }
      .compactMap { $0["error"]?.string }.first { !$0.isEmpty }
    if let trouble { return failure(Self.shortened(ServerText.line(answer.clean(trouble))), 403) }
    guard evidence.lists.allSatisfy({ object[$0]?.array?.isEmpty == false }) else {
      return Verdict(
        .unverified,
        "\(plugin.displayName) accepts the credential, but nothing was found",
        hint: remark.isEmpty ? nil : Self.shortened(ServerText.line(remark))
      )
    }
    return Verdict(.passed, "Connection test passed")
  }

  private func failed(
    _ object: JSONObject,
    _ answer: APIAnswer,
    _ message: ServerMessage,
    tokens: [Verdict.TokenVerdict]
  ) -> Verdict {
    if APIError.isAboutEncryption(message), !answer.isSuccess { return undecryptable }
    var text = message.line
    if text.isEmpty || text == "success" {
      text = tokens.first { !$0.isPassed }?.message ?? ""
    }
    if text.isEmpty || text == "success" {
      text =
        answer.isSuccess
        ? "\(plugin.displayName) did not accept the credential"
        : "\(plugin.displayName) answered \(answer.status)"
    }
    if text.hasPrefix("unexpected status code"), let number = message.status {
      text += " (\(number))"
    }
    let whole = ([message.headline] + message.reasons).joined(separator: "\n")
    text = Self.shortened(ServerText.line(text))
    let status = object["Status"]?.int ?? answer.status
    return failure(text, message.status ?? status, whole: whole)
  }

  /// DevLake runs with another key than the one its secrets were stored with.
  private var undecryptable: Verdict {
    var verdict = Verdict(.failed, APIError.otherEncryption, hint: APIError.encryptionHelp)
    verdict.cause = .encryption
    return verdict
  }

  private func failure(_ text: String, _ status: Int, whole: String? = nil) -> Verdict {
    let cause = Verdict.Cause(
      status: status,
      text: text,
      whole: whole ?? text,
      of: plugin.test
    )
    var verdict = Verdict(.failed, text, hint: hint(for: cause, text: text))
    verdict.cause = cause
    return verdict
  }

  private func tokenVerdicts(
    _ object: JSONObject,
    _ answer: APIAnswer
  ) -> [Verdict.TokenVerdict] {
    let tokens = (object["tokens"]?.array ?? []).compactMap(\.object)
    let verdicts = tokens.enumerated().map { index, token in
      let message = ServerMessage(answer.clean(token["message"]?.string ?? "")).line
      let login = nonEmpty(token["login"]?.string).map(answer.clean)
      let accepted = token["success"]?.bool == true
      return Verdict.TokenVerdict(
        isPassed: accepted || (plugin.test.acceptsLogin && message.isEmpty && login != nil),
        message: Self.shortened(ServerText.line(message)),
        login: login.map(ServerText.line),
        isLimited: token["warning"]?.bool == true,
        position: index + 1,
        mask: nonEmpty(token["token"]?.string)
      )
    }
    let pool = TokenPool(masks: verdicts.compactMap(\.mask))
    guard pool.count == verdicts.count else { return verdicts }
    // Stable: two that show the same mask stay in DevLake's order.
    var left = verdicts
    return pool.masks.compactMap { mask in
      left.firstIndex { $0.mask == mask }.map { left.remove(at: $0) }
    }
  }

  /// What to try; a hint that would be a guess is not given.
  private func hint(for cause: Verdict.Cause, text: String) -> String? {
    switch cause {
    case .nameResolution:
      return
        "DevLake cannot find the host of the endpoint\(quotedEndpoint); check its spelling"
    case .proxy: return "DevLake cannot reach the proxy; check the connection's proxy"
    case .connection:
      return "DevLake cannot reach the endpoint\(quotedEndpoint); check host, port and firewall"
    case .tls:
      return "DevLake does not trust the service's certificate; IN_SECURE_SKIP_VERIFY on DevLake's "
        + "side accepts it"
    case .rateLimit: return "the service limits requests; wait and try again"
    case .endpoint:
      let page = ["raw response", "invalid character", "looking for beginning of value"]
      if page.contains(where: text.lowercased().contains) {
        return "the endpoint\(quotedEndpoint) returns a page instead of an API response; check it"
      }
      return endpoint.flatMap { plugin.endpoint?.hint(for: $0) }
    case .installation: return nil
    case .credential, .permission: return credentialHint
    case .service, .encryption, .timeout, .unknown: return nil
    }
  }

  private var credentialHint: String {
    guard let method = plugin.authMethod(named: authMethod),
      let secret = plugin.field(method.secretField)
    else { return "check the \(plugin.secretNoun)" }
    let scopes = plugin.requiredScopes(of: secret)
    if !scopes.isEmpty {
      return "Ensure your PAT has these scopes: \(scopes.joined(separator: ", "))"
    }
    let identity = method.identityFields.map { "the \(plugin.field($0)?.help ?? $0)" }
    return "check "
      + (identity.isEmpty ? "" : identity.joined(separator: ", ") + " and ")
      + "the \(plugin.secretNoun(of: secret))"
  }

  private var quotedEndpoint: String { endpoint.map { " \(ServerText.line($0))" } ?? "" }

  private func nonEmpty(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }

  /// DevLake quotes whole pages.
  private static func shortened(_ text: String) -> String {
    text.count > 300 ? text.prefix(299) + "…" : text
  }
}
