extension Administrator {
  /// Asks the test of a new connection for the values a field can have, such as the installations of
  /// a GitHub App.
  ///
  /// - Parameters:
  ///   - listed: The field, and where its values are in the answer.
  ///   - body: The connection as far as it is known, with its secret.
  ///   - plugin: The connection's plugin.
  /// - Returns: Each value with its name for people, in DevLake's order; none where the answer has no
  ///   such list.
  /// - Throws: When DevLake cannot be asked or the service refuses the secret.
  public func values(
    of listed: PluginDescriptor.ListedField,
    for body: RequestBody,
    _ plugin: PluginDescriptor
  ) async throws(APIError) -> [(value: String, label: String)] {
    let call = APICall(
      method: "POST",
      path: "/plugins/\(plugin.id.percentEncoded)/test",
      body: body,
      limit: .test
    )
    let answer = try await client.json(call)
    return (answer[listed.list]?.array ?? []).compactMap { element in
      guard let value = element[listed.value] else { return nil }
      let label = listed.label.reduce(element as JSONValue?) { $0?[$1] }?.string ?? ""
      return (value.string ?? value.text, label)
    }
  }
}
