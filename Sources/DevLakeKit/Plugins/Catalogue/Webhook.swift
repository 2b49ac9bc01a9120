extension PluginDescriptor {
  /// Webhooks: other programs send issues, pull requests and deployments to DevLake.
  public static let webhook: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "webhook",
      displayName: "Webhook",
      fields: [.connectionName],
      authMethods: []
    )
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(isAvailable: false)
    plugin.issuedSecret = ["apiKey", "apiKey"]
    plugin.addressFields = [
      ("postIssuesEndpoint", "issues"), ("closeIssuesEndpoint", "the end of an issue"),
      ("postPullRequestsEndpoint", "pull requests"),
      ("postPipelineDeployTaskEndpoint", "deployments"),
      ("postPipelineTaskEndpoint", "tasks of a pipeline"),
      ("closePipelineEndpoint", "the end of a pipeline"),
    ]
    plugin.deletion = DeletionGuards(runningPipeline: false, blueprints: false, scopes: false)
    plugin.notes = [
      "the answer to its creation carries an API key that is never shown again",
      "deleting one that a blueprint lists makes every later run of that blueprint fail",
      "deleting one that does not exist is answered like a success",
    ]
    return plugin
  }()
}
