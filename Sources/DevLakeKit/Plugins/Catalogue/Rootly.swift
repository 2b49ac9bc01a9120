extension PluginDescriptor {
  /// Rootly incidents.
  public static let rootly: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "rootly",
      displayName: "Rootly",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.rootly.com/v1/", usualSuffix: "/v1/")
    )
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of Rootly passes too"
    )
    plugin.tokenVariables = ["ROOTLY_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 3600
    plugin.secretBeginnings = ["rootly_"]
    plugin.scopeIdField = "id"
    return plugin
  }()
}
