extension PluginDescriptor {
  /// Grafana IRM incidents.
  public static let grafanaIRM: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "grafana_irm",
      displayName: "Grafana IRM",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(example: "https://grafana.example.com/")
    )
    plugin.aliases = ["grafana-irm"]
    plugin.evidence = .newer
    plugin.tokenVariables = ["GRAFANA_IRM_TOKEN"]
    plugin.isInInterface = false
    plugin.secretBeginnings = ["glsa_", "glc_"]
    return plugin
  }()
}
