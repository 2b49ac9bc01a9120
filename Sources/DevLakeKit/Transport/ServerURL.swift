/// Where a server is, taken apart once: the host that is trusted, shown and connected to is the
/// host of this value.
///
/// It is made where an address enters (an option, a variable, a file), and what is not plain there is
/// refused instead of guessed. ``text`` is the canonical spelling and the beginning of every request's
/// URL: ASCII, scheme and host in small letters, no default port, no final slash, no user name. The
/// HTTP client reads the host and the port out of it that are here; the fuzz target `addresses`
/// holds the two against each other.
///
///     try ServerURL("HTTP://Ada:pw@Lake.example:80/api/").text  // "http://lake.example/api"
public struct ServerURL: Sendable {
  /// How the server is spoken to.
  public enum Scheme: String, Sendable {
    case http
    case https
    case socks5

    var port: Int {
      switch self {
      case .http: 80
      case .https: 443
      case .socks5: 1080
      }
    }
  }

  /// The user name and password that are before the host.
  public struct Credentials: Sendable, Equatable {
    /// The user name, percent-decoded.
    public let user: String
    /// The password, percent-decoded; empty where there is none.
    public let password: Secret
  }

  /// How the server is spoken to.
  public let scheme: Scheme
  /// A name in small letters without a final dot, or an IP address in its shortest spelling: an IPv6
  /// address without brackets, its zone behind `%`.
  public let host: String
  /// From 1 to 65535; the scheme's own where none is written.
  public let port: Int
  /// Whether the port is written.
  public let hasPort: Bool
  /// What is in front of the routes: empty, or like `/devlake/api`.
  public let path: String
  /// The user name and password; no part of ``text``.
  public let credentials: Credentials?

  /// Reads an absolute URL.
  ///
  /// - Throws: ``ServerURLMistake``: another scheme, a port that is not a number, a host that is neither a
  ///   name nor an IP address, a query, a fragment, blanks, backslashes, control characters, and an `@` behind the
  ///   host.
  public init(_ text: String) throws(ServerURLMistake) {
    try self.init(text, schemes: [.http, .https])
  }

  /// Reads what a person writes: `localhost:8080` is meant as `http://localhost:8080`.
  ///
  /// - Throws: ``ServerURLMistake``.
  public init(typed text: String) throws(ServerURLMistake) {
    try self.init(Self.isHostWithPort(text) ? "http://" + text : text)
  }

  init(_ text: String, schemes: Set<Scheme>) throws(ServerURLMistake) {
    do throws(Fault) {
      self = try Self.read(text, schemes)
    } catch {
      throw ServerURLMistake(error, text)
    }
  }

  init(scheme: Scheme, host: String, port: Int?, path: String, credentials: Credentials? = nil) {
    self.scheme = scheme
    self.host = host
    self.port = port ?? scheme.port
    hasPort = port != nil
    self.path = path
    self.credentials = credentials
  }

  /// A port of this machine.
  static func local(_ port: Int, _ path: String = "") -> ServerURL {
    ServerURL(scheme: .http, host: "localhost", port: port, path: path)
  }

  /// The canonical spelling, without user name and password.
  public var text: String { origin + path }

  /// ``text`` without the path: `http://lake.example:8080`.
  public var origin: String { "\(scheme.rawValue)://\(Self.bracketed(host, "%25"))\(portText)" }

  /// Host and port as messages name them: `lake.example`, `[::1]:8080`.
  public var address: String { Self.bracketed(host, "%") + portText }

  /// The address the host is, if it is none that a name stands for.
  var ipAddress: IPAddress? { IPAddress(host.prefix { $0 != "%" }) }

  /// What the header field `Host` must hold where the HTTP client writes something else: a zone means
  /// something on this machine only.
  var hostField: String? {
    guard host.contains("%") else { return nil }
    return Self.bracketed(String(host.prefix { $0 != "%" }), "") + portText
  }

  /// Whether it is this machine.
  public var isLoopback: Bool {
    guard let address = ipAddress else {
      return host == "localhost" || host.hasSuffix(".localhost")
    }
    return address.isLoopback
  }

  /// Whether a secret sent there could be read on its way.
  public var isOpen: Bool { scheme == .http && !isLoopback }

  /// The same server with another path in front of its routes.
  func at(path: String) -> ServerURL {
    ServerURL(scheme: scheme, host: host, port: hasPort ? port : nil, path: path)
  }

  /// Another port of the same host.
  public func at(port: Int) -> ServerURL {
    ServerURL(scheme: scheme, host: host, port: port, path: "")
  }

  /// The same without user name and password.
  var withoutCredentials: ServerURL { at(path: path) }

  private var portText: String { port == scheme.port ? "" : ":\(port)" }

  /// An IPv6 address in brackets; `zone` is what is between the address and its zone.
  private static func bracketed(_ host: String, _ zone: String) -> String {
    host.contains(":") ? "[\(host.replacing("%", with: zone, maxReplacements: 1))]" : host
  }

  private static func isHostWithPort(_ text: String) -> Bool {
    guard !text.contains("://") else { return false }
    let host = text.hasPrefix("[") ? text.prefix { $0 != "]" } : text.prefix { $0 != ":" }
    let rest = text[host.endIndex...].drop { $0 == "]" }
    guard !host.isEmpty, rest.first == ":" else { return false }
    let port = rest.dropFirst().prefix { !"/?#".contains($0) }
    return !port.isEmpty && port.utf8.allSatisfy(\.isDigit)
      && Scheme(rawValue: host.lowercased()) == nil
  }
}

extension ServerURL: Equatable, CustomStringConvertible {
  /// Whether requests go to the same place, whoever sends them.
  public static func == (left: ServerURL, right: ServerURL) -> Bool { left.text == right.text }

  /// ``text``.
  public var description: String { text }
}

/// Why a text is not an address of a server.
public struct ServerURLMistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong: `"the port is 65536, and there are 1 to 65535"`.
  public let reason: String
  /// What part of it is wrong.
  let fault: ServerURL.Fault.Part
  /// The text as it may be shown; `nil`: a password may be in it.
  public let shown: String?

  init(_ fault: ServerURL.Fault, _ text: String) {
    reason = fault.reason
    self.fault = fault.part
    // A query may hold a key.
    let line = ServerText.line(String(text.unicodeScalars.prefix { $0 != "?" }))
    let mayHoldPassword = text.utf8.contains(UInt8(ascii: "@"))
    shown = mayHoldPassword ? nil : line.count > 200 ? line.prefix(200) + "…" : line
  }

  /// What is wrong with what, one line without a user name and a password.
  public var description: String {
    shown.map { "'\($0)' is not a server URL: \(reason)" } ?? "the URL cannot be used: \(reason)"
  }
}
