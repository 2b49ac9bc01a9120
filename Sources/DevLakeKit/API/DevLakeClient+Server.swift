extension DevLakeClient {
  /// The server's version, for example `v1.0.3`.
  ///
  /// - Throws: `.foreign` when what answers is not DevLake.
  public func version() async throws(APIError) -> String {
    let call = APICall.get("/version")
    return try await version(in: try await json(call), of: call)
  }

  /// The version an answer tells, where DevLake gave it.
  ///
  /// Others tell a version, too. DevLake's answer has nothing else in it (measured); one that has is
  /// believed when DevLake's plugins are there.
  private func version(in value: JSONValue, of call: APICall) async throws(APIError) -> String {
    let isAlone = value.object?.members.count == 1
    guard let version = value["version"]?.string, isAlone ? true : await hasPlugins() else {
      throw APIError(.foreign(reason: "the server there is not DevLake"), call: call.label)
    }
    return ServerText.line(version)
  }

  /// Whether plugins are listed as DevLake does it, or refused as DevLake does it.
  private func hasPlugins() async -> Bool {
    let call = APICall.get("/plugins")
    // Whoever does not answer is not a DevLake that could be used.
    guard let answer = try? await exchange(call) else { return false }
    if let elements = answer.json?.array, answer.isSuccess {
      return !elements.isEmpty && elements.allSatisfy { $0["plugin"]?.string != nil }
    }
    return [401, 403, 428].contains(answer.status) && answer.json?["success"]?.bool == false
  }

  /// The version as the door for keys tells it, where a login guards every other way in, as
  /// config-ui's does; `unknown` when the key may not ask for it.
  func versionBehindKey() async throws(APIError) -> String {
    let call = APICall.get("/rest/version")
    let answer = try await exchange(call)
    if answer.status == 403, answer.json?["message"]?.string?.contains("scope") == true {
      return "unknown"
    }
    if let error = answer.failure(of: call) { throw error }
    return try await version(in: try answer.json(for: call), of: call)
  }

  /// The names of all plugins of the server, by name; those without connections are among them.
  public func plugins() async throws(APIError) -> [String] {
    let call = APICall.get("/plugins")
    let value = try await json(call)
    guard let elements = value.array else {
      throw APIError(.unexpected(reason: "no list of plugins"), call: call.label)
    }
    return elements.compactMap { $0["plugin"]?.string }.sorted()
  }

  /// Whether what answers is Grafana, which people mistake for DevLake: it stands beside it.
  func isGrafana() async -> Bool {
    // Whoever does not answer there is no Grafana; what DevLake's own address came to is told already.
    guard let answer = try? await exchange(.get("/api/health")) else { return false }
    return answer.json?["database"] != nil && answer.json?["version"] != nil
  }

  /// Whether DevLake is ready to serve; thrown is why that is not to be known.
  public func isReady() async throws(APIError) -> Bool {
    var call = APICall.get("/ready")
    var answer = try await exchange(call)
    // config-ui's login lets a key through below `/rest` only.
    if answer.status == 401, access.apiKey != nil {
      call = .get("/rest/ready")
      answer = try await exchange(call)
    }
    if answer.status == 503, answer.json != nil { return false }
    if let error = answer.failure(of: call) { throw error }
    return true
  }

  /// Whether a database migration waits or runs: then everything but a few routes is 428.
  public func isMigrationPending() async throws(APIError) -> Bool {
    try await exchange(APICall.get("/plugins")).status == 428
  }

  /// What opens DevLake's own login, once it has refused someone; `nil` where it did not, or what
  /// opens it was said already.
  public func whatOpensLogin(_ error: APIError) async -> LoginAdvice? {
    guard case .unauthorized(status: 401, _) = error.kind else { return nil }
    // `/auth/userinfo` is open to everyone where DevLake has a login of its own.
    guard let answer = try? await exchange(.get("/auth/userinfo")), answer.isSuccess,
      answer.json?["authenticated"] != nil
    else { return nil }
    if access.apiKey != nil { return .forwardedUser }
    let login = try? await exchange(.get("/auth/login"))
    if let login, login.status != 503 { return .keyFromBrowser }
    return .setup
  }

  /// Runs a pending database migration; DevLake does so upon a `GET`.
  public func proceedWithMigration() async throws(APIError) {
    _ = try await send(.get("/proceed-db-migration"))
  }
}

/// What opens DevLake's own login to a program.
@nonexhaustive
public enum LoginAdvice: Sendable, Equatable, CustomStringConvertible {
  /// This DevLake rejects valid keys: update it, or send the headers of a proxy that logs people in.
  case forwardedUser
  /// People log in by OIDC and make an API key there.
  case keyFromBrowser
  /// Nobody can make the first key yet: the server has to be set up otherwise.
  case setup

  /// What to do, one sentence.
  public var description: String {
    switch self {
    case .forwardedUser:
      "update DevLake, or reach it through a proxy that logs people in, with the headers "
        + "X-Forwarded-User and X-Forwarded-User-Secret"
    case .keyFromBrowser: "log in with a browser, make an API key there and use it"
    case .setup:
      "a login proxy sends X-Forwarded-User and X-Forwarded-User-Secret; without OIDC and "
        + "FORWARDED_USER_SECRET no request can make the first API key: set FORWARDED_USER_SECRET, or "
        + "start DevLake once without AUTH_ENABLED"
    }
  }
}
