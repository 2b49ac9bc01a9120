import Synchronization

/// The secrets that were sent, by what they were sent to.
///
/// Not only the answer to the request may quote one: a test of the saved connection sends nothing, and
/// tells what the service said to the secret that was saved before.
final class SentSecrets: Sendable {
  /// As many as are kept of a plugin or a connection; an older one is seldom quoted.
  private static let limit = 16

  private let known = Mutex<[String: [Secret]]>([:])

  /// Notes the secrets of a call, and gives all that its answer may quote.
  func note(_ call: APICall) -> [Secret] {
    let own = call.body?.secrets ?? []
    return known.withLock { known in
      guard !(own.isEmpty && known.isEmpty) else { return [] }
      let places = Self.places(of: call.path)
      let earlier = places.flatMap { known[$0] ?? [] }
      if let place = places.last, !own.isEmpty {
        known[place] = Array(((known[place] ?? []) + own).suffix(Self.limit))
      }
      return own + earlier
    }
  }

  /// The plugin a route belongs to, and the connection: `/plugins/github/connections/1/test`.
  private static func places(of path: String) -> [String] {
    let parts = path.split(separator: "/", maxSplits: 4)
    guard parts.count > 1, parts[0] == "plugins" else { return [] }
    let plugin = String(parts[1])
    guard parts.count > 3, parts[2] == "connections" else { return [plugin] }
    return [plugin, "\(plugin)/\(parts[3])"]
  }
}
