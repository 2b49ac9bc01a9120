import DevLakeKit

/// The services behind the connections, played without contacting any.
///
/// An endpoint `http://127.0.0.1:9310/{mode}/…` answers by its mode: `ok 401 403 404 429 500 502
/// html empty badjson redirect reset hang slowN` (N seconds). Port 9399 of 127.0.0.1 is closed and
/// hosts below `.invalid` have no address. Everything else, and mode `ok`, takes every secret that
/// contains neither `BAD` nor `***`.
struct Upstream {
  /// What came back from a service.
  enum Reply {
    /// A status with a JSON body; `detail` is what an error body says.
    case json(Int, detail: String)
    /// A status 200 with a body that is not the JSON a plugin wants.
    case other(Body)
    /// The service was not reached; in DevLake's words.
    case unreachable(Failure)
    /// The request broke off; the text is Go's.
    case broken(String)
    case never
  }

  enum Body {
    case html
    case empty
    case badJSON
  }

  /// How well the stand-in of the recordings knows a service.
  enum StandIn: Sendable {
    /// Its paths and where it expects the secret.
    case service
    /// Where it expects the secret, but no path: 404.
    case secret
    /// Nothing: that status, whatever the secret.
    case nothing(Int)
  }

  let url: String
  let reply: Reply
  var delay = Duration.zero

  /// Calls `path` of an endpoint with a secret.
  init(endpoint: String, path: String, proxy: String, secret: String, standIn: StandIn = .service) {
    url = endpoint + (endpoint.hasSuffix("/") ? "" : "/") + path
    if let failure = Self.preflight(endpoint: endpoint, proxy: proxy) {
      reply = .unreachable(failure)
      return
    }
    let address = EndpointAddress(endpoint)
    guard address.scheme == "http" || address.scheme == "https" else {
      reply = .broken("unsupported protocol scheme \"\(address.scheme)\"")
      return
    }
    guard address.host == "127.0.0.1", ["9310", "9320"].contains(address.port) else {
      reply = Self.judge(secret)
      return
    }
    guard address.scheme == "http" else {
      reply = .broken("tls: first record does not look like a TLS handshake")
      return
    }
    if address.mode.hasPrefix("slow"), let seconds = Int(address.mode.dropFirst(4)) {
      delay = .seconds(seconds)
    }
    if address.port == "9320", let reply = Self.word(in: secret), address.mode == "ok" {
      self.reply = reply
    } else {
      // The stand-in of 2026 knows every service.
      let isNewer = address.port == "9320"
      reply = Self.play(address.mode, secret: secret, isNewer ? .service : standIn)
    }
  }

  /// What a word in a made-up secret makes the stand-in of 2026 answer.
  private static func word(in secret: String) -> Reply? {
    if secret.isEmpty { return .json(401, detail: "Bad credentials") }
    if secret.contains("FORB") { return .json(403, detail: "Forbidden") }
    if secret.contains("BOOM") { return .json(500, detail: "boom") }
    return secret.contains("HTML") ? .other(.html) : nil
  }

  /// The body behind the detail of an error.
  static func body(_ detail: String) -> String {
    detail.hasPrefix("stub says")
      ? "{\"message\": \"\(detail)\", \"errors\": [{\"msg\": \"stub\"}]}"
      : "{\"message\": \"\(detail)\"}"
  }

  /// DevLake's checks before the first request: proxy, scheme, name, port.
  private static func preflight(endpoint: String, proxy: String) -> Failure? {
    let slashed = endpoint.hasSuffix("/") ? endpoint : endpoint + "/"
    if !proxy.isEmpty {
      let address = EndpointAddress(proxy)
      if address.scheme.isEmpty {
        return Failure(
          500,
          [
            .own("parse \"\(proxy)\": missing protocol scheme"), .foreign("parse \"\(proxy)\""),
            .foreign("missing protocol scheme"),
          ]
        )
      }
      return address.isClosed ? refusedByProxy(slashed, at: address) : nil
    }
    let address = EndpointAddress(endpoint)
    if address.scheme.isEmpty {
      guard endpoint.split(separator: "/").first?.contains(":") ?? false else {
        return Failure(400, "Invalid URL scheme")
      }
      return Failure(
        400,
        [
          .own("Invalid URL: \(slashed)", 400), .foreign("parse \"\(slashed)\""),
          .foreign("first path segment in URL cannot contain colon"),
        ]
      )
    }
    if address.host.hasSuffix(".invalid") { return unresolved(address.host) }
    guard address.isClosed else { return nil }
    let place = "\(address.host):\(address.port)"
    return Failure(
      500,
      [
        .own("Failed to connect"), .own("dial tcp \(place): connect: connection refused"),
        .foreign("dial tcp \(place)"), .foreign("connect"), .foreign("connection refused"),
      ]
    )
  }

  /// A host name without an address.
  static func unresolved(_ host: String) -> Failure {
    let text = "lookup \(host) on 10.255.255.53:53: no such host"
    return Failure(500, [.own("Failed to resolve DNS"), .own(text), .foreign(text)])
  }

  /// A proxy that takes no connections.
  static func refusedByProxy(_ url: String, at proxy: EndpointAddress) -> Failure {
    let place = "\(proxy.host):\(proxy.port)"
    return Failure(
      500,
      [
        .own(
          "Get \"\(url)\": proxyconnect tcp: dial tcp \(place): connect: connection refused"
        ),
        .foreign("Get \"\(url)\""), .foreign("proxyconnect tcp"), .foreign("dial tcp \(place)"),
        .foreign("connect"), .foreign("connection refused"),
      ]
    )
  }

  private static func judge(_ secret: String) -> Reply {
    if secret.contains("***") { return .json(401, detail: "Bad credentials (masked)") }
    if secret.contains("BAD") { return .json(401, detail: "Bad credentials") }
    return .json(200, detail: "")
  }

  private static func accept(_ secret: String, _ standIn: StandIn) -> Reply {
    switch standIn {
    case .service: return judge(secret)
    case .nothing(let status): return .json(status, detail: "")
    case .secret:
      guard case .json(200, _) = judge(secret) else { return judge(secret) }
      return .json(404, detail: "")
    }
  }

  private static func play(_ mode: String, secret: String, _ standIn: StandIn) -> Reply {
    switch mode {
    case "html": .other(.html)
    case "empty": .other(.empty)
    case "badjson": .other(.badJSON)
    case "reset": .broken("EOF")
    case "hang": .never
    default:
      Int(mode).map { .json($0, detail: "stub says \($0)") } ?? accept(secret, standIn)
    }
  }
}

/// The parts of an endpoint that decide what happens to a request.
struct EndpointAddress {
  let scheme: String
  let host: String
  let port: String
  /// The first part of the path.
  let mode: String

  init(_ endpoint: String) {
    guard let separator = endpoint.firstRange(of: "://") else {
      (scheme, host, port, mode) = ("", "", "", "")
      return
    }
    scheme = String(endpoint[..<separator.lowerBound])
    let parts = endpoint[separator.upperBound...]
      .split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    if parts[0].hasPrefix("["), let end = parts[0].firstIndex(of: "]") {
      host = String(parts[0][...end])
      port = String(parts[0][parts[0].index(after: end)...].dropFirst())
    } else {
      let place = parts[0].split(separator: ":")
      host = String(place.first ?? "")
      port = place.count > 1 ? String(place[1]) : ""
    }
    mode = parts.count > 1 ? String(parts[1]) : ""
  }

  /// Whether it is one where nobody listens.
  var isClosed: Bool {
    (host == "127.0.0.1" && ["9399", "9"].contains(port)) || host == "[::1]"
  }
}
