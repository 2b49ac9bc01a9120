extension DevLakeClient {
  /// Lists the connections of a plugin, by id: DevLake's own order changes with every PATCH.
  ///
  /// - Throws: `.noRoute` when the server has no such plugin or the plugin no connections.
  public func connections(of plugin: PluginDescriptor) async throws(APIError) -> [Connection] {
    let call = APICall.get(route(plugin.id))
    let value = try await json(call)
    guard let elements = value.array else {
      throw APIError(.unexpected(reason: "no list of connections"), call: call.label)
    }
    var connections: [Connection] = []
    connections.reserveCapacity(elements.count)
    let names = FieldNames(plugin)
    for element in elements {
      guard let connection = Connection(element, of: plugin, names: names) else {
        throw APIError(
          .unexpected(reason: "a connection without id or name"),
          call: call.label
        )
      }
      connections.append(connection)
    }
    return connections.sorted { $0.key.id < $1.key.id }
  }

  /// Reads one connection.
  public func connection(
    _ id: Int,
    of plugin: PluginDescriptor
  ) async throws(APIError) -> Connection {
    let call = APICall.get(route(plugin.id, id))
    let key = ConnectionKey(plugin: plugin.id, id: id)
    return try connection(in: try await json(call), key, plugin, of: call).get()
  }

  /// Tests a saved connection.
  func testSaved(_ id: Int, of plugin: PluginDescriptor) async throws(APIError) -> APIAnswer {
    try await test(
      APICall(
        method: "POST",
        path: route(plugin.id, id) + "/test",
        body: RequestBody(),
        limit: .test
      )
    )
  }

  func test(_ call: APICall) async throws(APIError) -> APIAnswer {
    let answer = try await exchange(call)
    if let error = answer.serverFailure(of: call) { throw error }
    return answer
  }

  /// The connection an answer holds, if it is the one that was asked for.
  ///
  /// A cache or a mixed-up proxy answers with another one, and whoever goes on with that writes to
  /// what nobody named.
  func connection(
    in value: JSONValue,
    _ key: ConnectionKey,
    _ plugin: PluginDescriptor,
    of call: APICall
  ) -> Result<Connection, APIError> {
    guard let connection = Connection(value, of: plugin) else {
      return .failure(APIError(.unexpected(reason: "no connection"), call: call.label))
    }
    guard connection.key == key else {
      let reason = "asked for \(key), it returned \(connection.key)"
      return .failure(APIError(.unexpected(reason: reason), call: call.label))
    }
    return .success(connection)
  }

  /// What the answer to a GET of one connection proves.
  enum Row: Sendable {
    case there
    case missing
    /// DevLake's handler broke down over it.
    case broken
  }

  /// Asks for a connection to learn whether DevLake can show it.
  ///
  /// - Throws: For every answer that is not a proof: a gateway's, one about another connection.
  func row(_ id: Int, of plugin: PluginDescriptor) async throws(APIError) -> Row {
    let call = APICall.get(route(plugin.id, id))
    let answer = try await exchange(call)
    if answer.isBreakdown { return .broken }
    if let error = answer.failure(of: call) {
      if case .refused(status: 404, _, _) = error.kind { return .missing }
      throw error
    }
    guard Connection(try answer.json(for: call), of: plugin)?.key.id == id else {
      throw APIError(.unexpected(reason: "another connection"), call: call.label)
    }
    return .there
  }

  /// Whether DevLake's handler breaks down over the list of a plugin.
  func breaksList(of plugin: PluginDescriptor) async throws(APIError) -> Bool {
    let call = APICall.get(route(plugin.id))
    let answer = try await exchange(call)
    if answer.isBreakdown { return true }
    if let error = answer.failure(of: call) { throw error }
    return false
  }

  func route(_ plugin: String, _ id: Int? = nil) -> String {
    let list = "/plugins/\(plugin.percentEncoded)/connections"
    return id.map { "\(list)/\($0)" } ?? list
  }
}

extension ConnectionKey {
  /// The route of the connection.
  public var path: String { "/plugins/\(plugin.percentEncoded)/connections/\(id)" }

  /// The route of one of its scopes.
  ///
  /// Slashes of the scope's id stay as they are: those of bitbucket's and jenkins's take the rest of
  /// the path.
  public func scopePath(_ scope: String) -> String {
    let parts = scope.split(separator: "/", omittingEmptySubsequences: false)
    return path + "/scopes/" + parts.map { String($0).percentEncoded }.joined(separator: "/")
  }
}
