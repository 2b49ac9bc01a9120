/// An answer of DevLake, or of what is in its place.
struct APIAnswer: Sendable {
  let status: Int
  let contentType: String
  let location: String?
  let retryAfter: String?
  let body: [UInt8]
  private let headers: [(name: String, value: String)]
  /// Knows what was sent and must not come back in a message.
  private let redactor: Redactor
  /// What was shown to be let in, as ``Access/name`` calls it.
  private let shown: String

  init(_ response: HTTPResponse, redactor: Redactor, shown: String = "none") {
    status = response.status
    contentType = response.header("content-type") ?? ""
    location = response.header("location")
    retryAfter = response.header("retry-after")
    body = response.body
    headers = response.headers
    self.redactor = redactor
    self.shown = shown
  }

  /// The value of a header field, whatever the case of its name.
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  var isSuccess: Bool { (200..<300).contains(status) }

  /// Whether DevLake's handler broke down: 500 with no body and no type (measured).
  ///
  /// A gateway's 500 has one or the other.
  var isBreakdown: Bool { status == 500 && body.isEmpty && contentType.isEmpty }

  /// The body as JSON, when it is JSON.
  var json: JSONValue? {
    guard let first = body.first(where: { $0 > 0x20 }), first != UInt8(ascii: "<") else {
      return nil
    }
    return try? JSONValue(parsing: body)  // no JSON is one of the answers expected here
  }

  var isHTML: Bool {
    contentType.hasPrefix("text/html") || body.first { $0 > 0x20 } == UInt8(ascii: "<")
  }

  /// The JSON of a success.
  func json(for call: APICall) throws(APIError) -> JSONValue {
    guard let json else {
      throw APIError(
        isHTML
          ? .foreign(reason: "a web page came back instead of DevLake's API")
          : .unexpected(reason: body.isEmpty ? "an empty response" : "a response that is not JSON"),
        call: call.label
      )
    }
    return json
  }

  /// Why the answer is not a success; `nil` when it is one.
  func failure(of call: APICall) -> APIError? {
    if isSuccess { return nil }
    return APIError(failureKind(), call: call.label)
  }

  /// Why the answer of a route that passes a service's answer on is not a success.
  func serviceFailure(of call: APICall) -> APIError? {
    if isSuccess { return nil }
    return APIError(failureKind(isService: true), call: call.label)
  }

  /// Why the answer is not a success, where a 401 or 403 may be that of a service DevLake asked.
  func ownFailure(of call: APICall) -> APIError? {
    guard status == 401 || status == 403, !isOwnRefusal, let json else {
      return serviceFailure(of: call)
    }
    return APIError(
      .refused(status: status, message: message(json, ""), data: data(json)),
      call: call.label
    )
  }

  /// That a page came with a success, where DevLake itself has none: a login is in front.
  func pageFailure(of call: APICall) -> APIError? {
    guard isSuccess, isHTML, !call.path.hasPrefix("/swagger") else { return nil }
    return APIError(.foreign(reason: Self.webPage), call: call.label)
  }

  /// The failure that concerns DevLake as a whole and not the service a test asked.
  func serverFailure(of call: APICall) -> APIError? {
    let kind: APIError.Kind
    switch status {
    case 428: kind = failureKind()
    case 300..<400: kind = failureKind()
    case 401, 403: kind = isOwnRefusal ? failureKind() : .noRoute
    case 404 where !isHTML && json == nil: return APIError(.noRoute, call: call.label)
    case 502, 503: kind = isHTML ? failureKind() : .noRoute
    case 200..<300 where isHTML: kind = .foreign(reason: Self.webPage)
    default: return nil
    }
    return kind == .noRoute ? nil : APIError(kind, call: call.label)
  }

  private static let webPage = "a web page came back instead of DevLake's API"

  /// Whether a 401 or 403 is DevLake's own, and not what a tested service answered.
  ///
  /// Its own is `{"success","message"}`; a test's has `code`, `causes` and `data`, too (measured).
  /// nginx's is HTML.
  private var isOwnRefusal: Bool {
    guard let object = json?.object else { return true }
    return object["code"] == nil && object["success"]?.bool == false
  }

  /// Whether a JSON error is one of DevLake's: they all have `code` and `success` (measured).
  private static func isOwn(_ object: JSONObject) -> Bool {
    object["success"]?.bool != nil && object["code"] != nil
  }

  /// What a gateway says of itself: Kong, Envoy and others put it into `message` or `error`.
  private static func words(of object: JSONObject) -> String {
    let text =
      object["message"]?.string ?? object["error"]?.string ?? object["error"]?["message"]?.string
      ?? object["title"]?.string ?? object["detail"]?.string ?? ""
    return String(ServerText.line(text).prefix(200))
  }

