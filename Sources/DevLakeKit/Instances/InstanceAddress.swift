/// The URL of a DevLake reduced to what tells one instance from another.
struct InstanceAddress: Equatable {
  private let scheme: String
  private let host: String
  private let port: String
  private let path: String

  /// Reads an `http` or `https` URL; `nil` for anything else.
  init?(_ url: String) {
    guard let parts = Self.split(url) else { return nil }
    scheme = parts.scheme.lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    var authority = Substring(parts.host.lowercased())
    var port = scheme == "http" ? "80" : "443"
    // The colons of an IPv6 address stand before its bracket.
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      let written = authority[authority.index(after: colon)...]
      if !written.isEmpty { port = String(written) }
      authority = authority[..<colon]
    }
    if authority.hasSuffix(".") { authority.removeLast() }
    guard !authority.isEmpty else { return nil }
    host = ["127.0.0.1", "[::1]"].contains(authority) ? "localhost" : String(authority)
    self.port = port
    var path = parts.path.prefix { $0 != "?" && $0 != "#" }
    while path.hasSuffix("/") { path.removeLast() }
    // config-ui serves the same DevLake under /api, and discovery adds it by itself.
    if path.hasSuffix("/api") { path.removeLast(4) }
    self.path = String(path)
  }

  /// `url` without a user, a password and a final slash, as it may be stored and shown.
  static func withoutCredentials(_ url: String) -> String {
    guard let parts = split(url) else {
      return url.lastIndex(of: "@").map { String(url[url.index(after: $0)...]) } ?? url
    }
    var text = "\(parts.scheme)://\(parts.host)\(parts.path)"
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }

  /// Cuts a URL into scheme, host with port, and the rest; the user before `@` falls away.
  private static func split(
    _ url: String
  ) -> (scheme: Substring, host: Substring, path: Substring)? {
    guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
    var rest = url[colon...].dropFirst(3)
    func end(_ text: Substring) -> Substring.Index {
      text.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? text.endIndex
    }
    let authority = rest[..<end(rest)]
    if let at = authority.lastIndex(of: "@") {
      rest = rest[rest.index(after: at)...]
    } else if let port = authority.split(separator: ":").dropFirst().last,
      !port.allSatisfy(\.isNumber), !port.hasSuffix("]"), let at = rest.lastIndex(of: "@")
    {
      // No port has letters: this is a password with '/' in it, and must not be shown.
      rest = rest[rest.index(after: at)...]
    }
    let cut = end(rest)
    return (url[..<colon], rest[..<cut], rest[cut...])
  }
}
