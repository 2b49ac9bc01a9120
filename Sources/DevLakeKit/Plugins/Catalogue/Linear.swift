extension PluginDescriptor {
  /// Linear teams and issues.
  public static let linear: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "linear",
      displayName: "Linear",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.linear.app/graphql", endsInSlash: false)
    )
    plugin.evidence = .newer
    plugin.tokenVariables = ["LINEAR_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 1500
    plugin.secretBeginnings = ["lin_api_", "lin_oauth_"]
    return plugin
  }()
}
