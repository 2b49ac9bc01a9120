/// Which proxy leads to a server, as `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
///
/// Read as curl reads them: the variable of the URL's scheme before `ALL_PROXY`, lower case before
/// upper case, port 1080 where the proxy names none. Unlike curl, this machine itself is never
/// looked for behind a proxy: what a proxy calls `localhost` is another DevLake, or none.
package struct ProxyVariables: Sendable {
  private let environment: [String: String]

  /// Creates proxy variables with the variables of a process.
  package init(environment: [String: String]) { self.environment = environment }

  /// The proxy for a server; `nil`: straight.
  ///
  /// - Throws: ``ProxyMistake`` when the variable names a proxy that cannot be used.
  package func proxy(for server: ServerURL) throws(ProxyMistake) -> TransportOptions.Proxy? {
    guard !server.isLoopback, let (name, text) = variable(for: server),
      !NoProxyList(noProxy).contains(server.host, port: server.port)
    else { return nil }
    return try Self.proxy(text, named: name)
  }

  private func variable(for server: ServerURL) -> (name: String, text: String)? {
    for kind in [server.scheme.rawValue, "all"] {
      for name in ["\(kind)_proxy", "\(kind)_proxy".uppercased()] {
        if let text = environment[name], !text.isEmpty { return (name, text) }
      }
    }
    return nil
  }

  private var noProxy: String { environment["no_proxy"] ?? environment["NO_PROXY"] ?? "" }

  private static func proxy(
    _ text: String,
    named name: String
  ) throws(ProxyMistake) -> TransportOptions.Proxy {
    let url: ServerURL
    do throws(ServerURLMistake) {
      url = try ServerURL(text.contains("://") ? text : "http://" + text, schemes: [.http])
    } catch {
      guard error.fault != .scheme else {
        let scheme = ServerURL.Parts(text[...])?.scheme.lowercased() ?? ""
        // What is not a scheme may be a password.
        let isScheme = scheme.utf8.allSatisfy {
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0.isDigit
        }
        let kind = isScheme ? "speaks \(scheme)://" : "speaks something else"
        throw ProxyMistake(name, "names a proxy that \(kind); only http:// is supported")
      }
      throw ProxyMistake(name, "is not a proxy address: \(error.reason)")
    }
    return TransportOptions.Proxy(
      host: url.host,
      port: url.hasPort ? url.port : 1080,
      credentials: url.credentials.map { .init(username: $0.user, password: $0.password) },
      variable: name
    )
  }
}

/// A proxy variable that cannot be followed; `description` is one line without its value, which may
/// hold a password.
package struct ProxyMistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong with which variable.
  package let description: String

  init(_ name: String, _ reason: String) { description = "$\(name) \(reason)" }
}

/// The hosts `NO_PROXY` keeps from the proxy, as curl and Go compare them.
///
/// `*` is every host; `example.com`, `.example.com` and `*.example.com` are that host and those below
/// it; `10.0.0.0/8` and `fd00::/8` are addresses; with `:8080` behind it an entry is for that port
/// only. Commas and blanks part them; letters may be small or capital.
struct NoProxyList {
  private let entries: [Substring]

  init(_ text: String) {
    entries = text.split { $0 == "," || $0.isWhitespace }
  }

  func contains(_ host: String, port: Int) -> Bool {
    let host = Self.withoutFinalDot(host.lowercased()[...])
    return entries.contains { Self.holds($0, host, port) }
  }

  private static func holds(_ entry: Substring, _ host: Substring, _ port: Int) -> Bool {
    if entry == "*" { return true }
    let (name, number) = parts(entry)
    if let number, Int(number) != port { return false }
    if let address = IPAddress(host) { return IPNetwork(name)?.contains(address) == true }
    var suffix = withoutFinalDot(name.lowercased()[...])
    if suffix.hasPrefix("*.") { suffix = suffix.dropFirst() }
    if suffix.hasPrefix(".") { suffix = suffix.dropFirst() }
    return !suffix.isEmpty && (host == suffix || host.hasSuffix("." + suffix))
  }

  /// The entry and its port: `host:80`, `10.0.0.1:80`, `[::1]:80`; `::1` is an address without one.
  private static func parts(_ entry: Substring) -> (name: Substring, port: Substring?) {
    if entry.hasPrefix("["), let end = entry.firstIndex(of: "]") {
      let name = entry[entry.index(after: entry.startIndex)..<end]
      let rest = entry[entry.index(after: end)...]
      return (name, rest.hasPrefix(":") ? rest.dropFirst() : nil)
    }
    guard let colon = entry.firstIndex(of: ":"), entry.lastIndex(of: ":") == colon else {
      return (entry, nil)
    }
    return (entry[..<colon], entry[entry.index(after: colon)...])
  }

  private static func withoutFinalDot(_ name: Substring) -> Substring {
    name.hasSuffix(".") ? name.dropLast() : name
  }
}
