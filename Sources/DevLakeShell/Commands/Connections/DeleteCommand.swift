import DevLakeKit

/// Deletes connections: `delete github/3`.
struct DeleteCommand: Command {
  let signature = Signature(
    name: "delete",
    abstract: "Delete connections, after showing what depends on them",
    discussion: """
      DevLake refuses while a blueprint or scope refers to the connection. Without a terminal \
      --force is needed, and for more than one connection --expect N as well.
      """,
    arguments: [.selectors],
    options: [
      .plugin, .id, .condition,
      .init(name: "force", kind: .flag, help: "do not ask"),
      .init(
        name: "expect",
        kind: .integer(0...1_000_000),
        placeholder: "N",
        help: "do it only if exactly N connections are selected"
      ),
      .dryRun,
    ],
    examples: [
      .init(input: "delete --plugin github --id 3", purpose: "asks for the name"),
      .init(input: "delete --plugin github --id 3 --force", purpose: "does not ask (CI)"),
    ],
    changes: true,
    isDestructive: true,
    phrases: [
      ["configure", "connection", "delete"], ["configure", "connections", "delete"],
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let lacksForce = lacksForce(call, session)
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "delete 3", and: lacksForce ? ["--force"] : [])
    if lacksForce { throw unforced(targets.count, call) }
    try checkCount(targets, call, session)
    var reports: [(Selection.Target, ImpactReport)] = []
    for target in targets { reports.append((target, try await report(target, call, session))) }
    for (_, report) in reports where call.flag("dry-run") {
      for line in report.lines { session.conversation.note("   " + line) }
    }
    if call.flag("dry-run") {
      return DryRun(
        requests: targets.map {
          ("DELETE", "/plugins/\($0.plugin.id)/connections/\($0.id)", nil)
        }
      ).result
    }
    var entries: [ChangeReport.Entry] = []
    for (target, report) in reports {
      for line in report.lines { session.conversation.note("   " + line) }
      if !call.flag("force"), try await !isConfirmed(report, session) {
        entries.append(kept(report))
      } else {
        entries.append(try await delete(target, report, session))
      }
    }
    return ChangeReport(entries: entries).result
  }

  /// Whether nobody can be asked and nothing answers for them.
  private func lacksForce(_ call: Call, _ session: Session) -> Bool {
    let answers = call.flag("force") || call.flag("dry-run") || session.answersYes
    return !answers && !session.conversation.canAsk
  }

  private func unforced(_ count: Int, _ call: Call) -> Failure {
    let needsCount = count > 1 && call.option("expect") == nil
    return .unasked(
      "'delete' asks before it deletes, and there is nobody to ask",
      flags: ["--force"] + (needsCount ? ["--expect \(count)"] : [])
    )
  }

  private func checkCount(
    _ targets: [Selection.Target],
    _ call: Call,
    _ session: Session
  ) throws(Failure) {
    if let expected = call.integer("expect") {
      guard expected == targets.count else {
        throw Failure(
          Diagnostic(
            code: .refused,
            message:
              "\(targets.count) connections are selected, not \(expected); nothing was deleted",
            span: call.option("expect")?.span,
            source: call.source
          ),
          exitCode: .unasked
        )
      }
      return
    }
    guard targets.count > 1, !session.conversation.canAsk, !call.flag("dry-run") else { return }
    throw .unasked(
      "\(targets.count) connections are selected",
      flags: ["--expect \(targets.count)"]
    )
  }

