extension PluginDescriptor {
  /// Cursor usage of a team.
  public static let cursor: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "cursor",
      displayName: "Cursor",
      fields: [
        .connectionName, .endpoint, .proxy, .rateLimit(standard: 1200), .token(),
      ],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.cursor.com", endsInSlash: false)
    )
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      needsName: true,
      sentences: [.init("this is a User API key", .credential)],
      statusMarkers: ["unexpected status ", "): "]
    )
    plugin.tokenVariables = ["CURSOR_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 1200
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.notes = [
      "DevLake keeps its token unencrypted in the database",
      "a rate limit of 0 becomes 1200 with the next change of the connection",
      "the key is a team's admin key; a user's key is refused",
    ]
    plugin.keepsSecretInClear = true
    return plugin
  }()
}
