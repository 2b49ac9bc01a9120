import DevLakeKit

/// A simulated DevLake: everything it stores, and the answer to a request.
struct DevLake: Sendable {
  var version = "v1.0.3"
  let era: Era
  /// The plugins with connections, by slug.
  let kinds: [String: ConnectionKind]
  var login = LoginDoor.off
  var state = ServiceState.ready
  var tables: [String: ConnectionTable]
  var scopes: [ScopeRow] = []
  var scopeConfigs: [ScopeConfig] = []
  var projects: [Project] = []
  var blueprints: [Blueprint] = []
  var lastBlueprintID = 0
  var pipelines: [Pipeline] = []
  var lastPipelineID = 0
  var apiKeys: [APIKey] = []
  var lastAPIKeyID = 0

  init(era: Era) {
    self.era = era
    kinds = ConnectionKind.all(in: era)
    tables = kinds.mapValues { ConnectionTable(kind: $0) }
  }

  /// Answers a request.
  mutating func respond(to request: Request) -> Answer {
    let path = request.path
    guard !path.contains("//") else { return .unknownRoute }
    if path.hasPrefix("/rest/") { return respondBehindKey(request) }
    if let answer = loginAnswer(request) { return answer }
    return respondInside(request)
  }

  /// Answers a request that was let in.
  mutating func respondInside(_ request: Request) -> Answer {
    let path = request.path
    if let answer = serviceAnswer(request) { return answer }
    if let failure = state.refusal { return failure.answer }
    if path.count > 1, path.hasSuffix("/") {
      var bare = request
      bare.path = String(path.dropLast())
      var copy = self
      let isRoute =
        request.method == "GET"
        && (copy.serviceAnswer(bare) != nil || (try? copy.route(bare)) ?? nil != nil)
      return isRoute ? .moved(to: bare.path) : .unknownRoute
    }
    do {
      return try route(request) ?? .unknownRoute
    } catch {
      return error.answer
    }
  }

  /// The answer of the route a request belongs to; `nil` when there is none.
  private mutating func route(_ request: Request) throws(Failure) -> Answer? {
    let segments = request.segments
    switch segments.first {
    case "plugins": return try pluginAnswer(request, segments)
    case "projects": return try projectAnswer(request, segments)
    case "blueprints": return try blueprintAnswer(request, segments)
    case "pipelines": return try pipelineAnswer(request, segments)
    case "api-keys": return try apiKeyAnswer(request, segments)
    default: return miscellaneousAnswer(request)
    }
  }

  private mutating func pluginAnswer(
    _ request: Request,
    _ segments: [String]
  ) throws(Failure)
    -> Answer?
  {
    if segments.count == 1 { return request.method == "GET" ? pluginList() : nil }
    if let answer = try webhookAnswer(request, segments) { return answer }
    guard segments.count > 2, let kind = kinds[segments[1]] else { return nil }
    switch (request.method, segments[2], segments.count) {
    case ("GET", "connections", 3): return listConnections(kind.plugin)
    case ("POST", "connections", 3): return try createConnection(kind, request)
    case ("GET", "connections", 4): return try getConnection(kind, segments[3])
    case ("PATCH", "connections", 4): return try patchConnection(kind, segments[3], request)
    case ("DELETE", "connections", 4): return try deleteConnection(kind, segments[3])
    case ("POST", "test", 3):
      return try kind.test.map { test throws(Failure) in try testNew(kind, test, request) }
    case ("POST", "connections", 5) where segments[4] == "test":
      return try kind.test.map { test throws(Failure) in
        try testExisting(kind, test, segments[3], request)
      }
    case (_, "connections", 5...) where segments[4] == "scopes":
      let scope = segments.count > 5 ? segments[5...].joined(separator: "/") : nil
      return try scopeAnswer(kind, connection: segments[3], scope: scope, request)
    case ("GET", "connections", 7...) where segments[4] == "proxy" && segments[5] == "rest":
      return try kind.service.map { service throws(Failure) in
        try passOn(segments[6...].joined(separator: "/"), kind, service, segments[3])
      }
    case ("GET", "connections", 5) where segments[4] == "remote-scopes":
      return try remoteScopes(kind, segments[3])
    case ("GET", "connections", 5) where segments[4] == "scope-configs":
      return try listScopeConfigs(kind, segments[3])
    default: return nil
    }
  }

  /// The plugins of the recorded server, in another order each time.
  private func pluginList() -> Answer {
    .json(
      .array(
        ConnectionKind.loadedPlugins(in: era).shuffled().map { plugin in
          [
            "plugin": .string(plugin),
            "metric": PluginMetric.of(plugin),
          ]
        }
      )
    )
  }

  private func miscellaneousAnswer(_ request: Request) -> Answer? {
    guard request.method == "GET" else { return nil }
    switch request.path {
    case "/auth/methods": return .json(["apiKey": ["enabled": true]])
    case "/auth/userinfo": return userInfo(request)
    case "/auth/login": return Failure(503, "OIDC is not enabled").answer
    case "/swagger/index.html" where era == .september2026: return .empty(404)
    case "/store/onboard": return .json(nil)
    case "/domainlayer/repos": return .json(["count": 0, "repos": []])
    default: return nil
    }
  }
}
