extension PluginDescriptor {
  /// Jira boards, issues and sprints.
  public static let jira: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "jira",
      displayName: "Jira",
      fields: PluginField.common + [
        PluginField(
          "authMethod",
          .choice(["BasicAuth", "AccessToken"]),
          .always,
          option: "auth-method",
          help: "how to authenticate"
        ),
        .username(.with(authMethod: "BasicAuth")),
        .password(.with(authMethod: "BasicAuth")),
        .token(.with(authMethod: "AccessToken")),
      ],
      authMethods: [.basicAuth, .accessToken],
      endpoint: EndpointRules(
        example: "https://your-domain.atlassian.net/rest/",
        requiredSuffix: "/rest/",
        choices: [
          .init("Jira Cloud", authMethod: "BasicAuth", hostSuffix: ".atlassian.net"),
          .init(
            "Jira Server or Data Center",
            example: "https://jira.example.com/rest/",
            authMethod: "AccessToken"
          ),
        ]
      )
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.storesAuthMethod = true
    plugin.tokenVariables = ["JIRA_TOKEN", "JIRA_API_TOKEN"]
    plugin.usernameVariables = ["JIRA_USERNAME", "JIRA_USER", "JIRA_EMAIL"]
    plugin.credentialNote = "API token (no scopes)"
    plugin.secretLabel = "API token"
    plugin.usernameLabel = "E-mail address"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "boardId"
    plugin.notes = [
      "Jira Cloud takes e-mail address and API token (BasicAuth), Server and Data Center a "
        + "personal access token (AccessToken)",
      "while authMethod changes, a mask sent back is stored as the secret",
    ]
    plugin.secretBeginnings = ["ATATT", "ATCTT"]
    return plugin
  }()
}
