import DevLakeKit

/// The plugins recorded in brief that want the key of an application, or none.
extension ConnectionKind {
  private static func appKey(_ holder: String = "AppKey") -> [Field] {
    [
      .text("appId", "AppId", holder: holder, requirement: .always),
      .text(
        "secretKey",
        "SecretKey",
        holder: holder,
        requirement: .always,
        secret: .init(mask: .generic)
      ),
    ]
  }

  static let teambition = ConnectionKind(
    plugin: "teambition",
    model: "Teambition",
    fields: Field.restFields + appKey() + [
      .text("tenantId", "TenantId", requirement: .always),
      .text("tenantType", "TenantType", requirement: .always),
    ],
    test: ConnectionTest(
      path: { "org/info?orgId=\($0.text("tenantId"))" },
      secret: { $0.text("secretKey") },
      standIn: .nothing(404),
      readsJSON: true,
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error while testing connection")
            : .passing(status, "unexpected status code: \(status)")
        )
      }
    ),
    scopes: ScopeKind(model: "TeambitionProject", idField: "id")
  )

  static let trello = ConnectionKind(
    plugin: "trello",
    model: "Trello",
    fields: Field.restFields + appKey(),
    test: ConnectionTest(
      path: { _ in "1/members/me" },
      secret: { $0.text("secretKey") },
      standIn: .secret,
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error while testing connection")
            : .passing(status, "unexpected status code while testing connection")
        )
      },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(model: "TrelloBoard", idField: "boardId")
  )

  static let feishu = ConnectionKind(
    plugin: "feishu",
    model: "Feishu",
    family: .legacy,
    fields: Field.restFields + appKey(),
    test: ConnectionTest(
      validation: .refused("could not decode request parameters"),
      path: { _ in "auth/v3/tenant_access_token/internal" },
      secret: { $0.text("secretKey") },
      standIn: .nothing(401),
      readsJSON: true,
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error when get tenant_access_token")
            : .passing(status, "unexpected status code when get tenant_access_token")
        )
      }
    )
  )

  /// Merico's AE: every test answers 200, the verdict stands in a body of its own.
  static let ae = ConnectionKind(
    plugin: "ae",
    model: "Ae",
    family: .legacy,
    fields: Field.restFields + appKey("AeAppKey"),
    test: ConnectionTest(
      validation: .refused("could not decode request parameters"),
      path: { _ in "projects" },
      secret: { $0.text("secretKey") },
      standIn: .nothing(401),
      verdict: { status, _, _, _ in .answer(aeAnswer(status == 401 ? 400 : status)) },
      success: { _ in aeAnswer(200) }
    ),
    quirks: [.unknownIsEmptyConnection]
  )

  private static func aeAnswer(_ status: Int) -> Answer {
    .json([
      "Body": .bool(status == 200), "Status": .integer(status), "File": nil, "ContentType": "",
      "Header": nil,
    ])
  }

  /// Amazon Q Developer: a test that contacts nobody.
  static let qDeveloper = ConnectionKind(
    plugin: "q_dev",
    model: "QDev",
    family: .legacy,
    fields: [
      .text("accessKeyId", "AccessKeyId"),
      .text("secretAccessKey", "SecretAccessKey", secret: .init(mask: .generic)),
      .text("region", "Region"), .text("bucket", "Bucket"),
      .number("rateLimitPerHour", "RateLimitPerHour"),
      .text("identityStoreId", "IdentityStoreId"),
      .text("identityStoreRegion", "IdentityStoreRegion"),
    ],
    check: { values in
      let required = [
        ("accessKeyId", "AccessKeyId"), ("secretAccessKey", "SecretAccessKey"),
        ("region", "Region"), ("bucket", "Bucket"),
      ]
      return required.first { values.text($0.0).isEmpty }.map { "\($0.1) is required" }
    },
    settle: { values in
      if values["rateLimitPerHour"] == 0 { values["rateLimitPerHour"] = 20000 }
    },
    test: .custom { subject in
      if let complaints = FieldValidator(kind: subject.kind)
        .complaints(testing: subject.values, includesName: true)
      {
        return Failure(500, [.own("error validating target"), .foreign(complaints)]).answer
      }
      return subject.kind.check(subject.values).map { Failure(400, $0).answer } ?? .success
    },
    scopes: ScopeKind(model: "QDevS3Slice", idField: "id")
  )

  /// Webhooks: nothing to test, an API key instead of a secret.
  static let webhook = ConnectionKind(
    plugin: "webhook",
    model: "Webhook",
    family: .legacy,
    fields: [
      "postIssuesEndpoint", "closeIssuesEndpoint", "postPullRequestsEndpoint",
      "postPipelineTaskEndpoint", "postPipelineDeployTaskEndpoint", "closePipelineEndpoint",
      "apiKey",
    ].map { Field(name: $0, goName: "", holder: "", kind: .derived) },
    quirks: [.issuesKey, .deleteSucceedsAlways]
  )
}
