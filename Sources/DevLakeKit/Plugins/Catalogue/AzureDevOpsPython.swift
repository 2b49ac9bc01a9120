extension PluginDescriptor {
  /// Azure DevOps by the older plugin written in Python, which few servers run.
  public static let azureDevOpsPython: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "azuredevops",
      displayName: "Azure DevOps (Python)",
      fields: [
        .connectionName,
        .token(mask: .empty),
        PluginField("organization", option: "org", help: "organization the token belongs to"),
        .proxy,
      ],
      authMethods: [.accessToken]
    )
    plugin.evidence = .source
    plugin.organization = .stored(field: "organization", isRequired: false)
    plugin.organizationAddress = "https://dev.azure.com/"
    plugin.maskEcho = .refused
    plugin.test = TestBehaviour(
      ignoresCandidate: true,
      caveat: "the test of a saved connection leaves the organization out"
    )
    plugin.tokenVariables = ["AZUREDEVOPS_TOKEN", "AZURE_DEVOPS_PAT", "AZDO_PAT"]
    plugin.secretLabel = "Token"
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.notes = [
      "its connections and ids are not those of azuredevops_go",
      "a server without Python plugins does not have it",
      "config-ui sends a rate limit that DevLake ignores",
    ]
    plugin.deadlines = ServiceDeadline.azureGlobalTokens
    return plugin
  }()
}
