extension PluginDescriptor {
  /// Grafana IRM incidents.
  public static let grafanaIRM: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "grafana_irm",
      displayName: "Grafana IRM",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(example: "https://your-stack.grafana.net/")
    )
    plugin.aliases = ["grafana-irm"]
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of Grafana passes too",
      sentences: [
        .init("Authentication failed", .credential),
        .init("Grafana IRM app endpoint not found", .endpoint),
        .init("Failed to resolve hostname", .nameResolution),
        .init("Failed to connect to", .connection),
        .init("Invalid endpoint URL", .endpoint),
      ],
      statusMarkers: ["failed with HTTP status "]
    )
    plugin.tokenVariables = ["GRAFANA_IRM_TOKEN"]
    plugin.secretBeginnings = ["glsa_", "glc_"]
    plugin.secretLabel = "Service account token"
    plugin.interfaceRateLimit = 3600
    plugin.scopeIdField = "id"
    return plugin
  }()
}
