extension PluginDescriptor {
  /// Taiga projects and user stories.
  public static let taiga: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "taiga",
      displayName: "Taiga",
      fields: PluginField.common + [.username(), .password(), .token(.optional)],
      authMethods: [.basicAuth],
      endpoint: EndpointRules(example: "https://api.taiga.io/api/v1/", usualSuffix: "/api/v1/")
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["TAIGA_TOKEN", "TAIGA_PASSWORD"]
    plugin.usernameVariables = ["TAIGA_USERNAME", "TAIGA_USER"]
    plugin.secretLabel = "Password"
    plugin.scopeIdField = "projectId"
    plugin.isInInterface = false
    plugin.notes = [
      "user name and password are required even when a token is given",
      "the message of a failed test can quote its password",
    ]
    return plugin
  }()
}
