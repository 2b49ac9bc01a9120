extension PluginDescriptor {
  /// Tempo teams and worklogs.
  public static let tempo: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "tempo",
      displayName: "Tempo",
      fields: PluginField.common + [.token(mask: .empty)],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.tempo.io/4", endsInSlash: false)
    )
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of Tempo passes too",
      sentences: [.init("failed to connect to Tempo API", .status)]
    )
    plugin.maskEcho = .refused
    plugin.tokenVariables = ["TEMPO_TOKEN"]
    plugin.interfaceRateLimit = 1000
    plugin.scopeIdField = "teamId"
    return plugin
  }()
}
