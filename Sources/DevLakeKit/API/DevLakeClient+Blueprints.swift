/// Blueprints, pipelines and scopes: what depends on connections.
extension DevLakeClient {
  /// All blueprints, every page.
  func blueprints() async throws(APIError) -> [JSONObject] {
    try await pages("/blueprints", listed: "blueprints", pageSize: 500)
  }

  /// One blueprint.
  func blueprint(_ id: Int) async throws(APIError) -> JSONObject {
    let call = APICall.get("/blueprints/\(id)")
    let object = try await object(call)
    guard object["id"]?.int == id else {
      let found = object["id"]?.int.map { "blueprint \($0)" } ?? "no blueprint"
      throw APIError(
        .unexpected(reason: "asked for blueprint \(id), it returned \(found)"),
        call: call.label
      )
    }
    return object
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
  func scope(
    _ id: String,
    of key: ConnectionKey,
    _ plugin: PluginDescriptor
  ) async throws(APIError) -> JSONObject {
    let call = APICall.get(key.scopePath(id))
    let object = try await object(call)
    guard isScope(.object(object), id, of: key, plugin) else {
      throw APIError(.unexpected(reason: "no scope '\(id)' of \(key)"), call: call.label)
    }
    return object
  }

  /// Whether an answer holds that scope of that connection: alone, or in a member `scope`.
  func isScope(
    _ value: JSONValue,
    _ id: String,
    of key: ConnectionKey,
    _ plugin: PluginDescriptor
  ) -> Bool {
    guard let scope = value["scope"]?.object ?? value.object,
      scope["connectionId"]?.int == key.id
    else { return false }
    guard let found = plugin.scopeIdField.flatMap({ scope[$0] }) else { return true }
    return found.string == id || found.int.map(String.init) == id
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
  func pages(
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
