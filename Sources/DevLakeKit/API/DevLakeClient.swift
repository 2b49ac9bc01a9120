/// Talks to one DevLake server.
///
/// Each resource has its methods in a `DevLakeClient+…` file; this one knows how a request is sent
/// and an answer judged: by status *and* shape, as the server was measured to behave.
public struct DevLakeClient: Sendable {
  /// What is in front of every route: `http://host:8080` or `http://host:4000/api`.
  public let baseURL: ServerURL
  /// How long calls may take.
  public var limits: Limits
  /// What the caller shows to be let in.
  public var access: Access { didSet { redactor.learn(access) } }

  /// Hides in answers what was sent; it is told of every secret before that goes out.
  let redactor: Redactor
  var transport: any HTTPTransport
  private let observe: (@Sendable (Exchange) -> Void)?

  /// How long calls may take.
  public struct Limits: Sendable, Equatable {
    /// A request: 30 s by default.
    public var request: Duration = .seconds(30)
    /// A connection test: 55 s by default, because config-ui's proxy cuts at 60.
    public var test: Duration = .seconds(55)

    /// The deletion of a scope: 10 minutes by default, because DevLake deletes all the data collected
    /// for it before it answers.
    public var scopeDeletion: Duration = .seconds(600)

    /// The usual.
    public init() {}

    /// The same limit for all.
    public init(all limit: Duration) {
      request = limit
      test = limit
      scopeDeletion = limit
    }

    subscript(limit: APICall.Limit) -> Duration {
      switch limit {
      case .request: request
      case .test: test
      case .scopeDeletion: scopeDeletion
      }
    }
  }

  /// One request and how it went; it holds no secret.
  public struct Exchange: Sendable {
    /// Who was asked.
    public let server: ServerURL
    /// Method and path, for example `GET /plugins`.
    public let call: String
    /// The status; `nil` when no answer came.
    public let status: Int?
    /// Why no answer came.
    public let error: TransportError?
    /// The answer's length in bytes.
    public let length: Int
    /// How long it took.
    public let duration: Duration
  }

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - baseURL: The URL in front of every route; a user name and password in it are not used.
  ///   - transport: What carries the requests.
  ///   - access: What the caller shows to be let in.
  ///   - limits: How long calls may take.
  ///   - redactor: Hides secrets in what is told of answers; shared by all that show something.
  ///   - observe: Told about every exchange.
  public init(
    baseURL: ServerURL,
    transport: any HTTPTransport,
    access: Access = Access(),
    limits: Limits = Limits(),
    redactor: Redactor = Redactor(),
    observe: (@Sendable (Exchange) -> Void)? = nil
  ) {
    self.baseURL = baseURL.withoutCredentials
    self.redactor = redactor
    self.transport = transport
    self.access = access
    self.limits = limits
    self.observe = observe
    redactor.learn(access)
  }

  /// The same client with another URL in front of the routes.
  public func at(_ baseURL: ServerURL) -> DevLakeClient {
    DevLakeClient(
      baseURL: baseURL,
      transport: transport,
      access: access,
      limits: limits,
      redactor: redactor,
      observe: observe
    )
  }

  /// Sends a call and returns whatever answer comes; a `GET` whose answer was lost is sent once
  /// more, and so is a test, which changes nothing; nothing else ever is.
  ///
  /// Of the connections that are kept any may have been closed by now, so the second time it goes out
  /// on a new one.
  func exchange(_ call: APICall) async throws(APIError) -> APIAnswer {
    do throws(TransportError) {
      return try await once(call)
    } catch {
      guard call.mayBeRepeated(after: error) else {
        throw APIError(.transport(error), call: call.label)
      }
    }
    do throws(TransportError) {
      return try await once(call, onNewConnection: true)
    } catch {
      throw APIError(.transport(error), call: call.label)
    }
  }

  /// Sends a call and returns its answer when it is a success.
  func send(_ call: APICall) async throws(APIError) -> APIAnswer {
    let answer = try await exchange(call)
    if let error = answer.failure(of: call) { throw error }
    return answer
  }

  /// Sends a call and returns the JSON of its answer.
  func json(_ call: APICall) async throws(APIError) -> JSONValue {
    try await send(call).json(for: call)
  }

  private var hostHeader: [(name: String, value: String)] {
    baseURL.hostField.map { [("Host", $0)] } ?? []
  }

  private func once(
    _ call: APICall,
    onNewConnection: Bool = false
  ) async throws(TransportError) -> APIAnswer {
    let clock = ContinuousClock()
    let start = clock.now
    let limit = limits[call.limit]
    var request = HTTPRequest(
      method: call.method,
      url: baseURL.text + access.prefix(for: call.path) + call.target,
      headers: access.headers + call.headers + hostHeader,
      body: call.body?.bytes
    )
    request.needsNewConnection = onNewConnection
    for secret in call.body?.secrets ?? [] { redactor.learn(secret) }
    do throws(TransportError) {
      let response = try await transport.send(request, within: limit)
      observe?(
        Exchange(
          server: baseURL,
          call: call.label,
          status: response.status,
          error: nil,
          length: response.body.count,
          duration: clock.now - start
        )
      )
      return APIAnswer(response, redactor: redactor, shown: access.name)
    } catch {
      observe?(
        Exchange(
          server: baseURL,
          call: call.label,
          status: nil,
          error: error,
          length: 0,
          duration: clock.now - start
        )
      )
      throw error
    }
  }
}
