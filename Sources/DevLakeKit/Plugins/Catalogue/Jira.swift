extension PluginDescriptor {
  /// Jira boards, issues and sprints.
  public static let jira: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "jira",
      displayName: "Jira",
      fields: PluginField.common + [
        PluginField(
          "authMethod",
          .choice(["BasicAuth", "AccessToken", "OAuth2"]),
          .always,
          option: "auth-method",
          help: "how to authenticate"
        ),
        .username(.with(authMethod: "BasicAuth")),
        .password(.with(authMethod: "BasicAuth")),
        .token(.with(authMethod: "AccessToken")),
        PluginField(
          "clientId",
          .text,
          .with(authMethod: "OAuth2"),
          option: "client-id",
          help: "id of the OAuth 2.0 client (newer servers)"
        ),
        PluginField(
          "clientSecret",
          .text,
          .with(authMethod: "OAuth2"),
          mask: .generic,
          option: "client-secret",
          label: "Client secret",
          variables: ["JIRA_CLIENT_SECRET"],
          help: "secret of the OAuth 2.0 client"
        ),
        PluginField(
          "cloudId",
          .text,
          .with(authMethod: "OAuth2"),
          option: "cloud-id",
          help: "ID of the Jira Cloud site behind Atlassian's gateway"
        ),
      ],
      authMethods: [.basicAuth, .accessToken, .oAuth2],
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
          .init(
            "Jira Cloud behind Atlassian's gateway, with a scoped API token",
            authMethod: "BasicAuth",
            isGateway: true
          ),
          .init("OAuth 2.0 client behind Atlassian's gateway", authMethod: "OAuth2"),
        ],
        derivation: EndpointDerivation(
          authMethod: "OAuth2",
          field: "cloudId",
          prefix: "https://api.atlassian.com/ex/jira/",
          suffix: "/rest/"
        )
      )
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.storesAuthMethod = true
    plugin.test = TestBehaviour(
      sentences: [
        .init("Please check your credential", .status),
        .init("Jira accepted the connection", .permission),
        .init("failed to mint oauth2 access token: 401", .credential),
        .init("failed to mint oauth2 access token: 403", .permission),
        .init("clientId, clientSecret and cloudId are required", .fields),
        .init("Seems like an invalid Endpoint URL", .endpoint),
        .init("decoding oauth2 token response", .endpoint),
      ],
      statusMarkers: ["unexpected status code: ", "failed to mint oauth2 access token: "]
    )
    plugin.tokenVariables = ["JIRA_TOKEN", "JIRA_API_TOKEN"]
    plugin.usernameVariables = ["JIRA_USERNAME", "JIRA_USER", "JIRA_EMAIL"]
    plugin.credentialNote = "API token (no scopes)"
    plugin.secretLabel = "API token"
    plugin.usernameLabel = "E-mail address"
    plugin.interfaceRateLimit = 10000
    plugin.reach = ReachRules(scopePath: "agile/1.0/board/{boardId}")
    plugin.scopeIdField = "boardId"
    plugin.notes = [
      "Jira Cloud takes e-mail address and API token (BasicAuth), Server and Data Center a "
        + "personal access token (AccessToken)",
      "OAuth2 takes clientId, clientSecret and cloudId, of which DevLake makes the endpoint",
      "a scoped token goes through the gateway: cloudId and token make the endpoint",
      "while authMethod changes, a mask sent back is stored as the secret",
    ]
    plugin.secretBeginnings = ["ATATT", "ATCTT"]
    return plugin
  }()
}
