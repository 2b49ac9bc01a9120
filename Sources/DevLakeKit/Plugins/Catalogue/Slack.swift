extension PluginDescriptor {
  /// Slack channels and messages.
  public static let slack: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "slack",
      displayName: "Slack",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(standard: "https://slack.com/api/")
    )
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      reach: .host,
      caveat: "DevLake only reaches the host: a wrong token passes"
    )
    plugin.tokenVariables = ["SLACK_TOKEN"]
    plugin.interfaceRateLimit = 3000
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.secretBeginnings = ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"]
    return plugin
  }()
}
