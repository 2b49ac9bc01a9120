extension PluginDescriptor {
  /// Jenkins jobs and builds.
  public static let jenkins: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "jenkins",
      displayName: "Jenkins",
      fields: PluginField.common + [.username(), .password()],
      authMethods: [.basicAuth],
      endpoint: EndpointRules(example: "https://jenkins.example.com/", forbiddenPart: "/api")
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of Jenkins passes too"
    )
    plugin.tokenVariables = ["JENKINS_TOKEN", "JENKINS_PASSWORD"]
    plugin.usernameVariables = ["JENKINS_USER", "JENKINS_USERNAME"]
    plugin.credentialNote = "Username + API token/password (BasicAuth)"
    plugin.secretLabel = "Password or API token"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "fullName"
    return plugin
  }()
}
