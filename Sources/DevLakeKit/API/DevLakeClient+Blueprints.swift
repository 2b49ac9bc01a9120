/// Blueprints, pipelines and scopes: what depends on connections.
extension DevLakeClient {
  /// All blueprints, every page.
  func blueprints() async throws(APIError) -> [JSONObject] {
    try await pages("/blueprints", listed: "blueprints", pageSize: 500)
  }

  /// One blueprint.
  func blueprint(_ id: Int) async throws(APIError) -> JSONObject {
    try await object(.get("/blueprints/\(id)"))
  }

  /// Replaces the connections of a blueprint; DevLake makes the plan of a NORMAL one anew.
  func setConnections(
    _ connections: [JSONValue],
    ofBlueprint id: Int
  ) async throws(APIError) -> JSONObject {
    var body = RequestBody()
    body["connections"] = .json(.array(connections))
    return try await object(APICall(method: "PATCH", path: "/blueprints/\(id)", body: body))
  }

  /// All scopes of a connection; `nil` when the plugin has none.
  func scopes(of key: ConnectionKey) async throws(APIError) -> [JSONObject]? {
    do {
      return try await pages(
        route(key.plugin, key.id) + "/scopes",
        listed: "scopes",
        pageSize: 1000
      )
    } catch {
      guard error.kind == .noRoute else { throw error }
      return nil
    }
  }

  /// One scope.
  func scope(_ id: String, of key: ConnectionKey) async throws(APIError) -> JSONObject {
    try await object(.get(key.scopePath(id)))
  }

  /// Deletes a scope and the data collected for it; 409 while a blueprint or a pipeline needs it.
  func deleteScope(_ id: String, of key: ConnectionKey) async throws(APIError) {
    _ = try await json(APICall(method: "DELETE", path: key.scopePath(id)))
  }

  /// The scope configs of a connection; `nil` when the plugin has none.
  func scopeConfigs(of key: ConnectionKey) async throws(APIError) -> [JSONObject]? {
    let call = APICall.get(route(key.plugin, key.id) + "/scope-configs")
    do throws(APIError) {
      let value = try await json(call)
      guard let list = value.array else {
        throw APIError(.unexpected(reason: "no list of scope configs"), call: call.label)
      }
      return list.compactMap(\.object)
    } catch {
      guard error.kind == .noRoute else { throw error }
      return nil
    }
  }

  /// The pipelines of that status, of the whole installation, every page.
  func pipelines(_ status: String) async throws(APIError) -> [JSONObject] {
    try await pages("/pipelines", listed: "pipelines", pageSize: 100, filter: "status=\(status)&")
  }

  private func object(_ call: APICall) async throws(APIError) -> JSONObject {
    guard let object = try await json(call).object else {
      throw APIError(.unexpected(reason: "no object"), call: call.label)
    }
    return object
  }

  /// Reads page after page until as many elements are there as DevLake counts.
  private func pages(
    _ path: String,
    listed member: String,
    pageSize: Int,
    filter: String = ""
  ) async throws(APIError) -> [JSONObject] {
    var elements: [JSONObject] = []
    var page = 1
    while true {
      let call = APICall.get(path, query: "\(filter)page=\(page)&pageSize=\(pageSize)")
      let value = try await json(call)
      guard let list = value[member]?.array else {
        throw APIError(.unexpected(reason: "no list of \(member)"), call: call.label)
      }
      elements += list.compactMap(\.object)
      let count = value["count"]?.int ?? elements.count
      if list.isEmpty || elements.count >= count { return elements }
      page += 1
    }
  }
}
