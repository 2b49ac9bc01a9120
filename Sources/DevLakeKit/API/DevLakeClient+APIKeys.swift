extension DevLakeClient {
  /// The keys people have made, every page, by id.
  package func apiKeys() async throws(APIError) -> [APIKey] {
    try await pages("/api-keys", listed: "apikeys", pageSize: 100)
      .compactMap { APIKey(.object($0)) }.sorted { $0.id < $1.id }
  }

  /// The keys that came with connections of a plugin; DevLake's own list leaves them out.
  package func apiKeys(of plugin: PluginDescriptor) async throws(APIError) -> [APIKey] {
    do throws(APIError) {
      return try await connections(of: plugin).compactMap(\.apiKey)
    } catch {
      guard error.kind == .noRoute else { throw error }
      return []
    }
  }
}

extension Connection {
  /// The key that came with it.
  package var apiKey: APIKey? { APIKey(stored["apiKey"], of: key) }
}
