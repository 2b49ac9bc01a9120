extension PluginDescriptor {
  /// Feishu and Lark meetings.
  public static let feishu: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "feishu",
      displayName: "Feishu",
      fields: PluginField.common + [.appId, .secretKey],
      authMethods: [.appKey],
      endpoint: EndpointRules(
        example: "https://open.feishu.cn/open-apis/",
        usualSuffix: "/open-apis/",
        choices: [
          .init("Feishu", endpoint: "https://open.feishu.cn/open-apis/"),
          .init("Lark", endpoint: "https://open.larksuite.com/open-apis/"),
        ]
      )
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["FEISHU_TOKEN", "FEISHU_SECRET_KEY"]
    plugin.secretLabel = "App secret"
    plugin.deletion = DeletionGuards(runningPipeline: false, scopes: false)
    plugin.isInInterface = false
    return plugin
  }()
}
