import DevLakeKit

extension Session {
  /// Makes sure that the address of a state file may be used.
  ///
  /// A cloned folder must not decide where secrets go: an address that is neither this machine nor
  /// a named instance is asked about, once. `--yes` answers for this run alone.
  func confirmTrust(in url: String, from path: String) async throws(Failure) {
    guard !InstanceHost.isLoopback(url), !answersYes else { return }
    if let named = try? namedInstances(), named.contains(url) { return }
    let trusted = world.stateFolder.map { TrustedAddresses(path: $0 + "/trusted") }
    if trusted?.contains(url) == true { return }
    let shown = URLText.shown(url)
    guard conversation.canAsk else {
      throw .unasked(
        "\(path) names the DevLake at \(shown), which was not confirmed yet",
        flags: ["--url \(shown) to use it, or --yes"]
      )
    }
    let answer = try await conversation.ask(
      "\(path) names the DevLake at \(shown). Use it? (yes/no): "
    )
    guard ["y", "yes"].contains(answer?.lowercased() ?? "") else {
      throw .unasked("the DevLake of \(path) was not confirmed", flags: ["--url URL"])
    }
    do throws(FileError) {
      try trusted?.add(url)
    } catch {
      conversation.warn("the answer is not remembered: \(error.description)")
    }
  }
}
