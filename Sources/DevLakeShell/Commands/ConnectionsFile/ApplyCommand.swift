import DevLakeKit
import ShellLanguage

/// Makes DevLake have what a connections file says: `apply connections.yaml`.
struct ApplyCommand: Command {
  let signature = Signature(
    name: "apply",
    abstract: "Change DevLake to match a connections file",
    discussion: """
      Shows the plan and asks; --yes answers. Every new secret is tested before the first change is \
      sent, and when one fails nothing is (--partial does what passes). After a failure the same \
      command completes what is left. \
      --prune deletes connections of the file's plugins that are not in it, but none that is in use; \
      without a terminal more than one needs --expect N. Only one 'apply' at a time works on a \
      DevLake from this machine.
      """,
    arguments: [.connectionsFile],
    options: [
      .prune,
      .init(
        name: "expect",
        kind: .integer(0...1_000_000),
        placeholder: "N",
        help: "proceed only if exactly N connections would be deleted"
      ),
      .secretPolicy, .overwrite, .envFile, .skipCleanup,
      .init(
        name: "secret-file",
        kind: .file,
        placeholder: "FILE",
        help:
          "new file for secrets that DevLake returns only once (webhook), one NAME=SECRET per line",
        effect: .makesFile
      ),
      .init(name: "no-test", kind: .flag, help: "apply without tests"),
      .init(
        name: "plan",
        kind: .file,
        placeholder: "PLAN",
        help: "go on only if the plan is the one of 'plan --out PLAN'"
      ),
      .init(
        name: "approved-by",
        kind: .text,
        placeholder: "NAME",
        help: "who has approved it, for the log"
      ),
      .init(name: "partial", kind: .flag, help: "do what passes its test although others fail"),
      .parallel, .dryRun,
    ],
    examples: [
      .init(
        input: "apply connections.yaml --plan approved.plan --approved-by ada --yes",
        purpose: "what was approved, or nothing"
      ),
      .init(input: "apply connections.yaml", purpose: "shows the plan and asks for confirmation"),
      .init(input: "apply connections.yaml --yes", purpose: "does not ask (CI)"),
      .init(
        input: "apply connections.yaml --prune --dry-run",
        purpose: "the requests that would be sent"
      ),
    ],
    changes: true
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    var plan = try await FilePlan(call, session)
    let url = try await session.connected().url.text
    let lock = try call.flag("dry-run") ? nil : lock(url, call, session)
    defer { withExtendedLifetime(lock) {} }
    try await plan.compare(asks: !call.flag("dry-run"))
    if let failure = session.failure(plan.problems) { throw failure }
    let run = ApplyRun(plan: plan, session: session, call: call)
    let report = PlanReport(changes: plan.changes)
    try checkExpected(report, call)
    if let kept = call.option("plan") {
      let url = try await session.connected().url
      try KeptPlan(plan.changes, url, call, session.redactor).check(against: kept, session)
    }
    if call.flag("dry-run") { return run.dryRun() }
    plan.noteStrangers()
    for line in report.lines { session.conversation.note("   " + line) }
    guard !report.isEmpty else {
      plan.rememberEnds(of: plan.keysToKeep)
      return run.nothingToDo
    }
    session.conversation.note("   Plan for \(url): \(report.summary)")
    try checkCount(report, call, session)
    guard try await isConfirmed(report, url, call, session) else {
      return run.cancelled
    }
    return try await run.run()
  }

  /// Two at once would each plan on what the other changes.
  private func lock(
    _ url: String,
    _ call: Call,
    _ session: Session
  ) throws(Failure) -> InstanceLock? {
    guard let folder = session.journal.folder else { return nil }
    do throws(InstanceLockError) {
      return try InstanceLock.acquire(in: folder, for: url, holder: session.journal.lockHolder)
    } catch {
      switch error {
      case .held(let holder, let path):
        let who = holder.isEmpty ? "" : " (\(holder))"
        throw .conflict(
          "another 'apply' is working on \(url)\(who); nothing was changed",
          at: call.whole,
          help: "try again when it has finished; the lock is \(path)"
        )
      case .unusable(let error):
        session.warnOnce("cannot lock against concurrent 'apply' runs: \(error)")
        return nil
      }
    }
  }

  private func checkExpected(_ report: PlanReport, _ call: Call) throws(Failure) {
    let count = report.count(.delete)
    if let expected = call.integer("expect"), expected != count {
      throw Failure(
        Diagnostic(
          code: .refused,
          message:
            "\(count) connection\(count == 1 ? "" : "s") would be deleted, not \(expected); "
            + "nothing was changed",
          span: call.option("expect")?.span,
          source: call.source
        ),
        exitCode: .unasked
      )
    }
  }

  private func checkCount(
    _ report: PlanReport,
    _ call: Call,
    _ session: Session
  ) throws(Failure) {
    let count = report.count(.delete)
    var flags: [String] = []
    if !session.scope.answersYes, !session.conversation.canAsk { flags.append("--yes") }
    if count > 1, !session.conversation.canAsk, call.option("expect") == nil {
      flags.append("--expect \(count)")
    }
    let issuing = report.changes.filter { $0.action == .create && !$0.plugin.issuedSecret.isEmpty }
    if !issuing.isEmpty, call.option("secret-file") == nil { flags.append("--secret-file FILE") }
    guard !flags.isEmpty else { return }
    throw .unasked(
      flags == ["--secret-file FILE"]
        ? "DevLake returns the key of a \(issuing[0].plugin.displayName) connection only once, and "
          + "it is never shown"
        : "'apply' needs a confirmation, but there is no terminal to ask on",
      flags: flags
    )
  }

  private func isConfirmed(
    _ report: PlanReport,
    _ url: String,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> Bool {
    if session.scope.answersYes { return true }
    let answer = try await session.conversation.ask(
      "Apply this to \(url)? (yes/no): "
    )
    return ["y", "yes"].contains(answer?.lowercased() ?? "")
  }
}
