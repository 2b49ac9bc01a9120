extension PluginDescriptor {
  /// ClickUp folders and tasks.
  public static let clickUp: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "clickup",
      displayName: "ClickUp",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://api.clickup.com/api/v2", endsInSlash: false)
    )
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of ClickUp passes too",
      sentences: [.init("authentication failed", .credential)]
    )
    plugin.tokenVariables = ["CLICKUP_TOKEN"]
    plugin.secretLabel = "API token"
    plugin.interfaceRateLimit = 6000
    plugin.scopeIdField = "folderId"
    return plugin
  }()
}
