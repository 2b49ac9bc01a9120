extension PluginDescriptor {
  /// Kiro usage, read from reports and logs in S3 buckets.
  public static let kiro: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "kiro",
      displayName: "Kiro",
      fields: [.connectionName] + PluginField.reportBucket + [
        PluginField(
          "reportPrefix",
          option: "report-prefix",
          help: "where in the bucket the reports are (empty: user-report)"
        ),
        PluginField(
          "promptLogBucket",
          option: "prompt-log-bucket",
          help: "S3 bucket with the prompt logs (empty: that of the reports)"
        ),
        PluginField(
          "promptLogPrefix",
          option: "prompt-log-prefix",
          help: "where in the bucket the prompt logs are (empty: logging)"
        ),
      ] + PluginField.identityStore + [.rateLimit],
      authMethods: [.awsAccessKey]
    )
    plugin.evidence = .measuredBriefly
    plugin.test = TestBehaviour(
      needsName: true,
      sentences: [
        .init("invalid connection payload", .fields),
        .init("connection validation failed", .fields),
        .init("SignatureDoesNotMatch", .credential),
        .init("InvalidAccessKeyId", .identity),
        .init("AccessDenied", .permission),
        .init("NoSuchBucket", .fields),
      ],
      statusMarkers: ["status code: "],
      evidence: .init(
        presence: "reportBucket",
        lists: ["accounts", "streams"],
        remark: "hint"
      )
    )
    plugin.tokenVariables = ["KIRO_TOKEN", "KIRO_SECRET_ACCESS_KEY"]
    plugin.secretLabel = "Secret access key"
    plugin.scopeIdField = "id"
    plugin.deletion = DeletionGuards(runningPipeline: false)
    plugin.notes = [
      "identityStoreId and identityStoreRegion are given both or not at all",
      "DevLake keeps its secret unencrypted in the database",
      "it replaces q_dev, whose connections are not carried over",
    ]
    plugin.keepsSecretInClear = true
    return plugin
  }()
}

extension PluginField {
  /// Where usage reports of Amazon's assistants are, and the key that reads them.
  static let reportBucket = [
    PluginField(
      "accessKeyId",
      .text,
      .always,
      option: "access-key-id",
      help: "id of the AWS access key"
    ),
    PluginField(
      "secretAccessKey",
      .text,
      .always,
      mask: .generic,
      option: "secret-access-key",
      help: "AWS secret access key"
    ),
    PluginField("region", .text, .always, option: "region", help: "AWS region of the bucket"),
    PluginField(
      "bucket",
      .text,
      .always,
      option: "bucket",
      help: "S3 bucket with the usage reports"
    ),
  ]

  /// What gives the users in those reports their names.
  static let identityStore = [
    PluginField(
      "identityStoreId",
      option: "identity-store-id",
      help: "IAM Identity Center store that names the users"
    ),
    PluginField(
      "identityStoreRegion",
      option: "identity-store-region",
      help: "AWS region of the identity store"
    ),
  ]
}

extension AuthMethod {
  /// A key of AWS: its ID and its secret.
  static let awsAccessKey =
    AuthMethod(
      "AccessKey",
      secretField: "secretAccessKey",
      identityFields: ["accessKeyId"]
    )
}
