extension PluginDescriptor {
  /// Amazon Q Developer usage, read from reports in an S3 bucket.
  public static let qDeveloper: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "q_dev",
      displayName: "Q Developer",
      fields: [.connectionName] + PluginField.reportBucket + [.rateLimit(standard: 20000)]
        + PluginField.identityStore,
      authMethods: [.awsAccessKey]
    )
    plugin.aliases = ["q-developer"]
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      reach: .nothing,
      needsName: true,
      caveat: "DevLake does not ask AWS: a wrong key or bucket passes"
    )
    plugin.tokenVariables = ["Q_DEV_TOKEN", "Q_DEV_SECRET_ACCESS_KEY"]
    plugin.secretLabel = "Secret access key"
    plugin.interfaceRateLimit = 20000
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.successor = "kiro"
    plugin.notes = [
      "gone since August 2026: its connections have to be created again under kiro",
      "identityStoreId and identityStoreRegion are given both or not at all",
      "DevLake keeps its secret unencrypted in the database",
      "access keys only: config-ui's choice of an IAM role does not work",
    ]
    plugin.keepsSecretInClear = true
    plugin.deadlines = [
      ServiceDeadline(
        "2026-08-01",
        "DevLake's plugin for Amazon Q Developer, and with it this connection,",
        .always,
        fix: .replace(plugin: "kiro"),
        remark: "newer DevLakes have kiro in its place and carry nothing over"
      )
    ].compactMap(\.self)
    return plugin
  }()
}
