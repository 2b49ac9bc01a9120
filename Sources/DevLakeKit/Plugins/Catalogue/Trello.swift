extension PluginDescriptor {
  /// Trello boards and cards.
  public static let trello: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "trello",
      displayName: "Trello",
      fields: PluginField.common + [
        PluginField("appId", .text, .always, option: "app-id", help: "Trello's API key"),
        PluginField(
          "secretKey",
          .text,
          .always,
          mask: .generic,
          option: "secret-key",
          help: "Trello's API token"
        ),
      ],
      authMethods: [.appKey],
      endpoint: EndpointRules(example: "https://api.trello.com/")
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["TRELLO_TOKEN", "TRELLO_SECRET_KEY"]
    plugin.secretLabel = "API token"
    plugin.scopeIdField = "boardId"
    plugin.isInInterface = false
    return plugin
  }()
}
