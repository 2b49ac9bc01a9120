extension PluginDescriptor {
  /// Merico AE, a code analysis service.
  public static let ae: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "ae",
      displayName: "AE (Merico AE)",
      fields: PluginField.common + [.appId, .secretKey],
      authMethods: [.appKey],
      endpoint: EndpointRules(example: "https://ae.example.com/")
    )
    plugin.evidence = .measuredBriefly
    // Its test answers 200 whatever it found, with Go's member names.
    plugin.test = TestBehaviour(successMember: "Body")
    plugin.tokenVariables = ["AE_TOKEN", "AE_SECRET_KEY"]
    plugin.secretLabel = "Secret key"
    plugin.deletion = DeletionGuards(runningPipeline: false, scopes: false)
    plugin.isInInterface = false
    plugin.notes = ["it has no scopes: DevLake keeps nothing but the connection"]
    return plugin
  }()
}
