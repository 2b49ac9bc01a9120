extension PluginDescriptor {
  /// Asana projects and tasks.
  public static let asana: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "asana",
      displayName: "Asana",
      fields: PluginField.common + [.token(.optional)],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://app.asana.com/api/1.0/")
    )
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of Asana passes too"
    )
    plugin.nameLimit = 150
    plugin.tokenVariables = ["ASANA_TOKEN"]
    plugin.secretLabel = "Token"
    plugin.interfaceRateLimit = 150
    plugin.scopeIdField = "gid"
    plugin.notes = [
      "DevLake accepts a connection without a token",
      "DevLake keeps its token unencrypted in the database before May 2026",
    ]
    plugin.keepsSecretInClear = true
    plugin.encryptedBeside = ["rootly", "linear", "tempo", "claude_code"]
    return plugin
  }()
}
