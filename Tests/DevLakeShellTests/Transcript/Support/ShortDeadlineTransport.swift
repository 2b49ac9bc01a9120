import DevLakeKit
import Synchronization

/// A way to DevLake on which one kind of request is given up after a moment, and no other.
///
/// A short `--timeout` would be that of every request, also of those that are only slow today.
final class ShortDeadlineTransport: HTTPTransport {
  private let behind: any HTTPTransport
  private let isMeant: @Sendable (HTTPRequest) -> Bool
  private let number: Int?
  private let seen = Mutex(0)

  /// - Parameters:
  ///   - rule: A method and the path, as the left side of a rule of faults: `GET /plugins#2`.
  init(_ behind: any HTTPTransport, _ rule: String) {
    self.behind = behind
    let parts = rule.split(separator: "#")
    let words = parts[0].split(separator: " ").map(String.init)
    number = parts.count > 1 ? Int(parts[1]) : nil
    isMeant = { request in
      let path = request.url.prefix { $0 != "?" }
      return request.method == words[0] && path.hasSuffix(words[1])
    }
  }

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    guard isMeant(request) else { return try await behind.send(request, within: limit) }
    let count = seen.withLock { count in
      count += 1
      return count
    }
    let isIt = number.map { $0 == count } ?? true
    return try await behind.send(request, within: isIt ? .milliseconds(200) : limit)
  }
}
