extension PluginDescriptor {
  /// Testmo projects and test runs.
  public static let testmo: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "testmo",
      displayName: "Testmo",
      fields: PluginField.common + [.token(mask: .empty)],
      authMethods: [.accessToken],
      endpoint: EndpointRules(
        example: "https://your-organization.testmo.net/api/v1",
        usualSuffix: "/api/v1",
        endsInSlash: false
      )
    )
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      caveat: "errors other than 401 come with success:true"
    )
    plugin.tokenVariables = ["TESTMO_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(
      impossible: "DevLake answers every deletion of a testmo connection with a database error"
    )
    return plugin
  }()
}
