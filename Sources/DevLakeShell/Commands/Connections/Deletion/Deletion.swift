import DevLakeKit

/// Prepares the deletion of one connection: shows what depends on it, refuses what must not go, asks.
struct Deletion {
  let session: Session
  let call: Call
  let target: ConnectionTarget
  let report: ImpactReport

  /// What is to become of a connection.
  enum Decision {
    case change(Change)
    case kept(ChangeReport.Entry)
  }

  private var name: String { ServerText.line(report.connection.name) }

  func decide() async throws(Failure) -> Decision {
    for line in report.lines { session.conversation.note("   " + line) }
    let change = try planned()
    if call.flag("cascade") {
      session.conversation.note("   To delete it with what depends on it:")
      for line in Self.lines(change, report) { session.conversation.note("   " + line) }
      try checkPipelines()
    }
    if !call.flag("force"), try await !isConfirmed { return .kept(kept) }
    return .change(change)
  }

  /// What would be sent.
  ///
  /// - Throws: Where it is known beforehand that it would be refused.
  func planned() throws(Failure) -> Change {
    let key = target.key
    do throws(DeletionObstacle) {
      if call.flag("cascade") {
        return try Change.cascade(report.connection, target.plugin, report.impact)
      }
      // A person sees it above the question.
      if call.flag("force"), let obstacle = report.impact.obstacle { throw obstacle }
      return Change.deletion(of: report.connection, target.plugin)
    } catch {
      throw Self.failure(error, key, target.plugin)
    }
  }

  private static func failure(
    _ obstacle: DeletionObstacle,
    _ key: ConnectionKey,
    _ plugin: PluginDescriptor
  ) -> Failure {
    switch obstacle {
    case .impossible(let reason): return .conflict("\(key) cannot be deleted: \(reason)")
    case .unknownDependents:
      return .conflict(
        "what depends on \(key) is not known, so nothing is deleted",
        help: "give an API key or a user that may read blueprints and scopes"
      )
    case .unknownScopes:
      return .conflict(
        "how the scopes of \(plugin.displayName) are deleted is not known, so nothing is deleted",
        help: "delete the scopes of \(key) in config-ui first"
      )
    case .usedInPlans(let blueprints):
      let names = blueprints.map(\.title).joined(separator: ", ")
      return .conflict(
        "\(key) was not deleted: \(names) uses it in its plan, and DevLake does not protect it there",
        help: "change the plan first, or give --cascade"
      )
    }
  }

  private func checkPipelines() throws(Failure) {
    guard let running = report.impact.running, !running.isEmpty,
      target.plugin.deletion.runningPipeline, !call.flag("wait")
    else { return }
    throw .conflict(
      "\(Impact.Pipeline.names(running)) is running in this DevLake, so nothing was begun",
      help: "try again when it has ended, or give --wait"
    )
  }

  /// `yes` is enough when nothing depends on it; else only the name is.
  private var isConfirmed: Bool {
    get async throws(Failure) {
      let isUsed = report.impact.isUsed || report.impact.isPartial
      if session.answersYes, !isUsed { return true }
      guard session.conversation.canAsk else {
        throw .unasked(
          "something depends on \(target.key) \"\(name)\"",
          flags: ["--force"]
        )
      }
      let what = call.flag("cascade") ? "\(target.key) and what depends on it" : "\(target.key)"
      let question =
        isUsed
        ? "Delete \(what)? Type its name (\(name)): "
        : "Delete \(target.key) \"\(name)\"? (yes/no): "
      let answer: String?
      do throws(Failure) {
        answer = try await session.conversation.ask(question)
      } catch {
        guard error.exitCode == .interrupted else { throw error }
        throw .interrupted.saying("\(target.key) is kept")
      }
      return answer == name || (!isUsed && ["y", "yes"].contains(answer?.lowercased() ?? ""))
    }
  }

  private var kept: ChangeReport.Entry {
    ChangeReport.Entry(
      plugin: target.plugin.id,
      id: target.id,
      name: report.connection.name,
      action: .skipped,
      message: "not confirmed",
      lines: ["Deletion cancelled, \(target.key) is kept."]
    )
  }
}

/// The steps of a deletion with everything that depends on the connection.
extension Deletion {
  /// What is about to happen, a line each; of many scopes only some.
  static func lines(_ change: Change, _ report: ImpactReport) -> [String] {
    var lines: [String] = []
    let scopes = report.impact.scopes ?? []
    let isLong = scopes.count > 10
    for (index, step) in change.steps.enumerated() {
      switch step {
      case .deleteScope where isLong:
        guard lines.last?.contains("scopes") != true else { continue }
        lines.append(
          "\(index + 1)-\(index + scopes.count). delete \(scopes.count) scopes and the data "
            + "collected for them: \(Impact.names(scopes))"
        )
      default: lines.append("\(index + 1). \(change.text(of: step))")
      }
    }
    for blueprint in report.impact.blueprints ?? [] where blueprint.isAdvanced {
      lines.append(
        "⚠️ \(blueprint.title) still mentions \(report.connection.key) afterwards, and fails: change "
          + "its plan by hand"
      )
    }
    return lines
  }

  /// How far it came, for programs.
  static func steps(_ change: Change, _ outcome: ChangeOutcome) -> [JSONValue] {
    let end = outcome.stepsDone
    return change.steps.enumerated().map { index, step in
      let isUnknown = outcome.state == .unknown
      let state = index < end ? "done" : index > end ? "not done" : isUnknown ? "unknown" : "failed"
      return ["step": .string(change.text(of: step)), "state": .string(state)]
    }
  }

  /// The failure with how far it came.
  static func stopped(_ failure: Failure, _ change: Change, _ outcome: ChangeOutcome) -> Failure {
    var failure = failure
    let (index, count) = (outcome.stepsDone, change.steps.count)
    func list(_ steps: some Sequence<Change.Step>) -> String {
      let texts = steps.map(change.text)
      guard !texts.isEmpty else { return "nothing" }
      let more = texts.count > 8 ? ", … (\(texts.count) steps)" : ""
      return texts.prefix(8).joined(separator: ", ") + more
    }
    failure.diagnostic.message =
      "stopped at step \(index + 1) of \(count): \(failure.diagnostic.message). "
      + "Done: \(list(change.steps[..<index])). Not done: \(list(change.steps[index...]))"
    failure.diagnostic.help =
      (failure.diagnostic.help.map { "\($0); " } ?? "") + "the same command goes on from there"
    return failure
  }
}
