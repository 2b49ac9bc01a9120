/// A blueprint, with the connections and scopes it collects from.
public struct BlueprintUse: Sendable, Equatable {
  /// DevLake's number.
  public let id: Int
  /// Its name.
  public let name: String
  /// The project it belongs to; empty for none.
  public let project: String
  /// What it uses, each connection once, in its order.
  public let connections: [Use]
  /// Its connections as DevLake sends them; empty for an ADVANCED one.
  let entries: [JSONValue]

  /// A connection it uses.
  public struct Use: Sendable, Equatable {
    /// The connection; it may be gone.
    public let key: ConnectionKey
    /// The ids of the scopes it collects; `nil`: its plan tells them in its own way.
    public let scopes: [String]?
  }

  /// `blueprint 'nightly' of project 'platform'`.
  public var title: String {
    "blueprint '\(ServerText.line(name))'"
      + (project.isEmpty ? "" : " of project '\(ServerText.line(project))'")
  }
}

extension BlueprintUse {
  /// Reads a blueprint as DevLake sends it.
  init(_ object: JSONObject) {
    id = object["id"]?.int ?? 0
    name = object["name"]?.string ?? ""
    project = object["projectName"]?.string ?? ""
    let isAdvanced = object["mode"]?.string == "ADVANCED"
    entries = isAdvanced ? [] : object["connections"]?.array ?? []
    var uses: [Use] = []
    func add(_ key: ConnectionKey, _ scopes: [String]?) {
      guard !uses.contains(where: { $0.key == key }) else { return }
      uses.append(Use(key: key, scopes: scopes))
    }
    for entry in entries {
      guard let plugin = entry["pluginName"]?.string, let id = entry["connectionId"]?.int, id > 0
      else { continue }
      let scopes = (entry["scopes"]?.array ?? []).compactMap { scope in
        scope["scopeId"].flatMap { $0.string ?? $0.int.map(String.init) }
      }
      add(ConnectionKey(plugin: plugin, id: id), scopes)
    }
    let plans = (isAdvanced ? ["plan"] : []) + ["beforePlan", "afterPlan"]
    for key in plans.compactMap({ object[$0] }).flatMap(Self.keys) { add(key, nil) }
    connections = uses
  }

  /// The connections that tasks of a plan name themselves.
  private static func keys(in plan: JSONValue) -> [ConnectionKey] {
    switch plan {
    case .array(let elements): return elements.flatMap(keys)
    case .object(let task):
      let options = task["options"]?.object ?? JSONObject()
      let value = options.members.first { $0.key.lowercased() == "connectionid" }?.value
      guard var plugin = options["pluginName"]?.string ?? task["plugin"]?.string,
        let id = value?.int ?? value?.string.flatMap({ Int($0) }), id > 0
      else { return [] }
      // It collects by the connections of its sibling.
      if plugin.hasSuffix("_graphql") { plugin = String(plugin.dropLast("_graphql".count)) }
      return [ConnectionKey(plugin: plugin, id: id)]
    case .null, .bool, .number, .string: return []
    }
  }
}

/// The blueprints of a DevLake, read once for all questions about them.
public struct BlueprintUses: Sendable {
  /// All of them, the oldest first.
  public let all: [BlueprintUse]
  private let objects: [JSONObject]

  /// Reads every page.
  public init(by administrator: Administrator) async throws(APIError) {
    objects = try await administrator.client.blueprints()
    all = objects.map(BlueprintUse.init).sorted { $0.id < $1.id }
  }

  /// Those of these connections that a blueprint uses, in whatever way.
  public func used(among keys: [ConnectionKey]) -> Set<ConnectionKey> {
    Set(
      keys.filter { key in
        objects.contains { DependentReader(key: key, scopeIdField: nil).blueprint($0) != nil }
      }
    )
  }
}

extension Administrator {
  /// Whether DevLake has a project of that name.
  public func hasProject(_ name: String) async throws(APIError) -> Bool {
    do throws(APIError) {
      _ = try await client.json(.get("/projects/" + name.percentEncoded))
      return true
    } catch {
      guard error.status == 404 else { throw error }
      return false
    }
  }
}
