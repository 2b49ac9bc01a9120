import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// The transport of the product: AsyncHTTPClient on one event-loop thread, connections kept alive.
///
/// Redirects are answers, HTTP/1 only, nothing is sent twice. The client's delegates are used and not
/// its `async` calls: there the deadline ends at the response head (measured), here with the body.
public final class AsyncHTTPTransport: HTTPTransport {
  private let client: HTTPClient
  private let configuration: HTTPClient.Configuration
  private let options: TransportOptions
  /// What plain http goes through where there is a proxy.
  private let plain: Plain?
  /// Whether any answer came yet; until then the port may be one of another protocol.
  private let hasAnswered = Atomic(false)
  /// The look at the server's certificates that is going on: many requests may fail at the same time.
  private let look = Mutex<Task<[NIOSSLCertificate]?, Never>?>(nil)

  /// A client whose requests go to a proxy and not through it.
  private struct Plain {
    let form: AbsoluteForm
    let configuration: HTTPClient.Configuration
    let client: HTTPClient
  }

  /// Makes a client; nothing is connected yet.
  public init(options: TransportOptions = TransportOptions()) {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .nanoseconds(options.connectLimit.nanoseconds))
    )
    configuration.httpVersion = .http1Only
    configuration.tracing.tracer = nil
    // With it, a refused connection waits for the deadline instead of failing at once (measured).
    configuration.connectionPool.retryConnectionEstablishment = false
    // 8 by default would serialise the lists of all plugins.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    configuration.tlsConfiguration = Self.encryption(options)
    if let proxy = options.proxy {
      var direct = configuration
      AbsoluteForm.prepare(&direct)
      plain = Plain(
        form: AbsoluteForm(proxy),
        configuration: direct,
        client: HTTPClient(eventLoopGroup: Self.loops, configuration: direct)
      )
      let authorization = proxy.credentials.map { credentials in
        credentials.password.reveal {
          HTTPClient.Authorization.basic(username: credentials.username, password: $0)
        }
      }
      configuration.proxy = .server(
        host: proxy.host,
        port: proxy.port,
        authorization: authorization
      )
    } else {
      plain = nil
    }
    self.options = options
    self.configuration = configuration
    self.client = HTTPClient(eventLoopGroup: Self.loops, configuration: configuration)
  }

  /// One thread is as fast as two here (measured) and starts sooner.
  private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private static let barrier = LoopBarrier(loops)

  deinit {
    // The process may end at any time; there is nothing to wait for.
    client.shutdown { _ in }
    plain?.client.shutdown { _ in }
  }

  private static func encryption(_ options: TransportOptions) -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    // NIOSSL's own least is TLS 1.0, which is broken (RFC 8996).
    tls.minimumTLSVersion = .tlsv12
    if options.acceptsAnyCertificate {
      tls.certificateVerification = .none
    } else if let file = options.certificateFile {
      tls.trustRoots = .file(file)
    } else {
      let (certificates, folder) = TLSDiagnosis.system(options)
      if let certificates {
        // A folder can be the first of them only: NIOSSL takes the further ones for files.
        tls.trustRoots = folder.map { .file($0) } ?? .certificates([])
        tls.additionalTrustRoots = [.certificates(certificates)]
      }
    }
    return tls
  }

  /// Sends `request` once and collects the answer.
  ///
  /// A write goes out on a kept connection only when the loop has seen every close the kernel knew of
  /// by now; see `LoopBarrier`.
  public func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    let start = ContinuousClock.now
    let deadline = NIODeadline.now() + .nanoseconds(limit.nanoseconds)
    var needsNewConnection = request.needsNewConnection
    if request.method != "GET", !needsNewConnection {
      needsNewConnection = !(await Self.barrier.pass())
    }
    let passed = plain?.form.message(request)
    let route = passed == nil ? nil : plain
    // A client keeps connections and does not tell whether one is new; one that has none makes one.
    let other =
      needsNewConnection
      ? HTTPClient(
        eventLoopGroup: Self.loops,
        configuration: route?.configuration ?? configuration
      ) : nil
    defer { other?.shutdown { _ in } }
    let response: HTTPResponse
    do {
      let answer = try await answer(
        of: other ?? route?.client ?? client,
        to: try Self.message(passed ?? request),
        before: deadline
      )
      response = HTTPResponse(
        status: Int(answer.status.code),
        headers: answer.headers.map { ($0.name, $0.value) },
        body: answer.body.map { Array($0.readableBytesView) } ?? []
      )
    } catch {
      if Task.isCancelled { throw .cancelled }
      if let error = error as? HTTPClientError, error == .deadlineExceeded {
        throw .timedOut(after: limit)
      }
      throw await failure(error, of: request, within: limit - (.now - start))
    }
    if let failure = route?.form.failure(response, ServerURL.address(ofRequest: request.url)) {
      throw failure
    }
    if let failure = Self.failure(response, of: request) { throw failure }
    hasAnswered.store(true, ordering: .relaxed)
    return response
  }

  /// What an answer says about the way and not for the server; `nil` for any other.
  private static func failure(
    _ response: HTTPResponse,
    of request: HTTPRequest
  ) -> TransportError? {
    // The words of nginx, Go and Apache when plain HTTP comes to a TLS port.
    if response.status == 400, response.body.count < 4_096, request.url.hasPrefix("http://") {
      let text = String(decoding: response.body, as: UTF8.self)
      let marks = [
        "plain HTTP request was sent to HTTPS port", "HTTP request to an HTTPS server",
        "speaking plain HTTP to an SSL-enabled server port",
      ]
      if marks.contains(where: { text.contains($0) }) { return .tls(.expected) }
    }
    let encoding = response.header("content-encoding")?.lowercased() ?? "identity"
    guard !response.body.isEmpty, encoding != "identity", encoding != "" else { return nil }
    // A name of the registry is short and plain; anything else is a text of the server's.
    let isName = encoding.utf8.count <= 20 && encoding.allSatisfy { $0.isASCII && $0 > " " }
    return .encoded(as: isName ? encoding : "?")
  }

  /// What the client's error means, looked into where it does not say.
  private func failure(
    _ error: any Error,
    of request: HTTPRequest,
    within limit: Duration
  ) async -> TransportError {
    let diagnosis = TLSDiagnosis(loops: Self.loops, options: options)
    if let handshake = TransportError.handshakeError(error) {
      return .tls(
        await diagnosis.failure(handshake) {
          await self.certificates(of: request.url, diagnosis, limit)
        }
      )
    }
    let failure = TransportError(error, url: request.url, options: options)
    guard failure.isWorthRepeating, options.proxy == nil, request.url.hasPrefix("http://"),
      !hasAnswered.load(ordering: .relaxed)
    else { return failure }
    let shown = await certificates(of: request.url, diagnosis, min(limit, .seconds(2)))
    return shown == nil ? failure : .tls(.expected)
  }

  /// The certificates a server shows; who comes while someone looks waits for what that one sees.
  private func certificates(
    of url: String,
    _ diagnosis: TLSDiagnosis,
    _ limit: Duration
  ) async -> [NIOSSLCertificate]? {
    let task = look.withLock { look in
      let task =
        look
        ?? Task {
          let shown = await diagnosis.certificates(of: url, within: min(limit, .seconds(10)))
          self.look.withLock { $0 = nil }
          return shown
        }
      look = task
      return task
    }
    return await task.value
  }

  private static func message(_ request: HTTPRequest) throws -> HTTPClient.Request {
    var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
    // Without it any encoding may come, and none is understood here.
    if !headers.contains(name: "accept-encoding") {
      headers.add(name: "Accept-Encoding", value: "identity")
    }
    return try HTTPClient.Request(
      url: request.url,
      method: HTTPMethod(rawValue: request.method),
      headers: headers,
      body: request.body.map { .bytes($0) }
    )
  }

  private func answer(
    of client: HTTPClient,
    to message: HTTPClient.Request,
    before deadline: NIODeadline
  ) async throws -> HTTPClient.Response {
    let exchange = client.execute(
      request: message,
      delegate: ResponseAccumulator(request: message, maxBodySize: options.answerLimit),
      deadline: deadline
    )
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        exchange.futureResult.whenComplete { continuation.resume(with: $0) }
      }
    } onCancel: {
      exchange.cancel()
    }
  }
}

extension Duration {
  /// The whole of it in nanoseconds, as NIO counts.
  var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
