import DevLakeKit

/// Reads a seed: a JSON object whose members are all optional.
///
///     {
///       "version": "v1.0.3",
///       "state": "ready | migration-pending | migrating | database-down",
///       "connections": [
///         {"plugin": "github", "id": 1, "name": "GitHub - acme", "token": "ghp_…",
///          "createdAt": "2026-03-02T09:14:00Z", "updatedAt": "…",
///          "scopes": [{"githubId": 1, "name": "api", "fullName": "acme/api"}]}
///       ],
///       "projects": [
///         {"name": "platform", "createdAt": "…",
///          "connections": [{"pluginName": "github", "connectionId": 1,
///                           "scopes": [{"scopeId": "1"}]}]}
///       ],
///       "blueprints": [{"name": "nightly", "mode": "ADVANCED", "plan": [[{"plugin": "github",
///                       "options": {"connectionId": 1}}]]}],
///       "pipelines": [{"name": "nightly", "status": "TASK_RUNNING", "plan": []}],
///       "apiKeys": [{"name": "ci", "apiKey": "…", "allowedPath": ".*", "expiredAt": null}]
///     }
///
/// A connection has the plugin's fields under DevLake's names, secrets in clear; what is left out
/// is the plugin's default and nothing is checked, so that a seed may hold what DevLake refuses.
enum SeedReader {
  static func devLake(from seed: JSONValue, era: Era) throws(SimulatorError) -> DevLake {
    guard case .object(let members) = seed else { throw .unusableSeed("it is no JSON object") }
    var devLake = DevLake(era: era)
    if let version = members["version"]?.string { devLake.version = version }
    if let name = members["state"]?.string {
      guard let state = ServiceState(rawValue: name) else {
        throw .unusableSeed("there is no state '\(name)'")
      }
      devLake.state = state
    }
    for entry in members["connections"]?.array ?? [] { try addConnection(entry, to: &devLake) }
    for entry in members["projects"]?.array ?? [] { try addProject(entry, to: &devLake) }
    for entry in members["blueprints"]?.array ?? [] { try addBlueprint(entry, to: &devLake) }
    for entry in members["pipelines"]?.array ?? [] { addPipeline(entry, to: &devLake) }
    for entry in members["apiKeys"]?.array ?? [] { addKey(entry, to: &devLake) }
    // Lists are drawn now, so that the first reader does not wait for it.
    for plugin in devLake.tables.keys { _ = devLake.tables[plugin]?.listing() }
    return devLake
  }

  private static func addConnection(
    _ entry: JSONValue,
    to devLake: inout DevLake
  )
    throws(SimulatorError)
  {
    let plugin = entry["plugin"]?.string ?? ""
    guard case .object(let members) = entry, let kind = devLake.kinds[plugin] else {
      throw .unusableSeed("there is no plugin '\(plugin)'")
    }
    var values = kind.blank
    for name in values.keys {
      if let value = members[name] { values[name] = value }
    }
    if let id = members["id"]?.int, devLake.tables[plugin]?[id] != nil {
      throw .unusableSeed("\(plugin)/\(id) stands in it twice")
    }
    let created = time(members["createdAt"]) ?? .now()
    let row = devLake.tables[plugin]?.insert(
      values,
      id: members["id"]?.int,
      createdAt: created,
      updatedAt: time(members["updatedAt"])
    )
    guard let row else { return }
    devLake.addDefaultScopeConfig(kind, connection: row.id, at: created)
    for case .object(let scope) in members["scopes"]?.array ?? [] {
      guard let scopeKind = kind.scopes else {
        throw .unusableSeed("connections of '\(plugin)' have no scopes")
      }
      devLake.putScope(scope, kind, scopeKind, connection: row.id, at: created)
    }
  }

  private static func addProject(
    _ entry: JSONValue,
    to devLake: inout DevLake
  )
    throws(SimulatorError)
  {
    guard case .object(let members) = entry else { throw .unusableSeed("a project is an object") }
    devLake.addProject(members, at: time(members["createdAt"]) ?? .now())
    guard let connections = members["connections"] else { return }
    let index = devLake.blueprints.count - 1
    devLake.blueprints[index].connections = connections
    try plan(index, in: &devLake)
  }

  private static func addBlueprint(
    _ entry: JSONValue,
    to devLake: inout DevLake
  )
    throws(SimulatorError)
  {
    guard case .object(let members) = entry else {
      throw .unusableSeed("a blueprint is an object")
    }
    devLake.lastBlueprintID += 1
    var blueprint = Blueprint(
      id: devLake.lastBlueprintID,
      name: "",
      project: "",
      at: time(members["createdAt"]) ?? .now()
    )
    blueprint.apply(members)
    devLake.blueprints.append(blueprint)
    try plan(devLake.blueprints.count - 1, in: &devLake)
  }

  private static func plan(_ index: Int, in devLake: inout DevLake) throws(SimulatorError) {
    var blueprint = devLake.blueprints[index]
    do {
      try devLake.plan(&blueprint, "blueprint '\(blueprint.name)'")
    } catch {
      throw .unusableSeed(error.message.replacing("\n", with: " "))
    }
    devLake.blueprints[index] = blueprint
  }

  private static func addPipeline(_ entry: JSONValue, to devLake: inout DevLake) {
    _ = devLake.addPipeline(
      name: entry["name"]?.string ?? "",
      plan: Blueprint.normalized(entry["plan"] ?? []),
      blueprint: entry["blueprintId"]?.int ?? 0,
      status: (entry["status"]?.string).flatMap(Pipeline.Status.init) ?? .completed,
      at: time(entry["createdAt"]) ?? .now()
    )
  }

  private static func addKey(_ entry: JSONValue, to devLake: inout DevLake) {
    devLake.lastAPIKeyID += 1
    let created = time(entry["createdAt"]) ?? .now()
    devLake.apiKeys.append(
      APIKey(
        id: devLake.lastAPIKeyID,
        name: entry["name"]?.string ?? "",
        type: entry["type"]?.string ?? "devlake",
        allowedPath: entry["allowedPath"]?.string ?? ".*",
        expiredAt: entry["expiredAt"] ?? nil,
        key: entry["apiKey"]?.string ?? APIKey.newKey(),
        createdAt: created,
        updatedAt: created
      )
    )
  }

  private static func time(_ value: JSONValue?) -> Timestamp? {
    value?.string.flatMap(Timestamp.init)
  }
}
