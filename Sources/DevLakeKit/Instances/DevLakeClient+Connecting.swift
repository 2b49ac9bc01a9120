extension DevLakeClient {
  /// Connects to a DevLake: finds out what answers at `url`, and whether its API is below `/api`.
  ///
  ///     let client = try await DevLakeClient(url: ServerURL("https://devlake.example.com"))
  ///     let connections = try await client.allConnections()
  ///
  /// The requests go out over an ``AsyncHTTPTransport`` with the system's certificates and no proxy.
  /// ``init(baseURL:transport:access:limits:redactor:observe:)`` takes anything else, and sends nothing.
  ///
  /// - Parameters:
  ///   - url: The server, with or without `/api`.
  ///   - apiKey: A key made by DevLake, where it asks for one.
  /// - Throws: Why what answers is not DevLake, or that nothing answers.
  public init(url: ServerURL, apiKey: Secret? = nil) async throws(APIError) {
    var access = Access()
    access.apiKey = apiKey
    let client = DevLakeClient(baseURL: url, transport: AsyncHTTPTransport(), access: access)
    self = try await Discovery(client: client).probe(url, source: .given("the caller")).client
  }

  /// Lists the connections of every plugin, by plugin and ID.
  ///
  /// The plugins are those of the catalog and those the server names; plugins it does not have are
  /// left out.
  ///
  /// - Throws: The first list that cannot be read, so that what comes back is complete.
  public func allConnections() async throws(APIError) -> [Connection] {
    let sweep = await ConnectionSweep(self).completed(by: self)
    var connections: [Connection] = []
    for (plugin, list) in sweep.lists {
      switch list {
      case .success(let found): connections += found
      case .failure(let error):
        // A plugin of the catalog that this server lacks.
        guard error.kind == .noRoute || sweep.isHidden(plugin, error) else { throw error }
      }
    }
    return connections.sorted { $0.key < $1.key }
  }
}
