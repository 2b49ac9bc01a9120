import DevLakeKit
import Synchronization

/// A way to DevLake on which something else happens just before the first request of a kind.
final class Meanwhile: HTTPTransport {
  private let behind: any HTTPTransport
  private let method: String
  private let suffix: String
  private let happens: Mutex<(@Sendable () -> Void)?>

  /// - Parameters:
  ///   - method: The method of the request, as `POST`.
  ///   - suffix: The end of its URL.
  init(
    _ behind: any HTTPTransport,
    before method: String,
    _ suffix: String,
    _ happens: @escaping @Sendable () -> Void
  ) {
    self.behind = behind
    self.method = method
    self.suffix = suffix
    self.happens = Mutex(happens)
  }

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    if request.method == method, request.url.hasSuffix(suffix) {
      let happens = happens.withLock { happens in
        defer { happens = nil }
        return happens
      }
      happens?()
    }
    return try await behind.send(request, within: limit)
  }
}
