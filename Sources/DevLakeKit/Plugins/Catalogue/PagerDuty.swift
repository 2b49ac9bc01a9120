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
      caveat: "a login page passes too, and errors other than 401 come with success:true"
    )
    plugin.tokenVariables = ["PAGERDUTY_TOKEN", "PAGERDUTY_API_KEY"]
    plugin.credentialNote = "API key (sent as Token token=<key>)"
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "id"
    return plugin
  }()
}
