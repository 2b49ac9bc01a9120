import DevLakeKit
import ShellLanguage

/// Asks any route of DevLake: `api GET /version`.
struct APICommand: Command {
  let signature = Signature(
    name: "api",
    abstract: "Send a request to any route of DevLake",
    discussion: """
      METHOD is GET unless written. BODY is JSON, @FILE or - (standard input). Secrets in the answer \
      are shown as ***; --raw writes it as it came to a new file only its \
      owner can read. A secret for \
      the body is given with --secret, so that it stands in no history. DELETE asks first; without \
      a terminal it needs --yes.
      """,
    arguments: [
      .init(name: "METHOD", kind: .method, isRequired: false),
      .init(name: "PATH", kind: .route),
      .init(name: "BODY|@FILE", kind: .body, isRequired: false),
    ],
    options: [
      .init(
        name: "secret",
        kind: .field,
        placeholder: "NAME=REF",
        help: "secret member of the body: env:NAME, file:PATH, … (repeatable)",
        isRepeated: true
      ),
      .init(
        name: "raw",
        kind: .file,
        placeholder: "FILE",
        help: "write the raw response to a new FILE (mode 0600)",
        effect: .makesFile
      ),
      .dryRun,
    ],
    examples: [
      .init(input: "api GET /version", purpose: "the version of DevLake"),
      .init(input: "api '/pipelines?status=TASK_RUNNING'", purpose: "the running pipelines"),
      .init(
        input: "api PATCH /plugins/gitlab/connections/1 '{\"rateLimitPerHour\":100}' --dry-run",
        purpose: "the request that would be sent"
      ),
    ],
    topic: .instance,
    changes: true
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let request = try await APIRequest(call, session)
    if call.flag("dry-run") { return request.dryRun }
    let what = "'api \(request.method)'"
    if request.changes {
      try await session.permitChange(what, on: call.text("on"))
    } else if !request.isReading {
      _ = try await session.permitWrite(what)
    }
    try await confirm(request, session)
    var file = try rawFile(call, session)
    let client = try await session.connected().client
    if request.body?.holdsSecret == true, client.baseURL.isOpen {
      session.warnOnce("\(client.baseURL) is not encrypted: the secret can be read in transit")
    }
    let found =
      request.changes
      ? try await write(request, call, session) : try await read(request, client)
    guard let answer = found else {
      let what = "\(request.method) \(request.route.shown)"
      return CommandResult(
        Output(data: .null, view: .lines(["✅ \(what) was carried out; its response was lost"]))
      )
    }
    try write(answer, to: &file, call)
    if let error = answer.failure { throw failure(error, answer, request) }
    return CommandResult(output(answer, in: call.option("raw")?.text))
  }

  private func read(
    _ request: APIRequest,
    _ client: DevLakeClient
  ) async throws(Failure) -> RouteAnswer {
    do throws(APIError) {
      return try await client.request(request.method, request.route, body: request.body)
    } catch {
      throw Failure(error)
    }
  }

  /// Sends what may change something; that it begins is in the audit log before.
  ///
  /// - Returns: The answer; `nil` where only a look-up told that it is done.
  private func write(
    _ request: APIRequest,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> RouteAnswer? {
    let changes = try await session.changes(for: call, as: "api \(request.method)")
    let change = Change.sending(request.method, request.route, body: request.body)
    let results = await session.carryOut([change], by: changes)
    session.inventory.drop()
    guard let outcome = results.results.first?.outcome else { throw .interrupted }
    if let problem = outcome.problem {
      guard let failed = problem.writeError else { throw session.failure(problem, of: change) }
      if failed.isOpen {
        var failure = Failure(failed.error)
        failure.diagnostic.message +=
          failed.effect == .notYet
          ? "; it is not done yet, but may still be" : "; it is unknown whether it was done"
        failure.diagnostic.help = "check before you send it again"
        failure.leaveUnknown(failed.effect)
        throw failure
      }
      guard let answer = outcome.answer, answer.failure != nil else {
        var failure = Failure(failed.error)
        // A lost response always leads to a look-up; an answer that tells enough by itself does not.
        let wasLookedUp =
          if case .transport = failed.error.kind { true } else { failed.effect != .none }
        if failed.error.leavesWriteOpen, wasLookedUp {
          failure.diagnostic.message += "; it was looked up and was not done"
        }
        throw failure
      }
      return answer
    }
    return outcome.notes.contains(.lookedUp(step: 0)) ? nil : outcome.answer
  }

  private func rawFile(_ call: Call, _ session: Session) throws(Failure) -> SecretFile? {
    guard let given = call.option("raw") else { return nil }
    do throws(SecretFileError) {
      return try SecretFile(creatingAt: session.secretSources().path(given.text))
    } catch {
      throw .usage("--raw: \(error.description)", at: given)
    }
  }

  /// What destroys, or migrates the database, is asked about.
  private func confirm(_ request: APIRequest, _ session: Session) async throws(Failure) {
    guard request.isGrave, !session.scope.answersYes else { return }
    let what = "\(request.method) \(request.route.shown)"
    guard session.conversation.canAsk else {
      throw .unasked("'\(what)' needs a confirmation", flags: ["--yes"])
    }
    let answer = try await session.conversation.ask("Send \(what)? (yes/no): ")
    guard ["y", "yes"].contains(answer?.lowercased() ?? "") else {
      throw .unasked("'\(what)' was not confirmed; nothing was sent", flags: ["--yes"])
    }
  }

  private func write(
    _ answer: RouteAnswer,
    to file: inout SecretFile?,
    _ call: Call
  ) throws(Failure) {
    do throws(SecretFileError) {
      try file?.write(answer.body)
    } catch {
      throw Failure(
        Diagnostic(
          code: .refused,
          message: "DevLake answered \(answer.status), but \(error.description)",
          span: call.option("raw")?.span,
          source: call.source
        ),
        exitCode: .failure
      )
    }
  }

  private func failure(
    _ error: APIError,
    _ answer: RouteAnswer,
    _ request: APIRequest
  ) -> Failure {
    var failure = Failure(error)
    failure.diagnostic.status = answer.status
    if error.kind == .noRoute, failure.diagnostic.help == nil {
      failure.diagnostic.help =
        request.route.path.hasPrefix("/api/")
        ? "remove /api: the shell adds it where needed"
        : "routes are case-sensitive; 'api /plugins' lists the plugins"
    }
    if answer.isJSON, failure.diagnostic.detail?.contains("\n") != true {
      failure.diagnostic.detail =
        [error.call, answer.shown.text].joined(separator: "\n")
    }
    return failure
  }

  private func output(_ answer: RouteAnswer, in file: String?) -> Output {
    if let file {
      let data: JSONValue = [
        "file": .string(file), "status": .integer(answer.status),
        "bytes": .integer(answer.body.count),
      ]
      return Output(
        data: data,
        view: .lines(["✅ \(answer.body.count) bytes written to \(file) (status \(answer.status))"])
      )
    }
    if answer.isJSON { return Output(data: answer.shown, view: .json) }
    guard answer.isText else {
      return Output(
        data: .null,
        view: .lines([
          "\(answer.body.count) bytes that are not text (status \(answer.status)); "
            + "--raw FILE writes them to a file"
        ])
      )
    }
    let text = answer.shown.string ?? ""
    guard !text.isEmpty else {
      return Output(data: .null, view: .lines(["no content (status \(answer.status))"]))
    }
    return Output(
      data: answer.shown,
      view: .text(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    )
  }
}
