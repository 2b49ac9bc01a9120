import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension TransportError {
  /// Tells what one of the client's many error types means.
  ///
  /// Their descriptions are not shown as they are: one of them contains header values, and so a
  /// token (measured).
  init(_ error: any Error, url: String, options: TransportOptions) {
    let address = Self.address(of: url)
    if let proxy = options.proxy, let failure = Self.proxyFailure(error, proxy, address) {
      self = failure
      return
    }
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
    case is ResponseAccumulator.ResponseTooBigError: self = .tooLarge(limit: options.answerLimit)
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
        reason: "no answer within \(options.connectLimit.seconds) s"
      )
    case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timedOut(after: .zero)
    case .remoteConnectionClosed: self = .lost
    case .invalidURL, .emptyHost, .emptyScheme: self = .unusable(url: url)
    case .cancelled: self = .cancelled
    default:
      // `unsupportedScheme` carries the scheme, so it cannot be a pattern above.
      self = error.shortDescription.contains("Unsupported scheme") ? .unusable(url: url) : .garbled
    }
  }

  /// What goes wrong on the way to the proxy, or what the proxy itself says; `nil` for anything else.
  private static func proxyFailure(
    _ error: any Error,
    _ proxy: TransportOptions.Proxy,
    _ address: String
  ) -> TransportError? {
    func failure(_ reason: String) -> TransportError {
      .proxy(address: proxy.address, variable: proxy.variable, reason: reason)
    }
    switch error {
    case let error as HTTPClientError:
      switch error {
      case .proxyAuthenticationRequired:
        return failure(
          proxy.credentials == nil
            ? "wants a user name and password (407)"
            : "does not accept the user name and password (407)"
        )
      case .invalidProxyResponse: return failure("does not open a way to \(address)")
      case .httpProxyHandshakeTimeout: return failure("does not answer")
      case .connectTimeout: return failure("does not answer the connection request")
      default: return nil
      }
    case let error as NIOConnectionError:
      switch TransportError(error, address: proxy.address) {
      case .unresolved: return failure("has no address: no host of that name can be found")
      case .refused: return failure("is not there: nothing listens at that address")
      case .unconnectable(_, let reason): return failure("cannot be reached: \(reason)")
      default: return nil
      }
    default: return nil
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
