extension PluginDescriptor {
  /// TAPD workspaces and stories.
  public static let tapd: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "tapd",
      displayName: "TAPD",
      fields: PluginField.common + [
        .username(),
        .password(),
        PluginField(
          "companyId",
          .integer,
          .always,
          option: "company-id",
          help: "number of the company"
        ),
      ],
      authMethods: [.basicAuth],
      endpoint: EndpointRules(standard: "https://api.tapd.cn", endsInSlash: false)
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["TAPD_TOKEN", "TAPD_PASSWORD"]
    plugin.usernameVariables = ["TAPD_USERNAME", "TAPD_USER"]
    plugin.secretLabel = "Password"
    plugin.interfaceRateLimit = 3000
    plugin.scopeIdField = "id"
    plugin.notes = ["its test takes companyId as a number only, its answers give it as text"]
    return plugin
  }()
}
