extension PluginDescriptor {
  /// Claude Code usage of an organization.
  public static let claudeCode: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "claude_code",
      displayName: "Claude Code",
      fields: [
        .connectionName, .endpoint, .proxy, .rateLimit(standard: 1000),
        .token(.optional),
        PluginField(
          "organization",
          .text,
          .always,
          option: "org",
          help: "organization whose usage is collected"
        ),
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
    plugin.evidence = .measured
    plugin.test = TestBehaviour(
      needsName: true,
      sentences: [
        .init("authentication failed (HTTP 403)", .permission),
        .init("authentication failed", .credential),
        .init("failed to parse response", .endpoint),
      ],
      statusMarkers: ["unexpected status "]
    )
    plugin.organization = .stored(field: "organization", isRequired: true)
    plugin.tokenVariables = ["CLAUDE_CODE_TOKEN"]
    plugin.secretLabel = "API key"
    plugin.interfaceRateLimit = 1000
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.notes = [
      "DevLake keeps its secrets unencrypted in the database",
      "it takes a token or headers; a token given to a connection with headers is sent along with "
        + "them and cannot be taken away again",
      "a rate limit of 0 becomes 1000 with the next change of the connection",
    ]
    plugin.keepsSecretInClear = true
    plugin.secretBeginnings = ["sk-ant-"]
    return plugin
  }()
}
