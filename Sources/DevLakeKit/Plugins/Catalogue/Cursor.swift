extension PluginDescriptor {
  /// Cursor usage of a team.
  public static let cursor: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "cursor",
      displayName: "Cursor",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.cursor.com", endsInSlash: false)
    )
    plugin.evidence = .newer
    plugin.tokenVariables = ["CURSOR_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 1200
    plugin.notes = ["DevLake keeps its token unencrypted in the database"]
    plugin.keepsSecretInClear = true
    return plugin
  }()
}
