/// Where the host of a URL is.
enum InstanceHost {
  /// The host, without port and credentials.
  static func host(_ url: String) -> String {
    let shown = URLText.shown(url)
    let rest = shown.ranges(of: "://").first.map { shown[$0.upperBound...] } ?? shown[...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }.dropFirst()) }
    return String(authority.prefix { $0 != ":" })
  }

  /// Whether it is this machine.
  static func isLoopback(_ url: String) -> Bool {
    let host = host(url).lowercased()
    return host == "localhost" || host == "::1" || host.hasSuffix(".localhost")
      || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
  }

  /// Whether a secret sent there could be read on its way.
  static func isOpen(_ url: String) -> Bool {
    url.lowercased().hasPrefix("http://") && !isLoopback(url)
  }
}
