extension DevLakeClient {
  /// All blueprints, every page.
  func blueprints() async throws(APIError) -> [JSONObject] {
    try await pages("/blueprints", listed: "blueprints", pageSize: 500)
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

  /// How many pipelines run now, of the whole installation.
  func runningPipelines() async throws(APIError) -> Int {
    let call = APICall.get("/pipelines", query: "status=TASK_RUNNING&pageSize=1")
    let value = try await json(call)
    guard let count = value["count"]?.int else {
      throw APIError(.unexpected(reason: "no count of pipelines"), call: call.label)
    }
    return count
  }

  /// Reads page after page until as many elements are there as DevLake counts.
  private func pages(
    _ path: String,
    listed member: String,
    pageSize: Int
  ) async throws(APIError) -> [JSONObject] {
    var elements: [JSONObject] = []
    var page = 1
    while true {
      let call = APICall.get(path, query: "page=\(page)&pageSize=\(pageSize)")
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
