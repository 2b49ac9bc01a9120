extension PluginDescriptor {
  /// Bamboo plans and builds.
  public static let bamboo: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "bamboo",
      displayName: "Bamboo",
      fields: PluginField.common + [.username(), .password()],
      authMethods: [.basicAuth],
      endpoint: EndpointRules(
        example: "https://bamboo.example.com/rest/api/latest/",
        usualSuffix: "/rest/api/latest/"
      )
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["BAMBOO_TOKEN", "BAMBOO_PASSWORD"]
    plugin.usernameVariables = ["BAMBOO_USERNAME", "BAMBOO_USER"]
    plugin.secretLabel = "Password"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "planKey"
    return plugin
  }()
}
