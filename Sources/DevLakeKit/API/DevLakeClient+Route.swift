extension DevLakeClient {
  /// Sends a request to any route, and returns whatever answer comes.
  ///
  /// - Parameters:
  ///   - method: In capitals; only a `GET` and the `POST` of a test are ever sent a second time, when
  ///     their answer was lost.
  ///   - route: The path below the base URL, and the query.
  ///   - body: What is sent with it.
  /// - Throws: When no answer comes; an error status is an answer.
  public func request(
    _ method: String,
    _ route: Route,
    body: RequestBody? = nil
  ) async throws(APIError) -> RouteAnswer {
    var call = APICall(method: method, path: route.path, query: route.query, body: body)
    if method == "POST", route.isTest { call.limit = .test }
    let answer = try await exchange(call)
    return RouteAnswer(answer, of: call, asksService: route.asksService)
  }
}

/// The answer of a route that has no method of its own.
public struct RouteAnswer: Sendable {
  /// The HTTP status.
  public let status: Int
  /// The body as it came, secrets and all: for a file only its owner can read.
  public let body: [UInt8]
  /// What may be shown of it: JSON with every secret as `***`, or a text.
  public let shown: JSONValue
  /// Whether the body is JSON.
  public let isJSON: Bool
  /// Whether the body can be shown: ``shown`` is empty for one that is not text.
  public let isText: Bool
  /// Why it is not a success; `nil` when it is one.
  public let failure: APIError?

  init(_ answer: APIAnswer, of call: APICall, asksService: Bool) {
    status = answer.status
    body = answer.body
    let failure = asksService ? answer.ownFailure(of: call) : answer.failure(of: call)
    self.failure = failure ?? answer.pageFailure(of: call)
    if let json = answer.json {
      isJSON = true
      isText = true
      shown = answer.clean(json)
    } else {
      isJSON = false
      let text = String(validating: answer.body, as: UTF8.self)
      isText = text.map { !$0.unicodeScalars.contains { $0.value == 0 } } ?? false
      shown = .string(ServerText.withoutCredentials(answer.clean(isText ? text ?? "" : "")))
    }
  }
}
