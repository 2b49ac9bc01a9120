import DevLakeKit

/// A scope config: how a connection's scopes are read.
struct ScopeConfig: Sendable {
  let id: Int
  let plugin: String
  let connection: Int
  let name: String
  let createdAt: Timestamp

  var shown: JSONValue {
    [
      "id": .integer(id), "createdAt": createdAt.stored, "updatedAt": createdAt.stored,
      "entities": ["CICD"], "connectionId": .integer(connection), "name": .string(name),
      "deploymentPattern": ".*", "productionPattern": "(?i)(prod|production)",
      "envNamePattern": "(?i)prod(.*)",
    ]
  }
}

extension DevLake {
  /// Adds the scope config that comes with a new connection.
  ///
  /// Names are unique across the installation, so only the first connection gets one.
  mutating func addDefaultScopeConfig(
    _ kind: ConnectionKind,
    connection: Int,
    at time: Timestamp = .now()
  ) {
    guard let name = kind.defaultScopeConfig,
      !scopeConfigs.contains(where: { $0.plugin == kind.plugin && $0.name == name })
    else { return }
    scopeConfigs.append(
      ScopeConfig(
        id: scopeConfigs.count + 1,
        plugin: kind.plugin,
        connection: connection,
        name: name,
        createdAt: time
      )
    )
  }

  /// The scope config that scopes of a connection get.
  func defaultScopeConfig(_ kind: ConnectionKind, _ connection: Int) -> Int? {
    scopeConfigs.first { $0.plugin == kind.plugin && $0.connection == connection }?.id
  }

  /// GET of a connection's scope configs.
  func listScopeConfigs(_ kind: ConnectionKind, _ connection: String) throws(Failure) -> Answer? {
    guard kind.scopes != nil else { return nil }
    let row = try self.connection(kind, connection)
    let configs = scopeConfigs.filter { $0.plugin == kind.plugin && $0.connection == row.id }
    return .json(.array(configs.map(\.shown)))
  }
}