  /// - Parameter isService: Whether a service's answer may be passed on, in a shape of its own.
  private func failureKind(isService: Bool = false) -> APIError.Kind {
    let json = json
    switch status {
    case 428:
      let text = json?["message"]?.string ?? ""
      return .migration(isRunning: text.contains("in progress"))
    case 401, 403: return .unauthorized(status: status, reason: refusal(json))
    case 300..<400:
      let target = location.map { " to \(shown(location: $0))" } ?? ""
      return .foreign(
        reason: "the server redirects\(target) (\(status)); is a login in front of it?"
      )
    case 404 where json == nil:
      return isHTML ? .foreign(reason: "no DevLake API here (404)") : .noRoute
    case 429:
      let words = json?.object.map(Self.words) ?? ""
      let message = message(json, words.isEmpty ? "too many requests" : words).saying(waiting)
      // A gateway counts answers, too: what DevLake did before its answer was held back is open.
      guard isService || json?.object.map(Self.isOwn) == true else {
        return .gateway(status: 429, reason: message.line)
      }
      return .refused(status: 429, message: message, data: nil)
    case 500 where json?.array?.isEmpty == true: return .databaseAway
    case 502, 503, 504:
      if isHTML || json == nil {
        return .foreign(
          reason: "the proxy in front of DevLake responds with \(status): DevLake is down"
        )
      }
    default: break
    }
    if body.isEmpty {
      return (500..<600).contains(status)
        ? .brokenDown(status: status)
        : .unexpected(reason: "HTTP \(status) without a message")
    }
    if isHTML { return .foreign(reason: "a web page came back (HTTP \(status))") }
    // Rows under an error: their secrets cannot be decrypted (measured).
    if status == 500, json?.array?.allSatisfy({ $0["id"] != nil && $0["name"] != nil }) == true {
      return .refused(status: 500, message: ServerMessage(APIError.otherEncryption), data: nil)
    }
    guard let object = json?.object else {
      return .unexpected(reason: "HTTP \(status) with a response that is not a DevLake error")
    }
    if !isService, !Self.isOwn(object) {
      // Some plugins answer for a row that is not there with an empty one (measured).
      guard status == 404, object["id"]?.int == 0, object["name"] != nil else {
        return .gateway(status: status, reason: clean(Self.words(of: object)))
      }
      return .refused(status: 404, message: ServerMessage("no such connection"), data: nil)
    }
    let message = message(json, "")
    if status == 500, APIError.isAboutEncryption(message) {
      return .refused(status: 500, message: ServerMessage(APIError.otherEncryption), data: nil)
    }
    return .refused(status: status, message: message, data: json.flatMap(data))
  }

  /// Where a redirect leads, without its query: a login's has codes and tokens in it.
  private func shown(location: String) -> String {
    let target = location.prefix { $0 != "?" && $0 != "#" }
    return ServerText.line(clean(ServerText.withoutCredentials(String(target))))
  }

  /// The `data` of an error as it may be shown.
  private func data(_ json: JSONValue) -> JSONValue? { json["data"].map(clean) }

  /// How long a 429 asks to wait: seconds, or a date.
  private var waiting: String {
    guard let retryAfter, !retryAfter.isEmpty else { return "" }
    let said = ServerText.line(clean(retryAfter))
    return "; try again " + (said.allSatisfy(\.isNumber) ? "in \(said) s" : "after \(said)")
  }

  private func message(_ json: JSONValue?, _ fallback: String) -> ServerMessage {
    ServerMessage(clean(json?["message"]?.string ?? fallback))
  }

  /// The text without the secrets in use, and without masks of stored ones.
  func clean(_ text: String) -> String { ServerText.withoutMasks(redactor.hiding(text)) }

  /// The value without the secrets in use, and without what its names call secret.
  func clean(_ value: JSONValue) -> JSONValue {
    SecretFields.hiding(redactor.hiding(value), and: PluginRegistry.standard.secretFields)
  }

  /// What a 401 says of the door: DevLake's own login answers in its JSON and takes no Basic pair,
  /// config-ui's nginx answers with a page.
  private func refusedLogin(isDevLake: Bool) -> String {
    switch shown {
    case "basic" where isDevLake:
      "DevLake's own login takes no user name and password (401): use an API key"
    case "basic": "the user name or the password is not accepted here (401)"
    // A wrong key is a 403 with words of its own (measured).
    case "api-key" where isDevLake:
      "the API key is not accepted here (401): this DevLake also rejects valid keys, a bug in "
        + "v1.0.4-beta13 and beta14"
    case "api-key": "the API key is not accepted here (401)"
    case Access.forwarded where isDevLake:
      "the forwarded user is not accepted (401): X-Forwarded-User-Secret must be DevLake's "
        + "FORWARDED_USER_SECRET, which must be set"
    case _ where isDevLake: "a login is required here, by DevLake itself (401)"
    default: "a login is required here (401)"
    }
  }

  private func refusal(_ json: JSONValue?) -> String {
    let text = json?["message"]?.string.map { ServerText.line(clean($0)) }
    switch text {
    case "unauthorized", nil:
      return status == 401
        ? refusedLogin(isDevLake: text != nil)
        : "DevLake does not allow it (403): check the API key or the user"
    case "token is missing", "token is not present or malformed":
      return "DevLake requires an API key (401)"
    case let text?: return "DevLake denied access (\(status)): \(text)"
    }
  }
}
