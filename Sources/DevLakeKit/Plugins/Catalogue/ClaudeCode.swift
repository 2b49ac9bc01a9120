extension PluginDescriptor {
  /// Claude Code usage of an organization.
  public static let claudeCode: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "claude_code",
      displayName: "Claude Code",
      fields: PluginField.common + [
        .token(.optional),
        PluginField("organization", option: "org", help: "organization whose usage is collected"),
        PluginField(
          "customHeaders",
          .json,
          mask: .generic,
          standard: [],
          help: "headers DevLake sends along, a list of {key, value}"
        ),
      ],
      authMethods: [
        .accessToken,
        AuthMethod("CustomHeaders", secretField: "customHeaders"),
      ],
      endpoint: EndpointRules(standard: "https://api.anthropic.com", endsInSlash: false)
    )
    plugin.aliases = ["claude-code"]
    plugin.evidence = .newer
    plugin.organization = .stored(field: "organization", isRequired: false)
    plugin.tokenVariables = ["CLAUDE_CODE_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 1000
    plugin.notes = ["DevLake keeps its secrets unencrypted in the database"]
    plugin.keepsSecretInClear = true
    plugin.secretBeginnings = ["sk-ant-"]
    return plugin
  }()
}
