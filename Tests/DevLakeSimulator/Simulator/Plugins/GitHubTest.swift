import DevLakeKit

extension ConnectionTest {
  /// GitHub's test: one token, or an App.
  static let github = ConnectionTest(
    validation: .bare,
    path: { $0.text("authMethod") == "AppKey" ? "app" : "user" },
    secret: { subject in
      subject.text("authMethod") == "AppKey"
        ? signature(of: subject.text("secretKey")) : subject.text("token")
    },
    readsJSON: true,
    wrapping: "verify token failed",
    verdict: { status, _, _, subject in
      .failed(
        status == 401 && subject.text("authMethod") != "AppKey"
          ? Failure(400, "StatusUnauthorized error when testing connection")
          : Failure(status, "unexpected status code while testing connection")
      )
    },
    success: { subject in
      let isApp = subject.text("authMethod") == "AppKey"
      return .json([
        "code": 0, "success": .bool(isApp || hasClassicScopes(subject.text("token"))),
        "message": "", "causes": nil, "data": nil, "login": isApp ? "" : "octocat",
        "warning": false, "installations": isApp ? installations : nil,
      ])
    },
    custom: { subject in subject.row == nil ? testNew(subject) : testSaved(subject) }
  )

  /// Only classic tokens tell their scopes; DevLake calls every other test failed.
  private static func hasClassicScopes(_ token: String) -> Bool { token.hasPrefix("ghp_") }

  /// What GitHub sees of an App's key: a signature, good unless the key itself begins with `BAD`.
  ///
  /// The key is never sent, and every PKCS 8 key has these letters somewhere (`…IBADANBgkqhkiG9w0B…`).
  private static func signature(of key: String) -> String {
    let lines = key.split(separator: "\n")
    return lines.count > 1 && lines[1].hasPrefix("BAD") ? "BAD" : "good"
  }

  private static let installations: JSONValue = [["id": 5, "account": ["login": "octocat"]]]

  /// An App gets its token from its own installation only, which its test does not look at.
  static func missingInstallation(_ values: JSONObject) -> Failure? {
    let ids = (installations.array ?? []).compactMap { $0["id"]?.int }
    guard let id = values["installationId"]?.int, !ids.contains(id) else { return nil }
    return Failure(
      500,
      [
        .own("failed to get the App's installation token: unexpected status code: 404"),
        .foreign("raw response: {\"message\":\"Not Found\"}"),
      ]
    )
  }

  /// The same test without the detour through `custom`.
  private static var plain: ConnectionTest {
    var test = github
    test.custom = nil
    return test
  }

  private static func testNew(_ subject: Subject) -> Answer {
    if let failure = keyFailure(subject) { return failure.answer }
    return plain.answer(subject)
  }

  private static func keyFailure(_ subject: Subject) -> Failure? {
    guard subject.text("authMethod") == "AppKey" else { return nil }
    let key = subject.text("secretKey")
    guard key.hasPrefix("-----BEGIN "), key.contains("PRIVATE KEY-----\n"), !key.contains("*")
    else {
      return Failure(
        400,
        [
          .own("invalid private key", 400),
          .foreign("invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key"),
        ]
      )
    }
    return nil
  }

  /// The test of a saved connection: status 200 whatever comes out, a verdict for each token.
  private static func testSaved(_ subject: Subject) -> Answer {
    if let failure = keyFailure(subject) { return failure.answer }
    if let complaints = FieldValidator(kind: subject.kind)
      .complaints(testing: subject.values, includesName: false)
    {
      return Failure(500, [.own(complaints), .foreign(complaints)]).answer
    }
    let isApp = subject.text("authMethod") == "AppKey"
    let tokens = isApp ? [""] : subject.text("token").split(separator: ",").map(String.init)
    var verdicts: [JSONValue] = []
    var messages: [String] = []
    var delay = Duration.zero
    for token in tokens.isEmpty ? [""] : tokens {
      var values = subject.values
      if !isApp { values["token"] = .string(token) }
      let outcome = plain.outcome(Subject(kind: subject.kind, values: values, row: subject.row))
      if case .success(let answer) = outcome {
        if answer.hangs { return answer }
        delay += answer.delay
      }
      guard let verdict = verdict(outcome, token: token, subject, &messages) else {
        return .panic
      }
      verdicts.append(verdict)
    }
    let passed = verdicts.allSatisfy { $0["success"] == true }
    var answer = Answer.json([
      "code": 0, "success": .bool(passed),
      "message": .string(passed ? "success" : messages.joined(separator: "\n")),
      "causes": messages.isEmpty ? nil : .array(messages.map(JSONValue.string)),
      "data": nil, "tokens": .array(verdicts),
    ])
    answer.delay = delay
    return answer
  }

  private static func verdict(
    _ outcome: Result<Answer, Failure>,
    token: String,
    _ subject: Subject,
    _ messages: inout [String]
  ) -> JSONValue? {
    let isApp = subject.text("authMethod") == "AppKey"
    var verdict = JSONObject([("auth_method", .string(subject.text("authMethod")))])
    if isApp {
      verdict["appId"] = .string(subject.text("appId"))
      verdict["installationId"] = subject.values["installationId"]
    } else {
      guard let mask = Mask.githubTokens.apply(to: token) else { return nil }
      verdict["token"] = .string(mask)
    }
    switch outcome {
    case .success:
      verdict["success"] = .bool(isApp || hasClassicScopes(token))
      verdict["login"] = isApp ? "" : "octocat"
    case .failure(let failure):
      messages.append(failure.message)
      verdict["success"] = false
      verdict["message"] = .string(failure.message)
      verdict["login"] = ""
    }
    verdict["warning"] = false
    if isApp, case .success = outcome { verdict["installations"] = installations }
    return .object(verdict)
  }
}
