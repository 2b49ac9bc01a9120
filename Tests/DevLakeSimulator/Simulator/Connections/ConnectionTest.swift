import DevLakeKit

/// How a plugin tests a connection, and what it makes of the service's answer.
struct ConnectionTest: Sendable {
  /// How missing fields are told.
  enum Validation: Sendable {
    /// 500 `error validating target`.
    case wrapped(includesName: Bool = false)
    /// 400 with these words around it.
    case refused(String)
    /// 500 with the bare list.
    case bare
    case none
  }

  /// What a status other than 200 means.
  enum Verdict: Sendable {
    case failed(Failure)
    /// The status is passed on over a body that reports success.
    case successUnder(Int)
    /// The status is not looked at.
    case passed
    /// An answer of the plugin's own.
    case answer(Answer)
  }

  /// What a test is asked about.
  struct Subject: Sendable {
    let kind: ConnectionKind
    let values: JSONObject
    /// The stored row, when the connection is saved.
    var row: ConnectionRow?
    /// The request's body, when the connection is not saved.
    var body: JSONObject?

    func text(_ field: String) -> String { values[field]?.string ?? "" }
  }

  var validation = Validation.wrapped()
  /// The checks of the handler after the fields' requirements, status 400.
  var checks = false
  /// What is wrong before any request is made.
  var refusal: @Sendable (Subject) -> Failure? = { _ in nil }
  /// The first path asked for, relative to the endpoint.
  var path: @Sendable (Subject) -> String
  /// The secret that is sent.
  var secret: @Sendable (Subject) -> String
  /// What the recordings' stand-in on port 9310 plays of the service.
  var standIn = Upstream.StandIn.service
  /// Whether the answer must be JSON.
  var readsJSON = false
  /// The layer around what goes wrong on the way (github), status 400.
  var wrapping: String?
  /// What a status means; asked for every status but 200.
  var verdict: @Sendable (Int, _ detail: String, _ url: String, Subject) -> Verdict
  /// The answer to a test that passed.
  var success: @Sendable (Subject) -> Answer = { $0.successWithConnection }
  /// What is put around `find connection from db` when the id is unknown.
  var lookupWords: [String] = []
  /// Whether a test of an unknown id answers 404 in the words of GET.
  var unknownIsNotFound = false
  /// Whether a body changes what is tested; the stored values are tested otherwise.
  var readsBody = true
  /// Whether a mask in the body of a saved test stands for the stored secret (cursor, claude_code).
  var mergesSecrets = false
  /// The whole test, for plugins that are like no other.
  var custom: (@Sendable (Subject) -> Answer)?
}

extension ConnectionTest.Subject {
  /// Success with the tested connection, masked, under `Connection`.
  var successWithConnection: Answer {
    guard let fields = kind.maskedFields(values) else { return .panic }
    return .envelope(adding: [("Connection", .object(fields))])
  }

  /// The same with id, times and name (tempo).
  var successWithWholeConnection: Answer {
    let now = Timestamp.now()
    let row = row ?? ConnectionRow(id: 0, values: values, createdAt: now, updatedAt: now)
    let tested = ConnectionRow(
      id: row.id,
      values: values,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt
    )
    guard case .object(var shown)? = kind.shown(tested) else { return .panic }
    if self.row == nil {
      for time in ["createdAt", "updatedAt"] { shown[time] = "0001-01-01T00:00:00Z" }
    }
    return .envelope(adding: [("Connection", .object(shown))])
  }

  /// Success alone.
  var plainSuccess: Answer { .success }
}

extension ConnectionTest {
  /// A test that is like no other plugin's.
  static func custom(
    lookupWords: [String] = [],
    unknownIsNotFound: Bool = false,
    mergesSecrets: Bool = false,
    _ test: @escaping @Sendable (Subject) -> Answer
  ) -> ConnectionTest {
    ConnectionTest(
      path: { _ in "" },
      secret: { _ in "" },
      verdict: { _, _, _, _ in .passed },
      lookupWords: lookupWords,
      unknownIsNotFound: unknownIsNotFound,
      mergesSecrets: mergesSecrets,
      custom: test
    )
  }

  /// Tests a connection; the answer is DevLake's.
  func answer(_ subject: Subject) -> Answer {
    if let custom { return custom(subject) }
    switch outcome(subject) {
    case .success(let answer): return answer
    case .failure(let failure): return failure.answer
    }
  }

  /// Tests a connection.
  func outcome(_ subject: Subject) -> Result<Answer, Failure> {
    if let failure = invalid(subject) ?? refusal(subject) { return .failure(failure) }
    let call = Upstream(
      endpoint: subject.text("endpoint"),
      path: path(subject),
      proxy: subject.text("proxy"),
      secret: secret(subject),
      standIn: standIn
    )
    return judge(call, subject).map { answer in
      var answer = answer
      answer.delay = call.delay
      return answer
    }
  }

  private func invalid(_ subject: Subject) -> Failure? {
    let validator = FieldValidator(kind: subject.kind)
    let failure: Failure?
    switch validation {
    case .none: failure = nil
    case .bare:
      failure = validator.complaints(testing: subject.values, includesName: false)
        .map { Failure(500, [.own($0), .foreign($0)]) }
    case .wrapped(let includesName):
      failure = validator.complaints(testing: subject.values, includesName: includesName)
        .map { Failure(500, [.own("error validating target"), .foreign($0)]) }
    case .refused(let words):
      failure = validator.complaints(testing: subject.values, includesName: false)
        .map {
          Failure(400, [.own(words, 400), .own("error validating target"), .foreign($0)])
        }
    }
    if let failure { return failure }
    guard checks, let complaint = subject.kind.check(subject.values) else { return nil }
    return Failure(400, complaint)
  }

  private func judge(_ call: Upstream, _ subject: Subject) -> Result<Answer, Failure> {
    switch call.reply {
    case .never:
      var answer = Answer.panic
      answer.hangs = true
      return .success(answer)
    case .unreachable(let failure): return .failure(failure)
    case .broken(let reason):
      let request = "Get \"\(call.url)\""
      return .failure(
        wrapped(
          Failure(500, [.own("\(request): \(reason)"), .foreign(request), .foreign(reason)])
        )
      )
    case .other(let body):
      guard readsJSON else { return .success(success(subject)) }
      return .failure(wrapped(Self.unreadable(body, url: call.url)))
    case .json(200, _): return .success(success(subject))
    case .json(let status, let detail):
      switch verdict(status, detail, call.url, subject) {
      case .failed(let failure): return .failure(failure)
      case .successUnder(let status): return .success(.envelope(status: status))
      case .passed: return .success(success(subject))
      case .answer(let answer): return .success(answer)
      }
    }
  }

  private func wrapped(_ failure: Failure) -> Failure {
    wrapping.map { failure.wrapped(400, $0) } ?? failure
  }

  static func unreadable(_ body: Upstream.Body, url: String) -> Failure {
    switch body {
    case .empty: Failure(500, "empty response")
    case .html:
      undecodable(
        url,
        "<html><body>login</body></html>",
        "invalid character '<' looking for beginning of value"
      )
    case .badJSON: undecodable(url, "{\"login\":", "unexpected end of JSON input")
    }
  }

  private static func undecodable(_ url: String, _ body: String, _ reason: String) -> Failure {
    Failure(
      200,
      [
        .own("error decoding response from \(url): raw response: \(body)", 200), .own(reason),
        .foreign(reason),
      ]
    )
  }
}
