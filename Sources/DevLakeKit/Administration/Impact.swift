/// What depends on a connection, and whether DevLake would let it be deleted now.
public struct Impact: Sendable, Equatable {
  /// A blueprint that uses the connection.
  public struct Blueprint: Sendable, Equatable {
    /// DevLake's number.
    public let id: Int
    /// Its name.
    public let name: String
    /// The project it belongs to; empty for none.
    public let projectName: String
    /// `NORMAL` or `ADVANCED`.
    public let mode: String
    /// Whether it runs on its schedule.
    public let isEnabled: Bool
  }

  /// The connection.
  public let key: ConnectionKey
  /// The blueprints that use it; `nil` when DevLake does not say (an API key without that scope).
  public let blueprints: [Blueprint]?
  /// The names of its scopes, none when the plugin has none; `nil` when DevLake does not say.
  public let scopes: [String]?
  /// How many pipelines run now, in the whole installation; `nil` when DevLake does not say.
  public let runningPipelines: Int?
  /// What DevLake refuses a deletion for, in the order it looks.
  public let blockers: [Blocker]

  /// What DevLake refuses a deletion for.
  public enum Blocker: String, Sendable {
    /// A pipeline runs, any.
    case runningPipeline = "running pipeline"
    /// A NORMAL blueprint names it.
    case blueprints
    /// It has scopes.
    case scopes
    /// The plugin's connections cannot be deleted at all.
    case impossible
  }

  /// The projects of ``blueprints``, each once.
  public var projects: [String] {
    var names: [String] = []
    for name in (blueprints ?? []).map(\.projectName) where !name.isEmpty && !names.contains(name) {
      names.append(name)
    }
    return names
  }

  /// Whether DevLake would delete it now; `nil` when a part of what decides is not known.
  public var isDeletable: Bool? { blockers.isEmpty ? (isPartial ? nil : true) : false }

  /// Whether anything uses it.
  public var isUsed: Bool { blueprints?.isEmpty == false || scopes?.isEmpty == false }

  /// Whether a part of it is not known.
  public var isPartial: Bool { blueprints == nil || scopes == nil || runningPipelines == nil }
}

extension Administrator {
  /// Finds out what depends on a connection: blueprints of both modes with their plans, scopes,
  /// running pipelines; all pages, side by side.
  ///
  /// - Throws: When DevLake as a whole cannot be asked; a part it does not tell is `nil`.
  public func impact(
    of key: ConnectionKey,
    _ plugin: PluginDescriptor
  ) async throws(APIError) -> Impact {
    async let blueprints = known { () async throws(APIError) in try await client.blueprints() }
    async let scopes = known { () async throws(APIError) in
      try await client.scopes(of: key) ?? []
    }
    async let pipelines = known { () async throws(APIError) in try await client.runningPipelines() }
    let using = try await blueprints.get()?.filter { BlueprintReader.uses($0, key) }
      .map(BlueprintReader.blueprint)
    let scopeNames = try await scopes.get()?.map(BlueprintReader.scopeName)
    let running = try await pipelines.get()
    return Impact(
      key: key,
      blueprints: using,
      scopes: scopeNames,
      runningPipelines: running,
      blockers: blockers(plugin.deletion, using, scopeNames, running)
    )
  }

  private func blockers(
    _ guards: DeletionGuards,
    _ blueprints: [Impact.Blueprint]?,
    _ scopes: [String]?,
    _ running: Int?
  ) -> [Impact.Blocker] {
    var blockers: [Impact.Blocker] = []
    if guards.impossible != nil { blockers.append(.impossible) }
    if guards.runningPipeline, (running ?? 0) > 0 { blockers.append(.runningPipeline) }
    if guards.blueprints, blueprints?.contains(where: { $0.mode != "ADVANCED" }) == true {
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

/// Reads blueprints as DevLake sends them.
enum BlueprintReader {
  static func blueprint(_ object: JSONObject) -> Impact.Blueprint {
    Impact.Blueprint(
      id: object["id"]?.int ?? 0,
      name: object["name"]?.string ?? "",
      projectName: object["projectName"]?.string ?? "",
      mode: object["mode"]?.string ?? "",
      isEnabled: object["enable"]?.bool ?? false
    )
  }

  /// Whether a blueprint names the connection: in `connections`, or, what DevLake itself does not
  /// look at, in one of its plans.
  static func uses(_ object: JSONObject, _ key: ConnectionKey) -> Bool {
    let connections = object["connections"]?.array ?? []
    let isListed = connections.contains {
      $0["pluginName"]?.string == key.plugin && $0["connectionId"]?.int == key.id
    }
    return isListed
      || ["plan", "beforePlan", "afterPlan"].contains { plan in
        object[plan].map { mentions($0, key) } ?? false
      }
  }

  private static func mentions(_ plan: JSONValue, _ key: ConnectionKey) -> Bool {
    switch plan {
    case .array(let elements): elements.contains { mentions($0, key) }
    case .object(let task):
      task["plugin"]?.string.map { $0 == key.plugin || $0.hasPrefix(key.plugin + "_") } == true
        && (task["options"]?["connectionId"]?.int ?? task["options"]?["ConnectionId"]?.int)
          == key.id
    case .null, .bool, .number, .string: false
    }
  }

  static func scopeName(_ object: JSONObject) -> String {
    let scope = object["scope"]?.object ?? object
    return scope["fullName"]?.string ?? scope["name"]?.string ?? scope["id"]?.string ?? "?"
  }
}
