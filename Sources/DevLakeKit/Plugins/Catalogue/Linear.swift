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
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of Linear passes, and so does an error in Linear's answer",
      sentences: [.init("authentication failed", .credential)]
    )
    plugin.tokenVariables = ["LINEAR_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 1500
    plugin.secretBeginnings = ["lin_api_", "lin_oauth_"]
    plugin.scopeIdField = "teamId"
    return plugin
  }()
}
