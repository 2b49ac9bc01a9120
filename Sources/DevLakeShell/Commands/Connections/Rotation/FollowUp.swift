import DevLakeKit
import ShellLanguage

/// What is run after a rotation whose second test passed: `--then 'systemctl reload collector'`.
///
/// It reads nothing, gets no secret, has a minute, and is in the log; that it failed is said and undoes
/// nothing.
struct FollowUp {
  let session: Session
  let call: Call

  /// What the log calls it.
  static let action = "then"
  private static let deadline = Duration.seconds(60)

  /// Only what is written on the command line or in a script is run.
  static func check(_ call: Call) throws(Failure) {
    guard let given = call.option("then") else { return }
    if given.pieces?.contains(where: \.isForeign) == true {
      throw .usage("'--then' does not run text that came from outside the script", at: given)
    }
    guard !given.text.allSatisfy(\.isWhitespace) else {
      throw .invalid("'--then' needs a command", at: given)
    }
  }

  /// Runs it once for each connection that was rotated.
  ///
  /// - Returns: Why it failed, for those for which it did.
  func run(
    after results: [(change: Change, outcome: ChangeOutcome)],
    _ journal: any ChangeJournal
  ) async -> [String] {
    guard let command = call.option("then")?.text else { return [] }
    var failures: [String] = []
    for (change, outcome) in results where outcome.isWritten {
      guard let connection = outcome.connection, let verdict = outcome.retest, !verdict.isFailure
      else {
        session.conversation.warn(
          "'--then' was not run for \(change.title): its second test did not pass"
        )
        continue
      }
      let reason = await run(command, connection, verdict)
      let record = ChangeRecord(
        plugin: connection.key.plugin,
        id: connection.key.id,
        name: connection.name,
        action: Self.action,
        outcome: reason == nil ? .done : .failed,
        message: "--then '\(shown(command))': \(reason ?? "ended with 0")"
      )
      await journal.note(record)
      guard let reason else { continue }
      failures.append("'--then' failed for \(connection.key): \(reason); the rotation stands")
    }
    return failures
  }

  private func run(_ command: String, _ connection: Connection, _ verdict: Verdict) async -> String?
  {
    var environment = ChildEnvironment(session: session).inherited
    environment["DEVLAKE_PLUGIN"] = connection.key.plugin
    environment["DEVLAKE_ID"] = "\(connection.key.id)"
    environment["DEVLAKE_NAME"] = ServerText.line(connection.name)
    environment["DEVLAKE_LOGIN"] = verdict.login ?? ""
    environment["DEVLAKE_URL"] = session.server.instance?.url.text
    let hook = Hook(
      command: command,
      environment: environment,
      folder: session.world.workingDirectory,
      deadline: Self.deadline
    )
    session.conversation.progress?.pause()
    defer { session.conversation.progress?.resume() }
    let failure = await hook.run()
    return failure.map { session.redactor.hiding($0) }
  }

  /// The command as the log may have it: what looks like a secret in it is hidden.
  private func shown(_ command: String) -> String {
    let line = SecretScanner(registry: .standard).redacted("!" + ServerText.line(command))
    return session.redactor.hiding(String(line.dropFirst()))
  }
}

extension CommandResult {
  /// The result with what failed after it.
  mutating func add(_ failures: [String]) {
    guard let first = failures.first else { return }
    notes += failures.map { "   ⚠️ \($0)" }
    guard exitCode == .success else { return }
    exitCode = .partial
    error = Diagnostic(code: .refused, message: first)
  }
}

extension Signature.Option {
  static let then = Signature.Option(
    name: "then",
    kind: .text,
    placeholder: "COMMAND",
    help: "run after the second test passed, with DEVLAKE_PLUGIN, _ID, _NAME, _LOGIN and _URL",
    effect: .startsProgram
  )
}
