extension PluginDescriptor {
  /// Azure DevOps repositories, builds and pull requests, by the plugin written in Go.
  public static let azureDevOps: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "azuredevops_go",
      displayName: "Azure DevOps",
      fields: [
        .connectionName,
        .token(),
        PluginField("organization", option: "org", help: "organization the token belongs to"),
        .proxy,
      ],
      authMethods: [.accessToken]
    )
    // Not `azuredevops`: that is the name of another plugin with connections of its own.
    plugin.aliases = ["azure-devops"]
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.organization = .stored(field: "organization", isRequired: true)
    plugin.organizationAddress = "https://dev.azure.com/"
    plugin.maskEcho = .stored
    plugin.test = TestBehaviour(
      caveat: "without an organization the connection's proxy is not used"
    )
    plugin.tokenVariables = ["AZURE_DEVOPS_PAT", "AZDO_PAT"]
    plugin.credentialNote = "Azure DevOps PAT (no scopes)"
    plugin.secretLabel = "Token"
    plugin.reach = ReachRules(explanations: [
      .init(
        [401, 403, 203],
        unlessSet: "organization",
        .permission,
        "the token is for one organization and cannot list all of them",
        hint: "name the organization"
      ),
      .init(
        [401, 403, 203],
        .permission,
        "the token's scopes do not let it list projects and repositories",
        hint: "it needs Code (read), Build (read) and Project and Team (read)"
      ),
    ])
    plugin.scopeIdField = "id"
    plugin.notes = ["config-ui sends a rate limit that DevLake ignores"]
    plugin.deadlines = ServiceDeadline.azureGlobalTokens
    return plugin
  }()
}

extension ServiceDeadline {
  /// The end of tokens for all organizations, for both plugins of Azure DevOps.
  static let azureGlobalTokens = [
    ServiceDeadline(
      "2026-12-01",
      "Azure DevOps' global tokens (for all organizations)",
      .lacks("organization"),
      fix: .renew([.init("organization", asking: "ORG")]),
      remark: "a token of one organization takes their place"
    )
  ].compactMap(\.self)
}
