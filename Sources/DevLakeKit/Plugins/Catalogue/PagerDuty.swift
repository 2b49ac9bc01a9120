extension PluginDescriptor {
  /// PagerDuty services and incidents.
  public static let pagerDuty: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "pagerduty",
      displayName: "PagerDuty",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.pagerduty.com/")
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of PagerDuty passes too"
    )
    plugin.tokenVariables = ["PAGERDUTY_TOKEN", "PAGERDUTY_API_KEY"]
    plugin.credentialNote = "API key (sent as Token token=<key>)"
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "id"
    return plugin
  }()
}
