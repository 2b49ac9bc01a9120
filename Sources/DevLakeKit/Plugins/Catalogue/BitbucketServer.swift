extension PluginDescriptor {
  /// Bitbucket Server and Data Center repositories and pull requests.
  public static let bitbucketServer: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "bitbucket_server",
      displayName: "Bitbucket Server",
      fields: PluginField.common + [.username(), .password()],
      authMethods: [.basicAuth],
      endpoint: EndpointRules(example: "https://bitbucket.example.com/")
    )
    plugin.aliases = ["bitbucket-server"]
    plugin.evidence = .measuredBriefly
    plugin.maskEcho = .refused
    plugin.test = TestBehaviour(ignoresCandidate: true)
    plugin.tokenVariables = ["BITBUCKET_SERVER_TOKEN", "BITBUCKET_SERVER_PASSWORD"]
    plugin.usernameVariables = ["BITBUCKET_SERVER_USERNAME", "BITBUCKET_SERVER_USER"]
    plugin.secretLabel = "Password or HTTP access token"
    plugin.interfaceRateLimit = 1000
    plugin.scopeIdField = "bitbucketId"
    plugin.notes = ["the answer to its test carries the password in clear"]
    return plugin
  }()
}