  private func report(
    _ target: Selection.Target,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> ImpactReport {
    do throws(Failure) {
      return try await ImpactReport.make(target, in: session)
    } catch {
      var failure = error
      if failure.diagnostic.code == .notFound, failure.diagnostic.span == nil {
        let place = call.place(of: target)
        failure.diagnostic.span = place.span
        failure.diagnostic.source = place.source
      }
      throw failure
    }
  }

  /// `yes` is enough when nothing depends on it; else only the name is.
  private func isConfirmed(
    _ report: ImpactReport,
    _ session: Session
  ) async throws(Failure) -> Bool {
    let name = ServerText.line(report.connection.name)
    let isUsed = report.impact.isUsed || report.impact.isPartial
    if session.answersYes, !isUsed { return true }
    guard session.conversation.canAsk else {
      throw .unasked(
        "something depends on \(report.connection.key) \"\(name)\"",
        flags: ["--force"]
      )
    }
    let question =
      isUsed
      ? "Delete \(report.connection.key)? Type its name (\(name)): "
      : "Delete \(report.connection.key) \"\(name)\"? (yes/no): "
    let answer = try await session.conversation.ask(question)
    return answer == name || (!isUsed && ["y", "yes"].contains(answer?.lowercased() ?? ""))
  }

  private func kept(_ report: ImpactReport) -> ChangeReport.Entry {
    ChangeReport.Entry(
      plugin: report.connection.key.plugin,
      id: report.connection.key.id,
      name: report.connection.name,
      action: .skipped,
      message: "not confirmed",
      lines: ["Deletion cancelled, \(report.connection.key) is kept."]
    )
  }

  private func delete(
    _ target: Selection.Target,
    _ report: ImpactReport,
    _ session: Session
  ) async throws(Failure) -> ChangeReport.Entry {
    var entry = ChangeReport.Entry(
      plugin: target.plugin.id,
      id: target.id,
      name: report.connection.name,
      action: .deleted
    )
    entry.impact = report.json
    let administrator = try await session.administrator()
    do throws(WriteError) {
      if try await administrator.delete(target.id, of: target.plugin) {
        session.conversation.warn(
          "DevLake's answer was lost; \(target.key) was looked up and is gone"
        )
      }
    } catch {
      let failure = refusal(error, target, report)
      if error.error.isCancellation || error.error.isAboutServer { throw failure }
      entry.action = error.error.status == 409 ? .refused : .failed
      entry.message = failure.diagnostic.message
      entry.failure = failure
      entry.lines = ["❌ \(failure.diagnostic.message)"]
      if let help = failure.diagnostic.help { session.conversation.note("   💡 \(help)") }
      return entry
    }
    session.audit(entry, command: signature.name)
    session.cache.drop(target.plugin.id)
    session.forget(target.key)
    entry.lines = ["✅ Deleted \(target.key) \"\(report.connection.name)\""]
    return entry
  }

  /// Each 409 of DevLake in words, with the names it gives.
  private func refusal(
    _ failed: WriteError,
    _ target: Selection.Target,
    _ report: ImpactReport
  ) -> Failure {
    var failure = Failure(failed.error, doing: "\(target.key) was not deleted")
    if failed.effect == .notYet {
      failure.diagnostic.message =
        "\(failed.error.description); \(target.key) is not deleted so far, and may be yet"
      failure.diagnostic.help = "look with 'show \(target.key)'"
    }
    if failed.effect == .unknown {
      failure.diagnostic.message =
        "\(failed.error.description); whether \(target.key) was deleted is not known"
      failure.diagnostic.help = "look with 'show \(target.key)'"
    }
    guard case .refused(status: 409, let message, let data) = failed.error.kind else {
      if let reason = target.plugin.deletion.impossible { failure.diagnostic.help = reason }
      return failure
    }
    let blueprints = data?["blueprints"]?.array?.compactMap(\.string) ?? []
    let projects = data?["projects"]?.array?.compactMap(\.string) ?? []
    let start = "\(target.key) was not deleted: "
    if !blueprints.isEmpty || !projects.isEmpty {
      failure.diagnostic.message = start + Self.users(blueprints, projects)
      failure.diagnostic.help = "take it out of them first"
    } else if message.headline.contains("data scope") {
      failure.diagnostic.message = start + "it still has \(Self.scopes(report))"
      failure.diagnostic.help = "delete its scopes first; the collected data goes with them"
    } else if message.headline.contains("pipeline") {
      failure.diagnostic.message = start + "a pipeline is running in this DevLake"
      failure.diagnostic.help = "try again when it has ended"
    } else {
      failure.diagnostic.message = start + message.line
    }
    return failure
  }

  private static func users(_ blueprints: [String], _ projects: [String]) -> String {
    func list(_ names: [String]) -> String {
      names.map { "'\(ServerText.line($0))'" }.joined(separator: ", ")
    }
    var text: [String] = []
    if !blueprints.isEmpty { text.append("blueprint \(list(blueprints))") }
    if !projects.isEmpty { text.append("project \(list(projects))") }
    return text.joined(separator: " of ") + " uses it"
  }

  private static func scopes(_ report: ImpactReport) -> String {
    guard let scopes = report.impact.scopes, !scopes.isEmpty else { return "scopes" }
    return scopes.count == 1 ? "the scope '\(scopes[0])'" : "\(scopes.count) scopes"
  }
}
