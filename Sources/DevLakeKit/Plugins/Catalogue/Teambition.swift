extension PluginDescriptor {
  /// Teambition projects and tasks.
  public static let teambition: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "teambition",
      displayName: "Teambition",
      fields: PluginField.common + [
        .appId,
        .secretKey,
        PluginField(
          "tenantId",
          .text,
          .always,
          option: "tenant-id",
          help: "id of the organization"
        ),
        PluginField(
          "tenantType",
          .text,
          .always,
          option: "tenant-type",
          help: "kind of tenant, usually organization"
        ),
      ],
      authMethods: [.appKey],
      endpoint: EndpointRules(standard: "https://open.teambition.com/api/")
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["TEAMBITION_TOKEN", "TEAMBITION_SECRET_KEY"]
    plugin.secretLabel = "App secret"
    plugin.interfaceRateLimit = 5000
    plugin.scopeIdField = "id"
    return plugin
  }()
}
