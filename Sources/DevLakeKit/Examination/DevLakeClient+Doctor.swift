extension DevLakeClient {
  /// Whether DevLake's own check of its database passes.
  ///
  /// - Throws: Also when what answers is not DevLake: config-ui has a `/health` of its own.
  func isHealthy() async throws(APIError) -> Bool {
    let call = APICall.get("/health")
    let answer = try await exchange(call)
    guard let isGood = answer.json?["success"]?.bool else {
      throw APIError(.foreign(reason: "the response is not DevLake's health"), call: call.label)
    }
    return isGood && answer.isSuccess
  }

  /// Asks the service behind a connection, with the connection's secret.
  ///
  /// - Parameter path: Relative to the connection's endpoint.
  func askService(_ path: String, of key: ConnectionKey) async throws(APIError) -> APIAnswer {
    try await exchange(.get(route(key.plugin, key.id) + "/proxy/rest/" + path))
  }
}
