import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension TransportError {
  /// Tells what one of the client's many error types means.
  ///
  /// Their descriptions are not shown as they are: one of them contains header values, and so a
  /// token (measured).
  init(_ error: any Error, url: String, options: TransportOptions) {
    let address = ServerURL.address(ofRequest: url)
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
        self =
          Self.isClosed(error)
          ? .lost(detail: Self.reason(error)) : .failed(reason: Self.reason(error))
      }
    case is HTTPParserError: self = Self.isCut(error) ? .lost(detail: Self.reason(error)) : .garbled
    case is ResponseAccumulator.ResponseTooBigError: self = .tooLarge(limit: options.answerLimit)
    // The other side closed without saying so in TLS: as much is known as of any connection that ends.
    case let error as NIOSSLError where error == .uncleanShutdown:
      self = .lost(detail: "it was not closed as TLS wants it")
    case is CancellationError: self = .cancelled
    default: self = .failed(reason: Self.reason(error))
    }
  }

  /// The error of TLS for which no encrypted connection was made, so that nothing of the request has
  /// been sent; `nil` for any other.
  static func handshakeError(_ error: any Error) -> (any Error)? {
    guard let error = error as? NIOConnectionError else {
      return isHandshake(error) ? error : nil
    }
    // What cannot be set up is an error of the connection for the client.
    return error.connectionErrors.map(\.error).first {
      $0 is NIOSSLError || $0 is BoringSSLError || $0 is NIOSSLExtraError
    }
  }

  private static func isHandshake(_ error: any Error) -> Bool {
    switch error {
    case let error as NIOSSLError:
      switch error {
      case .handshakeFailed, .noSuchFilesystemObject, .failedToLoadCertificate,
        .failedToLoadPrivateKey, .noCertificateToValidate, .unableToValidateCertificate:
        true
      default: false
      }
    case is NIOSSLExtraError: true
    // TLS 1.3 says so with the first answer: the handshake is over for the client before.
    case let error as BoringSSLError: String(describing: error).contains("CERTIFICATE_REQUIRED")
    default: false
    }
  }

  /// What an error that is not known here says of itself, on one line.
  private static func reason(_ error: any Error) -> String {
    // These may hold header values, and so a token.
    if let error = error as? HTTPClientError { return ServerText.line(error.shortDescription) }
    return ServerText.line(String(String(describing: error).prefix(200)))
  }

  private static func isClosed(_ error: ChannelError) -> Bool {
    switch error {
    case .ioOnClosedChannel, .alreadyClosed, .eof, .inputClosed, .outputClosed: true
    default: false
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
    case .remoteConnectionClosed, .uncleanShutdown: self = .lost(detail: Self.reason(error))
    case .tlsHandshakeTimeout:
      self = .tls(.other(reason: "no answer in the TLS handshake"))
    case .invalidURL, .emptyHost, .emptyScheme: self = .unusable(url: url)
    case .cancelled: self = .cancelled
    default:
      // `unsupportedScheme` carries the scheme, so it cannot be a pattern above.
      self =
        error.shortDescription.contains("Unsupported scheme")
        ? .unusable(url: url) : .failed(reason: Self.reason(error))
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
        return failure(proxyLogin(proxy))
      case .invalidProxyResponse: return failure("refuses to connect to \(address)")
      case .httpProxyHandshakeTimeout: return failure("does not answer")
      case .connectTimeout: return failure("does not answer the connection request")
      default: return nil
      }
    case let error as NIOConnectionError:
      switch TransportError(error, address: proxy.address) {
      case .unresolved: return failure("cannot be resolved: no such host")
      case .refused: return failure("is not reachable: nothing listens at that address")
      case .unconnectable(_, let reason): return failure("cannot be reached: \(reason)")
      default: return nil
      }
    // For an address instead of a name the client gives the system's error as it is.
    case let error as IOError:
      switch system(error, address: proxy.address) {
      case .refused: return failure("is not reachable: nothing listens at that address")
      case .unconnectable(_, let reason): return failure("cannot be reached: \(reason)")
      default: return nil
      }
    default: return nil
    }
  }

  /// What a 407 says.
  static func proxyLogin(_ proxy: TransportOptions.Proxy) -> String {
    proxy.credentials == nil
      ? "requires a user name and password (407)"
      : "does not accept the user name and password (407)"
  }

  private init(_ error: NIOConnectionError, address: String) {
    if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
      self = .unresolved(host: error.host)
      return
    }
    let errors = error.connectionErrors.map(\.error)
    guard let system = errors.compactMap({ $0 as? IOError }).first else {
      let other = errors.first { !($0 is ChannelError) }.map(Self.reason)
      self = .unconnectable(
        address: address,
        reason: other ?? "no answer to the connection request"
      )
      return
    }
    self = Self.system(system, address: address)
  }

  private static func system(_ error: IOError, address: String) -> TransportError {
    switch error.errnoCode {
    case ECONNREFUSED: .refused(address: address)
    case ECONNRESET, EPIPE, ENOTCONN: .lost(detail: String(cString: strerror(error.errnoCode)))
    case EMFILE, ENFILE: .noDescriptors
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
}
