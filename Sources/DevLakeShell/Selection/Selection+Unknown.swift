import DevLakeKit

extension Selection {
  /// The wish a word means when what is before its slash is a plugin the catalog lacks and
  /// the server has; `nil`: it is none.
  ///
  /// Asked only when no connection has the whole word as its name.
  func wishOfUnknownPlugin(_ wish: Wish) async throws(Failure) -> Wish? {
    guard let prefix = wish.prefix else { return nil }
    if session.inventory.serverPlugins == nil { _ = try await session.survey() }
    guard session.knows(plugin: prefix) else { return nil }
    let rest = String(wish.given.text.dropFirst(prefix.count + 1))
    do throws(SelectorMistake) {
      return Wish(
        plugin: session.plugin(prefix),
        selector: try Selector(rest),
        given: wish.given
      )
    } catch {
      throw .invalid(error.reason, at: wish.given)
    }
  }
}
