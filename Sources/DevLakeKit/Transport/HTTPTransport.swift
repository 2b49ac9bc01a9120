/// Something that carries a request to a server and brings its answer back.
public protocol HTTPTransport: Sendable {
  /// Sends `request` once and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - request: What is sent, once.
  ///   - limit: How long the call may take, body included.
  /// - Throws: ``TransportError``; an HTTP error status is an answer, not an error.
  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError)
    -> HTTPResponse
}

/// One request.
public struct HTTPRequest: Sendable {
  /// The verb, for example `GET`.
  public var method: String
  /// The absolute URL.
  public var url: String
  /// Header fields in the order they are sent.
  public var headers: [(name: String, value: String)]
  /// The body; `nil` sends none.
  public var body: [UInt8]?
  /// Whether it must not go out on a connection that was used before.
  public var needsNewConnection = false

  /// Creates an HTTP request with what is sent.
  public init(
    method: String,
    url: String,
    headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// One whole answer.
public struct HTTPResponse: Sendable {
  /// The status, for example 404.
  public var status: Int
  /// Header fields as they came.
  public var headers: [(name: String, value: String)]
  /// The body; empty when there is none.
  public var body: [UInt8]

  /// Creates an HTTP response with what came.
  public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header field of that name, given in lower case, whatever case it came in.
  public func header(_ name: String) -> String? {
    headers.first { field in
      field.name.utf8.count == name.utf8.count && field.name.lowercased() == name
    }?.value
  }
}

/// Why no answer came.
@nonexhaustive
public enum TransportError: Error, Sendable, Equatable {
  /// The host's name has no address.
  case unresolved(host: String)
  /// Nothing listens at that address.
  case refused(address: String)
  /// No connection was made in time, or there is no way to the host.
  case unconnectable(address: String, reason: String)
  /// No whole answer within the deadline.
  case timedOut(after: Duration)
  /// The encrypted connection could not be made.
  case tls(TLSFailure)
  /// The proxy between here and the server cannot be used; `variable` is what named it.
  case proxy(address: String, variable: String?, reason: String)
  /// The connection ended before a whole answer was there; whether the server acted is unknown.
  ///
  /// - Parameter detail: What the system or the client says of it.
  case lost(detail: String? = nil)
  /// The other side does not speak HTTP.
  case garbled
  /// The answer is longer than `limit` bytes.
  case tooLarge(limit: Int)
  /// The answer is compressed, though that was not asked for, and cannot be read.
  case encoded(as: String)
  /// This process may not open another connection: its files are used up.
  case noDescriptors
  /// Anything else; the reason is what the system or the client says. Whether the server acted is
  /// unknown.
  case failed(reason: String)
  /// The request may change something, and the instance is read-only: nothing was sent.
  case readOnly(instance: String)
  /// The URL cannot be requested.
  case unusable(url: String)
  /// The caller gave up.
  case cancelled

  /// Whether the same `GET` may succeed when sent again at once.
  ///
  /// What is not HTTP may be the rest of the answer before it: a 204 that has a body after all.
  var isWorthRepeating: Bool { isLost || self == .garbled }

  /// Whether the connection ended before a whole answer was there.
  var isLost: Bool { if case .lost = self { true } else { false } }

  /// What the system or the client says of a connection that ended.
  public var detail: String? { if case .lost(let detail) = self { detail } else { nil } }

  /// Whether the server may have acted although no answer came.
  public var mayHaveActed: Bool {
    switch self {
    case .lost, .timedOut, .garbled, .tooLarge, .encoded, .failed, .cancelled: true
    case .unresolved, .refused, .unconnectable, .tls, .proxy, .noDescriptors, .readOnly, .unusable:
      false
    }
  }
}

extension TransportError: CustomStringConvertible {
  /// What happened, one line.
  public var description: String {
    switch self {
    case .unresolved(let host): "no host named '\(host)' can be found"
    case .refused(let address): "nothing listens at \(address) (connection refused)"
    case .unconnectable(let address, let reason): "no connection to \(address): \(reason)"
    case .timedOut(let limit): "no answer within \(limit.seconds) s"
    case .tls(let failure): "no encrypted connection: \(failure)"
    case .proxy(let address, _, let reason): "the proxy \(address) \(reason)"
    case .lost: "the connection closed before the response was complete"
    case .garbled: "the response is not HTTP"
    case .tooLarge(let limit): "the response is larger than \(limit >> 20) MiB"
    case .encoded(let name): "the response is compressed (\(name)), which was not asked for"
    case .noDescriptors: "too many open files: cannot open another connection"
    case .failed(let reason): "no answer: \(reason)"
    case .readOnly(let instance): "\(instance) is read-only; nothing was sent"
    case .unusable(let url): "'\(url)' is not an http:// or https:// URL"
    case .cancelled: "interrupted"
    }
  }
}
