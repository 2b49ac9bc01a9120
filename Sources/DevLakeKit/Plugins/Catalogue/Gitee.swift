extension PluginDescriptor {
  /// Gitee repositories and pull requests.
  public static let gitee: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "gitee",
      displayName: "Gitee",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(example: "https://gitee.com/api/v5/", usualSuffix: "/api/v5/")
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["GITEE_TOKEN"]
    plugin.secretLabel = "Token"
    plugin.scopeIdField = "giteeId"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.isInInterface = false
    plugin.notes = [
      "once it has collected, DevLake offers no way to remove its scopes, and so none to delete it",
      "the message of a failed test can quote its token",
    ]
    return plugin
  }()
}
