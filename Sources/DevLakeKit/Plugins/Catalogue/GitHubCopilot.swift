extension PluginDescriptor {
  /// GitHub Copilot seats and usage of an organization or an enterprise.
  public static let ghCopilot: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "gh-copilot",
      displayName: "GitHub Copilot",
      fields: [
        .connectionName,
        .endpoint,
        .proxy,
        .token(),
        PluginField("organization", option: "org", help: "organization whose seats are collected"),
        PluginField(
          "enterprise",
          option: "enterprise",
          help: "enterprise whose seats are collected"
        ),
        .rateLimit(standard: 5000),
      ],
      authMethods: [.accessToken],
      // The server fills in exactly this text, so a slash would show up as a change.
      endpoint: EndpointRules(standard: "https://api.github.com", endsInSlash: false)
    )
    plugin.aliases = ["copilot"]
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.organization = .stored(field: "organization", isRequired: false)
    plugin.needsOrganizationOrEnterprise = true
    plugin.test = TestBehaviour(needsName: true)
    plugin.test.pathNamesOrganization = true
    plugin.tokenVariables = ["GITHUB_PAT", "GITHUB_TOKEN", "GH_TOKEN"]
    plugin.requiredScopes = ["manage_billing:copilot", "read:org"]
    plugin.credentialNote = "+ read:enterprise for enterprise metrics"
    plugin.secretLabel = "Token"
    plugin.interfaceRateLimit = 5000
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.notes = [
      "DevLake keeps its token unencrypted in the database",
      "a rate limit of 0 is stored as 5000",
      "an update with an empty name is stored",
    ]
    plugin.keepsSecretInClear = true
    return plugin
  }()
}
