import DevLakeKit
import Synchronization

/// A way to DevLake on which something else happens just before a request of a kind.
final class InterleavingTransport: HTTPTransport {
  private let behind: any HTTPTransport
  private let method: String
  private let suffix: String
  private let state: Mutex<Int>
  private let happens: @Sendable () -> Void

  /// - Parameters:
  ///   - number: Which of the requests, from 1.
  ///   - method: The method of the request, as `POST`.
  ///   - suffix: The end of its URL.
  init(
    _ behind: any HTTPTransport,
    before method: String,
    _ suffix: String,
    number: Int = 1,
    _ happens: @escaping @Sendable () -> Void
  ) {
    self.behind = behind
    self.method = method
    self.suffix = suffix
    self.happens = happens
    state = Mutex(number)
  }

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    if request.method == method, request.url.hasSuffix(suffix) {
      let isIt = state.withLock { left in
        left -= 1
        return left == 0
      }
      if isIt { happens() }
    }
    return try await behind.send(request, within: limit)
  }
}
