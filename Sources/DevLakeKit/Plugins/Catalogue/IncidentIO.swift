extension PluginDescriptor {
  /// incident.io incidents.
  public static let incidentIO: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "incidentio",
      displayName: "incident.io",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.incident.io/")
    )
    plugin.aliases = ["incident-io"]
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of incident.io passes too"
    )
    plugin.tokenVariables = ["INCIDENTIO_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 3600
    plugin.scopeIdField = "id"
    return plugin
  }()
}
