import AsyncHTTPClient
import Glibc
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

extension TransportError {
  /// Tells what one of the client's many error types means.
  ///
  /// Their descriptions are not shown as they are: one of them contains header values, and so a
  /// token (measured).
  fileprivate init(_ error: any Error, url: String, options: TransportOptions) {
    let address = Self.address(of: url)
    switch error {
    case let error as HTTPClientError: self.init(error, address: address, url: url, options)
    case let error as NIOConnectionError: self.init(error, address: address)
    case let error as IOError: self = Self.system(error, address: address)
    case let error as ChannelError:
      if case .connectTimeout = error {
        self = .unconnectable(address: address, reason: "no answer to the connection request")
      } else {
        self = .lost
      }
    case is HTTPParserError: self = Self.isCut(error) ? .lost : .garbled
    case is NIOTooManyBytesError: self = .tooLarge(limit: options.answerLimit)
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      self = .tls(reason: "the certificate is for another host")
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      self = .tls(reason: Self.certificateReason(error))
    case is CancellationError: self = .cancelled
    default: self = .lost
    }
  }

  private init(
    _ error: HTTPClientError,
    address: String,
    url: String,
    _ options: TransportOptions
  ) {
    switch error {
    case .connectTimeout:
      self = .unconnectable(
        address: address,
        reason: "no answer within \(options.connectLimit.components.seconds) s"
      )
    case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timedOut(after: .zero)
    case .remoteConnectionClosed: self = .lost
    case .invalidURL, .emptyHost, .emptyScheme: self = .unusable(url: url)
    case .proxyAuthenticationRequired: self = .proxy(reason: "it wants a user name and password")
    case .invalidProxyResponse: self = .proxy(reason: "it did not open a way to \(address)")
    case .cancelled: self = .cancelled
    default:
      // `unsupportedScheme` carries the scheme, so it cannot be a pattern above.
      self = error.shortDescription.contains("Unsupported scheme") ? .unusable(url: url) : .garbled
    }
  }

  private init(_ error: NIOConnectionError, address: String) {
    if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
      self = .unresolved(host: error.host)
      return
    }
    guard let system = error.connectionErrors.compactMap({ $0.error as? IOError }).first else {
      self = .unconnectable(address: address, reason: "no answer to the connection request")
      return
    }
    self = Self.system(system, address: address)
  }

  private static func system(_ error: IOError, address: String) -> TransportError {
    switch error.errnoCode {
    case ECONNREFUSED: .refused(address: address)
    case ECONNRESET, EPIPE, ENOTCONN: .lost
    case ENETUNREACH, EHOSTUNREACH:
      .unconnectable(address: address, reason: "no route to the host")
    case ETIMEDOUT:
      .unconnectable(address: address, reason: "no answer to the connection request")
    default:
      .unconnectable(address: address, reason: String(cString: strerror(error.errnoCode)))
    }
  }

  private static func isCut(_ error: any Error) -> Bool {
    (error as? HTTPParserError) == .invalidEOFState
  }

  private static func certificateReason(_ error: any Error) -> String {
    let text = String(describing: error)
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      return "the server's certificate is signed by nobody known here"
    }
    if text.contains("EOF during handshake") || text.contains("WRONG_VERSION_NUMBER") {
      return "the server does not speak TLS on this port"
    }
    return "the handshake was broken off"
  }

  /// `https://host:8443/x` → `host:8443`.
  private static func address(of url: String) -> String {
    guard let start = url.range(of: "://")?.upperBound else { return url }
    return String(url[start...].prefix { $0 != "/" && $0 != "?" })
  }
}

extension StringProtocol {
  /// The first occurrence of `needle`; the standard library's own is generic and slow to build.
  fileprivate func range(of needle: String) -> Range<Index>? { ranges(of: needle).first }
}
