/// When two addresses mean the same DevLake.
extension ServerURL {
  /// Whether both lead to the same DevLake: the host is the same, or both are this machine, and so are
  /// scheme and port; `/api`, where config-ui has DevLake's API, and `/rest`, its door for keys, at the
  /// end of the path make no difference.
  ///
  /// The path does: a gateway may have several of them.
  public func isSameInstance(as other: ServerURL) -> Bool {
    scheme == other.scheme && port == other.port && instancePath == other.instancePath
      && (host == other.host || (isUsualLoopback && other.isUsualLoopback))
  }

  /// Whether a request for `target` at `server`, which has no path, goes to this DevLake.
  func covers(_ server: ServerURL, _ target: Substring) -> Bool {
    let front = instancePath
    guard at(path: "").isSameInstance(as: server) else { return false }
    let path = target.prefix { $0 != "?" && $0 != "#" }
    return front.isEmpty || path == front || path.hasPrefix(front + "/")
  }

  /// What is in front of ``path``'s door for keys; `nil`: the path does not end in one.
  ///
  /// `http://host:4000/api/rest` is how config-ui's users see it.
  var inFrontOfKeys: ServerURL? {
    path.hasSuffix("/rest") ? at(path: String(path.dropLast("/rest".count))) : nil
  }

  /// The address with `/api` at the end of its path, or without where it is there.
  var withOtherPrefix: ServerURL {
    at(path: hasAPIPrefix ? String(path.dropLast("/api".count)) : path + "/api")
  }

  /// Whether the path ends as config-ui's way to the API does.
  var hasAPIPrefix: Bool { path.hasSuffix("/api") }

  private var isUsualLoopback: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }

  private var instancePath: String {
    let front = inFrontOfKeys ?? self
    return front.hasAPIPrefix ? front.withOtherPrefix.path : front.path
  }
}
