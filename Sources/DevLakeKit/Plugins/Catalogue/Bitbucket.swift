extension PluginDescriptor {
  /// Bitbucket Cloud repositories, pull requests and pipelines.
  public static let bitbucket: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "bitbucket",
      displayName: "Bitbucket Cloud",
      fields: PluginField.common + [
        .username(),
        .password(),
        PluginField(
          "usesApiToken",
          .boolean,
          option: "api-token",
          standard: false,
          help: "the secret is an Atlassian API token, the user name an e-mail address"
        ),
      ],
      authMethods: [.basicAuth],
      endpoint: EndpointRules(standard: "https://api.bitbucket.org/2.0/")
    )
    plugin.aliases = ["bitbucket-cloud"]
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      readsAnswer: false,
      caveat: "a login page in front of Bitbucket passes too"
    )
    plugin.tokenVariables = ["BITBUCKET_TOKEN", "BITBUCKET_APP_PASSWORD"]
    plugin.usernameVariables = ["BITBUCKET_USER", "BITBUCKET_USERNAME"]
    plugin.credentialNote = "App password (BasicAuth; no scopes)"
    plugin.secretLabel = "App password or API token"
    plugin.usernameLabel = "User name, or e-mail address with an API token"
    plugin.interfaceRateLimit = 1000
    plugin.reach = ReachRules(explanations: [
      .init(
        [410],
        unlessSet: "usesApiToken",
        .credential,
        "Bitbucket Cloud has ended app passwords",
        hint: "give an API token, with the e-mail address as user name"
      ),
      .init(
        [410],
        .endpoint,
        "Bitbucket Cloud has ended this part of its API",
        hint: "DevLake has to be newer; the credential is not at fault"
      ),
    ])
    plugin.scopeIdField = "bitbucketId"
    plugin.secretBeginnings = ["ATBB", "ATCTT", "ATATT"]
    plugin.deadlines = [
      ServiceDeadline(
        "2026-06-09",
        "Bitbucket Cloud's app passwords",
        .lacks("usesApiToken"),
        fix: .renew([.init("usesApiToken", "true"), .init("username", asking: "E-MAIL")]),
        remark: "an Atlassian API token takes their place, with the e-mail address as user name"
      )
    ].compactMap(\.self)
    return plugin
  }()
}
