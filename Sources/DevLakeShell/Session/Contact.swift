import DevLakeKit
import Synchronization

/// Which servers answer; told by every request, on whatever thread it runs.
final class Contact: Sendable {
  private let gone = Mutex<Set<String>>([])

  /// Whether the last request to that server found nobody there.
  func isLost(_ server: ServerURL) -> Bool { gone.withLock { $0.contains(server.origin) } }

  func note(_ exchange: DevLakeClient.Exchange) {
    let server = exchange.server.origin
    switch exchange.error {
    case nil: gone.withLock { _ = $0.remove(server) }
    case .unresolved, .refused, .unconnectable, .tls, .proxy:
      gone.withLock { _ = $0.insert(server) }
    // Whoever is slow or talks nonsense is there.
    default: break
    }
  }
}
