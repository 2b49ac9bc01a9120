import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The transport of the product: AsyncHTTPClient on one event-loop thread, connections kept alive.
///
/// Redirects are answers, HTTP/1 only, nothing is sent twice. The whole call is bounded by
/// cancelling its task, because the client's own deadline ends at the response head (measured).
public final class AsyncHTTPTransport: HTTPTransport {
  private let client: HTTPClient
  private let options: TransportOptions

  /// Makes a client; nothing is connected yet.
  public init(options: TransportOptions = TransportOptions()) {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .nanoseconds(options.connectLimit.nanoseconds))
    )
    configuration.httpVersion = .http1Only
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
    self.client = HTTPClient(
      eventLoopGroup: Self.loops,
      configuration: configuration
    )
  }

  /// One thread is as fast as two here (measured) and starts sooner.
  private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  deinit {
    // The process may end at any time; there is nothing to wait for.
    client.shutdown { _ in }
  }

  /// Sends `request` once and collects the answer.
  public func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    var message = HTTPClientRequest(url: request.url)
    message.method = HTTPMethod(rawValue: request.method)
    for (name, value) in request.headers { message.headers.add(name: name, value: value) }
    if let body = request.body { message.body = .bytes(body) }
    let outgoing = message
    let (client, answerLimit) = (client, options.answerLimit)
    let outcome: Outcome
    do {
      outcome = try await Self.bounded(limit) {
        let response = try await client.execute(outgoing, timeout: .hours(24))
        let body = try await response.body.collect(upTo: answerLimit)
        return HTTPResponse(
          status: Int(response.status.code),
          headers: response.headers.map { ($0.name, $0.value) },
          body: Array(body.readableBytesView)
        )
      }
    } catch {
      if Task.isCancelled { throw .cancelled }
      throw TransportError(error, url: request.url, options: options)
    }
    switch outcome {
    case .answer(let response): return response
    case .late: throw Task.isCancelled ? .cancelled : .timedOut(after: limit)
    }
  }

  private enum Outcome: Sendable {
    case answer(HTTPResponse)
    case late
  }

  private static func bounded(
    _ limit: Duration,
    _ body: @escaping @Sendable () async throws -> HTTPResponse
  ) async throws -> Outcome {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      group.addTask { .answer(try await body()) }
      group.addTask {
        try await Task.sleep(for: limit)
        return .late
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .late
    }
  }
}

extension Duration {
  /// The whole of it in nanoseconds, as NIO counts.
  fileprivate var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
