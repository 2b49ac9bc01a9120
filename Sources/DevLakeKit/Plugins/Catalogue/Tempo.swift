extension PluginDescriptor {
  /// Tempo.
  public static let tempo: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "tempo",
      displayName: "Tempo",
      fields: PluginField.common + [.token(mask: .empty)],
      authMethods: [.accessToken],
      endpoint: EndpointRules()
    )
    plugin.evidence = .newer
    plugin.maskEcho = .refused
    plugin.tokenVariables = ["TEMPO_TOKEN"]
    plugin.isInInterface = false
    return plugin
  }()
}
