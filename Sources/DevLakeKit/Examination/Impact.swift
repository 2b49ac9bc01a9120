/// What depends on a connection, and whether DevLake would let it be deleted now.
public struct Impact: Sendable, Equatable {
  /// The connection.
  public let key: ConnectionKey
  /// The blueprints that use it; `nil` when DevLake does not say (an API key without that scope).
  public let blueprints: [Blueprint]?
  /// Its scopes, none when the plugin has none; `nil` when DevLake does not say.
  public let scopes: [Scope]?
  /// The names of its scope configs, which go with it; `nil` when DevLake does not say.
  public let scopeConfigs: [String]?
  /// The pipelines that run now, in the whole installation; `nil` when DevLake does not say.
  public let running: [Pipeline]?
  /// The pipelines that wait to run and will use it; `nil` when DevLake does not say.
  public let waiting: [Pipeline]?
  /// What DevLake refuses a deletion for, in the order it looks.
  public let blockers: [Blocker]

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
    /// Where in it the connection stands; the plan of a NORMAL one, made of its connections, is
    /// not told again.
    public let places: [Place]
    /// Its connections as DevLake sends them.
    let connections: [JSONValue]

    /// `blueprint 'nightly' of project 'platform'`.
    public var title: String {
      "blueprint '\(name)'" + (projectName.isEmpty ? "" : " of project '\(projectName)'")
    }

    /// Whether DevLake refuses the deletion for it.
    public var isGuarded: Bool { places.contains(.connections) }
    /// Whether it still names the connection once that is taken out of its connections.
    public var isAdvanced: Bool { places != [.connections] }

    /// The other connections it lists, as `github/2`.
    public func others(than key: ConnectionKey) -> [String] {
      connections.filter { !key.isIn($0) }.compactMap { entry in
        guard let plugin = entry["pluginName"]?.string, let id = entry["connectionId"]?.int else {
          return nil
        }
        return "\(plugin)/\(id)"
      }
    }

    /// What a PATCH sends that takes a connection out of it.
    public func body(without key: ConnectionKey) -> RequestBody {
      var body = RequestBody()
      body["connections"] = .json(.array(connections.filter { !key.isIn($0) }))
      return body
    }
  }

  /// Where in a blueprint a connection stands; the raw value is DevLake's name of the member.
  public enum Place: String, Sendable, CaseIterable {
    /// Among its connections: DevLake protects it.
    case connections
    /// In the plan of an ADVANCED blueprint.
    case plan
    /// In what runs before the plan.
    case beforePlan
    /// In what runs after the plan.
    case afterPlan
  }

  /// A scope of the connection: a repository, a board, a job.
  public struct Scope: Sendable, Equatable {
    /// What its routes call it; `nil` for a plugin of which that is not known.
    public let id: String?
    /// What people call it.
    public let name: String
  }

  /// A run of a plan.
  public struct Pipeline: Sendable, Equatable {
    /// DevLake's number.
    public let id: Int
    /// The name of the blueprint it runs.
    public let name: String
    /// Whether a task of it uses the connection.
    public let isUsing: Bool
  }

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
}

extension Impact {
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

  /// Whether a part of what decides about a deletion is not known.
  public var isPartial: Bool { blueprints == nil || scopes == nil || running == nil }
}
