import DevLakeKit

extension Session {
  /// Whether a record is of the DevLake in use: `github/1` of another one is another connection.
  ///
  /// Where several are asked each takes its own; where one is, a foreign record is a mistake.
  func isOwn(_ wish: Selection.Wish) async throws(Failure) -> Bool {
    guard let name = wish.instance else { return true }
    let url = try await connected().url
    let other = try namedInstances()?[name]?.url ?? (try? ServerURL(name))  // else it names nothing
    if let other, other.isSameInstance(as: url) { return true }
    if options.isFleetMember { return false }
    throw .invalid(
      "this connection is of '\(ServerText.line(name))', and the DevLake in use is \(url)",
      at: wish.given,
      help: other.map { _ in "run 'connect \(name)' first, or give --instances \(name)" }
    )
  }
}
