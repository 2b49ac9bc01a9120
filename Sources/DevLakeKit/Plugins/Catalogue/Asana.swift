extension PluginDescriptor {
  /// Asana projects and tasks.
  public static let asana: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "asana",
      displayName: "Asana",
      fields: PluginField.common + [.token(.optional)],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://app.asana.com/api/1.0/")
    )
    plugin.evidence = .measuredBriefly
    plugin.nameLimit = 150
    plugin.tokenVariables = ["ASANA_TOKEN"]
    plugin.secretLabel = "Token"
    plugin.interfaceRateLimit = 150
    plugin.scopeIdField = "gid"
    plugin.notes = [
      "DevLake accepts a connection without a token",
      "DevLake keeps its token unencrypted in the database",
    ]
    plugin.keepsSecretInClear = true
    return plugin
  }()
}
