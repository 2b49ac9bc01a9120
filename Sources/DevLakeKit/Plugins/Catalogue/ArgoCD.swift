extension PluginDescriptor {
  /// Argo CD applications and their deployments.
  public static let argoCD: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "argocd",
      displayName: "ArgoCD",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(
        example: "https://argocd.example.com/api/v1",
        usualSuffix: "/api/v1",
        endsInSlash: false
      )
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.maskEcho = .stored
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "every answer but 401 and 403 passes: a wrong address and a login page too"
    )
    plugin.tokenVariables = ["ARGOCD_TOKEN", "ARGOCD_AUTH_TOKEN"]
    plugin.credentialNote = "Auth token (no scopes)"
    plugin.secretLabel = "Auth token"
    plugin.interfaceRateLimit = 3000
    plugin.scopeIdField = "name"
    plugin.notes = ["DevLake adds a scope config named 'default' to every new connection"]
    plugin.secretBeginnings = ["eyJ"]
    return plugin
  }()
}
