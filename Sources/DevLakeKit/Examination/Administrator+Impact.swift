/// What is read once for all connections whose dependents are asked for.
public struct DependencySnapshot: Sendable {
  /// Every blueprint; `nil` when DevLake does not say.
  let blueprints: [JSONObject]?
  /// Every pipeline that runs.
  let running: [JSONObject]?
  /// Every pipeline that waits to run.
  let waiting: [JSONObject]?
}

extension Administrator {
  /// Reads the blueprints and the pipelines of the installation, all pages, in parallel.
  ///
  /// - Throws: When DevLake as a whole cannot be asked; a part it does not tell is `nil`.
  public func dependencySnapshot() async throws(APIError) -> DependencySnapshot {
    async let blueprints = known { () async throws(APIError) in try await client.blueprints() }
    async let running = known { () async throws(APIError) in
      try await client.pipelines("TASK_RUNNING")
    }
    async let waiting = known { () async throws(APIError) in
      try await client.pipelines("TASK_CREATED")
    }
    return DependencySnapshot(
      blueprints: try await blueprints.get(),
      running: try await running.get(),
      waiting: try await waiting.get()
    )
  }

  /// Finds out what depends on a connection: blueprints of both modes with their plans, scopes and
  /// scope configs, pipelines.
  ///
  /// - Parameters:
  ///   - key: The connection.
  ///   - plugin: Its plugin.
  ///   - dependencySnapshot: What ``dependencySnapshot()`` read, where several are asked for.
  /// - Throws: When DevLake as a whole cannot be asked; a part it does not tell is `nil`.
  public func impact(
    of key: ConnectionKey,
    _ plugin: PluginDescriptor,
    in dependencySnapshot: DependencySnapshot? = nil
  ) async throws(APIError) -> Impact {
    async let scopes = known { () async throws(APIError) in
      try await client.scopes(of: key) ?? []
    }
    async let configs = known { () async throws(APIError) in
      try await client.scopeConfigs(of: key) ?? []
    }
    let all: DependencySnapshot
    if let dependencySnapshot {
      all = dependencySnapshot
    } else {
      all = try await self.dependencySnapshot()
    }
    let reader = DependentReader(key: key, scopeIdField: plugin.scopeIdField)
    // DevLake lists the newest first.
    let blueprints = all.blueprints?.compactMap(reader.blueprint).sorted { $0.id < $1.id }
    let scopeList = try await scopes.get()?.map(reader.scope)
    let configNames = try await configs.get()?.compactMap { $0["name"]?.string }
    let running = all.running?.map(reader.pipeline)
    return Impact(
      key: key,
      blueprints: blueprints,
      scopes: scopeList,
      scopeConfigs: configNames,
      running: running,
      waiting: all.waiting?.map(reader.pipeline).filter(\.isUsing),
      blockers: blockers(plugin.deletion, blueprints, scopeList, running)
    )
  }

  /// The pipelines that run now.
  public func runningPipelines(
    using key: ConnectionKey
  ) async throws(APIError) -> [Impact.Pipeline] {
    let reader = DependentReader(key: key, scopeIdField: nil)
    return try await client.pipelines("TASK_RUNNING").map(reader.pipeline)
  }

  private func blockers(
    _ guards: DeletionGuards,
    _ blueprints: [Impact.Blueprint]?,
    _ scopes: [Impact.Scope]?,
    _ running: [Impact.Pipeline]?
  ) -> [Impact.Blocker] {
    var blockers: [Impact.Blocker] = []
    if guards.impossible != nil { blockers.append(.impossible) }
    if guards.runningPipeline, running?.isEmpty == false { blockers.append(.runningPipeline) }
    if guards.blueprints, blueprints?.contains(where: \.isGuarded) == true {
      blockers.append(.blueprints)
    }
    if guards.scopes, scopes?.isEmpty == false { blockers.append(.scopes) }
    return blockers
  }

  /// What DevLake tells, or `nil` where it does not let the caller ask.
  private func known<Value: Sendable>(
    _ ask: @Sendable () async throws(APIError) -> Value
  ) async -> Result<Value?, APIError> {
    do throws(APIError) {
      return .success(try await ask())
    } catch {
      switch error.kind {
      case .unauthorized(status: 403, _), .brokenDown, .noRoute, .refused: return .success(nil)
      default: return .failure(error)
      }
    }
  }
}

/// Reads what may depend on a connection, as DevLake sends it.
struct DependentReader {
  let key: ConnectionKey
  let scopeIdField: String?

  /// The blueprint, where it uses the connection.
  func blueprint(_ object: JSONObject) -> Impact.Blueprint? {
    let mode = object["mode"]?.string ?? ""
    let plans = PlanReader(key: key)
    let places = Impact.Place.allCases.filter { place in
      guard let value = object[place.rawValue] else { return false }
      switch place {
      case .connections: return mode != "ADVANCED" && (value.array ?? []).contains(where: key.isIn)
      case .plan: return mode == "ADVANCED" && plans.uses(value)
      case .beforePlan, .afterPlan: return plans.uses(value)
      }
    }
    guard !places.isEmpty else { return nil }
    return Impact.Blueprint(
      id: object["id"]?.int ?? 0,
      name: object["name"]?.string ?? "",
      projectName: object["projectName"]?.string ?? "",
      mode: mode,
      isEnabled: object["enable"]?.bool ?? false,
      places: places,
      connections: object["connections"]?.array ?? []
    )
  }

  func scope(_ object: JSONObject) -> Impact.Scope {
    let scope = object["scope"]?.object ?? object
    let id = scopeIdField.flatMap { scope[$0] }.flatMap(Self.text)
    let name = ["fullName", "name", "title"].compactMap { scope[$0]?.string }.first { !$0.isEmpty }
    return Impact.Scope(id: id, name: name ?? id ?? scope["id"].flatMap(Self.text) ?? "?")
  }

  func pipeline(_ object: JSONObject) -> Impact.Pipeline {
    Impact.Pipeline(
      id: object["id"]?.int ?? 0,
      name: object["name"]?.string ?? "",
      isUsing: object["plan"].map(PlanReader(key: key).uses) ?? false
    )
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text.isEmpty ? nil : text
    case .number(let text): text
    default: nil
    }
  }
}

extension ConnectionKey {
  /// Whether an entry of a blueprint's connections is this one.
  func isIn(_ entry: JSONValue) -> Bool {
    entry["pluginName"]?.string == plugin && entry["connectionId"]?.int == id
  }
}
