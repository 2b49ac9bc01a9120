import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The transport of the product: AsyncHTTPClient on one event-loop thread, connections kept alive.
///
/// Redirects are answers, HTTP/1 only, nothing is sent twice. The client's delegates are used and not
/// its `async` calls: there the deadline ends at the response head (measured), here with the body.
public final class AsyncHTTPTransport: HTTPTransport {
  private let client: HTTPClient
  private let configuration: HTTPClient.Configuration
  private let options: TransportOptions

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
    if options.acceptsAnyCertificate || options.certificateFile != nil {
      var tls = TLSConfiguration.makeClientConfiguration()
      if options.acceptsAnyCertificate { tls.certificateVerification = .none }
      if let file = options.certificateFile { tls.trustRoots = .file(file) }
      configuration.tlsConfiguration = tls
    }
    if let proxy = options.proxy {
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
    }
    self.options = options
    self.configuration = configuration
    self.client = HTTPClient(
      eventLoopGroup: Self.loops,
      configuration: configuration
    )
  }

  /// One thread is as fast as two here (measured) and starts sooner.
  private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  static let executor = LoopExecutor(loops.any())

  deinit {
    // The process may end at any time; there is nothing to wait for.
    client.shutdown { _ in }
  }

  /// Sends `request` once and collects the answer.
  public func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    // A client keeps connections and does not tell whether one is new; one that has none makes one.
    let other =
      request.needsNewConnection
      ? HTTPClient(
        eventLoopGroup: Self.loops,
        configuration: configuration
      ) : nil
    defer { other?.shutdown { _ in } }
    do {
      if request.method != "GET" { await Self.executor.letOthersAct() }
      let answer = try await answer(
        of: other ?? client,
        to: try Self.message(request),
        before: .now() + .nanoseconds(limit.nanoseconds)
      )
      return HTTPResponse(
        status: Int(answer.status.code),
        headers: answer.headers.map { ($0.name, $0.value) },
        body: answer.body.map { Array($0.readableBytesView) } ?? []
      )
    } catch {
      if Task.isCancelled { throw .cancelled }
      if let error = error as? HTTPClientError, error == .deadlineExceeded {
        throw .timedOut(after: limit)
      }
      throw TransportError(error, url: request.url, options: options)
    }
  }

  private static func message(_ request: HTTPRequest) throws -> HTTPClient.Request {
    try HTTPClient.Request(
      url: request.url,
      method: HTTPMethod(rawValue: request.method),
      headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
      body: request.body.map { .bytes($0) }
    )
  }

  /// Waits on the caller's own actor, without a task beside it: a hop between threads costs as much as
  /// all that the client itself does (measured).
  private func answer(
    of client: HTTPClient,
    to message: HTTPClient.Request,
    before deadline: NIODeadline,
    on actor: isolated (any Actor)? = #isolation
  ) async throws -> HTTPClient.Response {
    let exchange = client.execute(
      request: message,
      delegate: ResponseAccumulator(request: message, maxBodySize: options.answerLimit),
      deadline: deadline
    )
    // A continuation resumes on the task's executor before it goes to the actor; on the loop's own
    // thread that costs nothing.
    return try await withTaskExecutorPreference(Self.executor) {
      // Closures stay on the actor they capture.
      _ = actor
      return try await withTaskCancellationHandler {
        _ = actor
        return try await withCheckedThrowingContinuation { continuation in
          exchange.futureResult.whenComplete { continuation.resume(with: $0) }
        }
      } onCancel: {
        exchange.cancel()
      }
    }
  }
}

extension Duration {
  /// The whole of it in nanoseconds, as NIO counts.
  fileprivate var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
