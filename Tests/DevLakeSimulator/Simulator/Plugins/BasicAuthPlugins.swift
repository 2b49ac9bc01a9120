import DevLakeKit

/// The plugins recorded in brief that want a user name and a password.
extension ConnectionKind {
  static let bamboo = ConnectionKind(
    plugin: "bamboo",
    model: "Bamboo",
    fields: Field.restFields + [.username, .password],
    test: ConnectionTest(
      path: { _ in "info.json" },
      secret: { $0.text("password") },
      standIn: .secret,
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error while testing connection")
            : .passing(status, "unexpected status code: \(status)")
        )
      },
      unknownIsNotFound: true
    ),
    scopes: ScopeKind(model: "BambooPlan", idField: "planKey")
  )

  /// Bitbucket Server: its test answers the password in clear.
  static let bitbucketServer = ConnectionKind(
    plugin: "bitbucket_server",
    model: "BitbucketServer",
    fields: Field.restFields + [
      .username,
      .text(
        "password",
        "Password",
        holder: "BasicAuth",
        requirement: .always,
        secret: .init(mask: .empty, restoresMask: false, restoresEmpty: false)
      ),
    ],
    test: ConnectionTest(
      validation: .refused("could not decode request parameters"),
      path: { _ in "rest/api/1.0/projects" },
      secret: { $0.text("password") },
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error when testing connection")
            : .passing(status, "unexpected status code when testing connection")
        )
      },
      success: { subject in
        guard var fields = subject.kind.maskedFields(subject.values) else { return .panic }
        fields["password"] = .string(subject.text("password"))
        return .envelope(adding: [("Connection", .object(fields))])
      },
      unknownIsNotFound: true,
      readsBody: false
    ),
    scopes: ScopeKind(model: "BitbucketServerRepo", idField: "bitbucketId")
  )

  /// Taiga: a token, or a user name and a password; both are asked for on create.
  static let taiga = ConnectionKind(
    plugin: "taiga",
    model: "Taiga",
    fields: Field.restFields + [.username, .password, .token(requirement: .none)],
    test: ConnectionTest(
      validation: .none,
      refusal: { subject in
        subject.text("token").isEmpty && subject.text("password").isEmpty
          ? Failure(500, "either token or username/password must be provided") : nil
      },
      path: { _ in "users/me" },
      secret: { subject in
        subject.text("token").isEmpty ? subject.text("password") : subject.text("token")
      },
      standIn: .secret,
      verdict: { status, _, _, _ in
        .failed(
          status == 401 || status == 403
            ? Failure(
              400,
              "authentication error when testing connection - please check your credentials"
            )
            : .passing(status, "unexpected status code: \(status)")
        )
      },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(model: "TaigaProject", idField: "projectId")
  )

  /// TAPD: its test wants the company as a number, everything else as a text.
  static let tapd = ConnectionKind(
    plugin: "tapd",
    model: "Tapd",
    fields: Field.restFields + [
      .username, .password, .text("companyId", "CompanyId", requirement: .always),
    ],
    test: ConnectionTest(
      refusal: { subject in
        guard case .string(let company)? = subject.body?["companyId"] else { return nil }
        return Failure(
          500,
          [
            .own("error decoding map into target type"),
            .foreign(
              "1 error(s) decoding:\n\n* 'companyId' expected type 'uint64', got unconvertible "
                + "type 'string', value: '\(company)'"
            ),
          ]
        )
      },
      path: { _ in "quickstart/testauth" },
      secret: { $0.text("password") },
      standIn: .secret,
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error while testing connection")
            : .passing(status, "unexpected status code: \(status)")
        )
      },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(model: "TapdWorkspace", idField: "id")
  )

  /// ZenTao: may hold the URL of a database, password included.
  static let zentao = ConnectionKind(
    plugin: "zentao",
    model: "Zentao",
    fields: Field.restFields + [
      .username, .password,
      .text(
        "dbUrl",
        "DbUrl",
        secret: .init(mask: .databaseURL, restoresEmpty: false)
      ),
      .number("dbIdleConns", "DbIdleConns"), .text("dbLoggingLevel", "DbLoggingLevel"),
      .number("dbMaxConns", "DbMaxConns"),
    ],
    test: ConnectionTest(
      validation: .refused("failed to decode input to be zentao connection"),
      path: { _ in "tokens" },
      secret: { $0.text("password") },
      standIn: .nothing(401),
      verdict: { _, _, _, _ in
        .failed(Failure(400, "StatusUnauthorized error while to request access token"))
      },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(model: "ZentaoProject", idField: "id")
  )
}
