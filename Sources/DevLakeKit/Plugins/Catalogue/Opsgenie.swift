extension PluginDescriptor {
  /// Opsgenie services and incidents.
  public static let opsgenie: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "opsgenie",
      displayName: "Opsgenie",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(
        standard: "https://api.opsgenie.com/",
        choices: [
          .init("Opsgenie, US", endpoint: "https://api.opsgenie.com/"),
          .init("Opsgenie, EU", endpoint: "https://api.eu.opsgenie.com/"),
        ]
      )
    )
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      caveat: "errors other than 401, 403 and 422 come with success:true"
    )
    plugin.tokenVariables = ["OPSGENIE_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 6000
    plugin.scopeIdField = "id"
    return plugin
  }()
}
