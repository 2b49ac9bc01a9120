extension PluginDescriptor {
  /// CircleCI projects, workflows and jobs.
  public static let circleci: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "circleci",
      displayName: "CircleCI",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      // DevLake appends `v2/me` itself, so `…/api/v2/`, which other tools use, never passes.
      endpoint: EndpointRules(
        standard: "https://circleci.com/api/",
        usualSuffix: "/api/",
        choices: [
          .init("CircleCI Cloud", endpoint: "https://circleci.com/api/"),
          .init("CircleCI Server", example: "https://circleci.example.com/api/"),
        ]
      )
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of CircleCI passes too"
    )
    plugin.tokenVariables = ["CIRCLECI_TOKEN", "CIRCLE_TOKEN"]
    plugin.credentialNote = "Personal API token (Circle-Token header)"
    plugin.secretLabel = "Personal API token"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "id"
    plugin.secretBeginnings = ["CCIPAT_", "CCIPRJ_"]
    return plugin
  }()
}
