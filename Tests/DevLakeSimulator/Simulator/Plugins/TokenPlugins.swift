import DevLakeKit

/// The plugins recorded in brief that want a token.
extension ConnectionKind {
  /// Asana: POST with a body may leave the endpoint out, and the token is optional.
  static let asana = ConnectionKind(
    plugin: "asana",
    model: "Asana",
    fields: Field.restFields + [.token(requirement: .none)],
    nameLimit: 150,
    complete: { $0["endpoint"] = "https://app.asana.com/api/1.0/" },
    fill: { values in
      if values.text("endpoint").isEmpty { values["endpoint"] = "https://app.asana.com/api/1.0/" }
    },
    test: ConnectionTest(
      path: { _ in "users/me" },
      secret: { $0.text("token") },
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
    scopes: ScopeKind(model: "AsanaProject", idField: "gid")
  )

  /// Opsgenie: a test that reports success under the status of a failure.
  static let opsgenie = ConnectionKind(
    plugin: "opsgenie",
    model: "Opsgenie",
    fields: Field.restFields + [.token(holder: "OpsgenieGenieKey")],
    test: ConnectionTest(
      path: { _ in "v2/heartbeats/HeartbeatName/ping" },
      secret: { $0.text("token") },
      standIn: .secret,
      verdict: { status, _, _, _ in
        [401, 403, 422].contains(status)
          ? .failed(
            .passing(
              status,
              "StatusUnauthorized error when testing api or read_api permissions"
            )
          )
          : .successUnder(status)
      },
      success: { $0.plainSuccess }
    ),
    scopes: ScopeKind(model: "Service", idField: "id")
  )

  /// Opsgenie since 2026: other words for a key without rights.
  static let opsgenieOfSeptember: ConnectionKind = {
    var kind = opsgenie
    kind.test?.verdict = { status, _, _, _ in
      [401, 403, 422].contains(status)
        ? .failed(
          .passing(
            status,
            status == 403
              ? "API Key needs 'Read', 'Create/Update', and 'Configuration Access' access rights"
              : "StatusUnauthorized error when testing api or read_api permissions"
          )
        )
        : .successUnder(status)
    }
    return kind
  }()

  /// Testmo: its connections cannot be deleted.
  static let testmo = ConnectionKind(
    plugin: "testmo",
    model: "Testmo",
    fields: Field.restFields + [.token(secret: .init(mask: .empty))],
    test: ConnectionTest(
      path: { _ in "projects" },
      secret: { $0.text("token") },
      verdict: { status, _, _, _ in
        status == 401
          ? .failed(Failure(400, "StatusUnauthorized error while testing connection"))
          : .successUnder(status)
      },
      success: { $0.plainSuccess },
      lookupWords: ["find connection from db"]
    ),
    scopes: ScopeKind(model: "TestmoProject", idField: "id"),
    quirks: [.deleteFails]
  )

  static let gitee = ConnectionKind(
    plugin: "gitee",
    model: "Gitee",
    family: .legacy,
    fields: Field.restFields + [.token(holder: "GiteeAccessToken")],
    test: ConnectionTest(
      validation: .refused("could not decode request parameters"),
      path: { _ in "user" },
      secret: { $0.text("token") },
      standIn: .nothing(401),
      readsJSON: true,
      verdict: { status, _, _, _ in
        .failed(
          status == 401
            ? Failure(400, "StatusUnauthorized error when testing connection")
            : .passing(status, "unexpected status code when testing connection")
        )
      }
    ),
    quirks: [.unknownIsEmptyConnection]
  )

  /// Slack: a test that only looks whether the endpoint can be reached.
  static let slack = ConnectionKind(
    plugin: "slack",
    model: "Slack",
    family: .legacy,
    fields: Field.restFields + [.token()],
    test: ConnectionTest(
      validation: .refused("could not decode request parameters"),
      path: { _ in "" },
      secret: { _ in "" },
      verdict: { _, _, _, _ in .passed }
    ),
    scopes: ScopeKind(model: "SlackChannel", idField: "id")
  )
}
