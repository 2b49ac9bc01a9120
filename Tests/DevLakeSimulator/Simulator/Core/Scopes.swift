import DevLakeKit

/// A stored scope of a connection.
struct ScopeRow: Sendable {
  let plugin: String
  let connection: Int
  let id: String
  var values: JSONObject
  let createdAt: Timestamp
  var updatedAt: Timestamp

  /// The scope as answers show it.
  func shown(_ kind: ScopeKind, plugin: String, written: Bool = false) -> JSONValue {
    let raw = kind.rawParameters
    let parameters: JSONValue = .object(
      JSONObject([
        (raw.connection, .integer(connection)), (raw.scope, values[raw.member] ?? ""),
      ])
    )
    let times: [(String, JSONValue)] = [
      ("createdAt", written ? createdAt.precise : createdAt.stored),
      ("updatedAt", written ? updatedAt.precise : updatedAt.stored),
    ]
    let common: [(String, JSONValue)] = [
      ("_raw_data_params", .string(parameters.text)),
      ("_raw_data_table", .string("_raw_\(plugin)_scopes")), ("_raw_data_id", 0),
      ("_raw_data_remark", ""),
    ]
    let own = [("connectionId", .integer(connection))] + values.members.map { ($0.key, $0.value) }
    return .object(
      JSONObject(kind.commonLast ? own + times + common : times + common + own)
    )
  }
}

extension DevLake {
  /// The scope routes of a connection; `nil` when there is no such route.
  mutating func scopeAnswer(
    _ kind: ConnectionKind,
    connection: String,
    scope: String?,
    _ request: Request
  ) throws(Failure) -> Answer? {
    guard let scopeKind = kind.scopes else { return nil }
    switch (request.method, scope) {
    case ("GET", nil): return .json(listScopes(kind, scopeKind, connection, request))
    case ("PUT", nil): return try putScopes(kind, scopeKind, connection, request)
    case ("GET", let scope?):
      let row = try storedScope(kind, scopeKind, connection, scope)
      return .json(row.shown(scopeKind, plugin: kind.plugin))
    case ("DELETE", let scope?):
      let row = try storedScope(kind, scopeKind, connection, scope)
      if kind.family == .dataSource, pipelines.contains(where: \.isRunning) {
        throw Failure(409, "at least one pipeline is running")
      }
      if request.parameter("delete_data_only") == "true" { return .success }
      let users = blueprints.filter { $0.uses(kind.plugin, row.connection, scope: scope) }
      if !users.isEmpty {
        throw Failure(
          409,
          "Cannot delete the scope because it is referenced by blueprints",
          data: references(users)
        )
      }
      scopes.removeAll {
        $0.plugin == kind.plugin && $0.connection == row.connection && $0.id == scope
      }
      return .json(row.shown(scopeKind, plugin: kind.plugin))
    default: return nil
    }
  }

  private func storedScope(
    _ kind: ConnectionKind,
    _ scopeKind: ScopeKind,
    _ connection: String,
    _ id: String
  ) throws(Failure) -> ScopeRow {
    let row = scopes.first {
      $0.plugin == kind.plugin && String($0.connection) == connection && $0.id == id
    }
    guard let row else {
      throw Failure(
        404,
        [
          .own("*models.\(scopeKind.model) not found", 404), .own("record not found", 404),
          .foreign("record not found"),
        ]
      )
    }
    return row
  }

  private func listScopes(
    _ kind: ConnectionKind,
    _ scopeKind: ScopeKind,
    _ connection: String,
    _ request: Request
  ) -> JSONValue {
    let all = scopes.filter { $0.plugin == kind.plugin && String($0.connection) == connection }
    let page = Page(request) ?? Page()
    let showsBlueprints = request.parameter("blueprints") == "true"
    let shown = page.slice(all).map { row -> JSONValue in
      var entry = JSONObject([("scope", row.shown(scopeKind, plugin: kind.plugin))])
      if let id = row.values["scopeConfigId"]?.int,
        let config = scopeConfigs.first(where: { $0.id == id && $0.plugin == kind.plugin })
      {
        entry["scopeConfig"] = config.shown
      }
      let users = blueprints.filter { $0.uses(kind.plugin, row.connection, scope: row.id) }
      if showsBlueprints, !users.isEmpty {
        entry["blueprints"] = .array(users.map { $0.summary })
      }
      return .object(entry)
    }
    return ["count": .integer(all.count), "scopes": .array(shown)]
  }

  private mutating func putScopes(
    _ kind: ConnectionKind,
    _ scopeKind: ScopeKind,
    _ connection: String,
    _ request: Request
  ) throws(Failure) -> Answer {
    let row = try self.connection(kind, connection)
    let body = try GoBody.object(request.body) ?? JSONObject()
    guard let data = GoBody.member("data", of: body)?.array else {
      throw Failure(400, "decoding \(kind.model) error")
    }
    var shown: [JSONValue] = []
    for case .object(let members) in data {
      let scope = putScope(members, kind, scopeKind, connection: row.id)
      shown.append(scope.shown(scopeKind, plugin: kind.plugin, written: true))
    }
    return .json(.array(shown))
  }

  /// Stores a scope, or replaces it.
  @discardableResult
  mutating func putScope(
    _ members: JSONObject,
    _ kind: ConnectionKind,
    _ scopeKind: ScopeKind,
    connection: Int,
    at time: Timestamp = .now()
  ) -> ScopeRow {
    var values: JSONObject
    if scopeKind.members.isEmpty {
      values = members
      values["connectionId"] = nil
    } else {
      values = JSONObject(
        scopeKind.members.map { ($0.name, GoBody.member($0.name, of: members) ?? $0.initial) }
      )
    }
    if values["scopeConfigId"] == 0, let config = defaultScopeConfig(kind, connection) {
      values["scopeConfigId"] = .integer(config)
    }
    let id = GoBody.printed(values[scopeKind.idField] ?? "")
    let index = scopes.firstIndex {
      $0.plugin == kind.plugin && $0.connection == connection && $0.id == id
    }
    let row = ScopeRow(
      plugin: kind.plugin,
      connection: connection,
      id: id,
      values: values,
      createdAt: index.map { scopes[$0].createdAt } ?? time,
      updatedAt: time
    )
    if let index { scopes[index] = row } else { scopes.append(row) }
    return row
  }
}
