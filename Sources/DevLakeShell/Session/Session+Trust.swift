import DevLakeKit

extension Session {
  /// Makes sure that the address of a state file may be used.
  ///
  /// A cloned folder must not decide where secrets go: an address that is neither this machine nor
  /// a named instance is asked about, once. `--yes` does not answer: who runs an unknown folder's
  /// files without a person, as CI does, has not seen the address.
  ///
  /// - Parameter url: The very value the requests will be sent to.
  func confirmTrust(in url: ServerURL, from path: String) async throws(Failure) {
    guard !url.isLoopback else { return }
    if let named = try? namedInstances(), named.contains(url) { return }
    let trusted = world.stateFolder.map { TrustedAddresses(path: $0 + "/trusted") }
    if trusted?.contains(url) == true { return }
    guard conversation.canAsk else {
      throw .unasked(
        "\(path) names the DevLake at \(url), which has not been confirmed yet",
        flags: ["--url \(url) to use it, or name it in instances.yaml"]
      )
    }
    let answer = try await conversation.ask(
      "\(path) names the DevLake at \(url). Use it? (yes/no): "
    )
    guard ["y", "yes"].contains(answer?.lowercased() ?? "") else {
      throw .unasked("the DevLake of \(path) was not confirmed", flags: ["--url URL"])
    }
    do throws(FileError) {
      try trusted?.add(url)
    } catch {
      conversation.warn("the answer could not be saved: \(error.description)")
    }
  }
}
