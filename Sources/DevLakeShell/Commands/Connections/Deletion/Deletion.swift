import DevLakeKit

/// Prepares the deletion of one connection: shows what depends on it, refuses what must not go, asks.
struct Deletion {
  let session: Session
  let call: Call
  let target: ConnectionTarget
  let report: ImpactReport
  /// What depends on it goes first, and pipelines are waited for: as the options say, or the person.
  private(set) var isCascade: Bool
  private(set) var waits: Bool

  init(session: Session, call: Call, target: ConnectionTarget, report: ImpactReport) {
    (self.session, self.call, self.target, self.report) = (session, call, target, report)
    (isCascade, waits) = (call.flag("cascade"), call.flag("wait"))
  }

  /// What is to become of a connection.
  enum Decision {
    case change(Change)
    case kept(ChangeReport.Entry)
  }

  private var name: String { ServerText.line(report.connection.name) }

  /// - Parameter isConfirmed: Whether the person has been asked about it, together with others.
  mutating func decide(isConfirmed: Bool) async throws(Failure) -> Decision {
    if !isConfirmed { for line in report.lines { session.conversation.note("   " + line) } }
    if !isConfirmed, !call.flag("force"), session.conversation.canAsk {
      guard try await offerWayOut() else { return .kept(kept) }
    }
    let change = try planned()
    if isCascade {
      if !isConfirmed {
        session.conversation.note("   To delete it with what depends on it:")
        for line in Self.lines(change, report) { session.conversation.note("   " + line) }
      }
      try checkPipelines()
    }
    if !isConfirmed, !call.flag("force"), try await !isAgreed { return .kept(kept) }
    return .change(change)
  }

  /// Finds a way around what DevLake would refuse, before anything is asked; false where the person
  /// wants none.
  private mutating func offerWayOut() async throws(Failure) -> Bool {
    let blockers = report.impact.blockers
    if blockers.contains(.impossible), let reason = target.plugin.deletion.impossible {
      throw Self.failure(.impossible(reason), target.key, target.plugin)
    }
    if blockers.contains(.blueprints) || blockers.contains(.scopes) { isCascade = true }
    guard blockers.contains(.runningPipeline), !waits else { return true }
    let names = Impact.Pipeline.names(report.impact.running ?? [])
    waits = try await asked("Wait for \(names) to end first? (yes/no): ")
    return waits
  }

  private func asked(_ question: String) async throws(Failure) -> Bool {
    do throws(Failure) {
      let answer = try await session.conversation.ask(question)
      return ["y", "yes"].contains(answer?.lowercased() ?? "")
    } catch {
      throw interruption(error)
    }
  }

  private func interruption(_ failure: Failure) -> Failure {
    failure.exitCode == .interrupted ? .interrupted.saying("\(target.key) is kept") : failure
  }

  /// What would be sent.
  ///
  /// - Throws: Where it is known beforehand that it would be refused.
  func planned() throws(Failure) -> Change {
    let key = target.key
    do throws(DeletionObstacle) {
      if isCascade {
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
        "it is unknown what depends on \(key), so nothing is deleted",
        help: "use an API key or a user that can read blueprints and scopes"
      )
    case .unknownScopes:
      return .conflict(
        "how the scopes of \(plugin.displayName) are deleted is unknown, so nothing is deleted",
        help: "delete the scopes of \(key) in config-ui first"
      )
    case .usedInPlans(let blueprints):
      let names = blueprints.map(\.title).joined(separator: ", ")
      return .conflict(
        "\(key) was not deleted: \(names) uses it in its plan, and DevLake does not protect it there",
        help: "change the plan first, or use --cascade"
      )
    }
  }

  private func checkPipelines() throws(Failure) {
    guard let running = report.impact.running, !running.isEmpty,
      target.plugin.deletion.runningPipeline, !waits
    else { return }
    throw .conflict(
      "\(Impact.Pipeline.names(running)) is running in this DevLake, so nothing was started",
      help: "try again when it has finished, or use --wait"
    )
  }

  /// `yes` is enough when nothing depends on it; else only the name is.
  private var isAgreed: Bool {
    get async throws(Failure) {
      let isUsed = report.impact.isUsed || report.impact.isPartial
      if session.scope.answersYes, !isUsed { return true }
      guard session.conversation.canAsk else {
        throw .unasked(
          "something depends on \(target.key) \"\(name)\"",
          flags: ["--force"]
        )
      }
      guard isUsed else { return try await isTyped("(yes/no): ", ["y", "yes", name.lowercased()]) }
      return try await isTyped("Type its name (\(name)), Enter keeps it: ", nil)
    }
  }

  /// Whether the person types one of these words, or its very name where there are none.
  private func isTyped(_ end: String, _ words: [String]?) async throws(Failure) -> Bool {
    let what =
      isCascade
      ? "\(target.key) and what depends on it"
      : words == nil ? "\(target.key)" : "\(target.key) \"\(name)\""
    let question = "Delete \(what)? \(end)"
    var asked = question
    while true {
      let answer: String?
      do throws(Failure) {
        answer = try await session.conversation.ask(asked)
      } catch {
        throw interruption(error)
      }
      guard let answer, !answer.isEmpty else { return false }
      if let words { return words.contains(answer.lowercased()) }
      if answer == name { return true }
      if ["n", "no"].contains(answer.lowercased()) { return false }
      asked = "'\(answer)' is not its name.\n\(question)"
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
        "⚠️ \(blueprint.title) still refers to \(report.connection.key) afterwards and will fail: change "
          + "its plan manually"
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
    // Of a step whose answer did not come nobody can say that it was not done.
    let isUnknown = outcome.state == .unknown
    var account = "Done: \(list(change.steps[..<index]))."
    if isUnknown { account += " Unknown: \(list(change.steps[index...].prefix(1)))." }
    account += " Not done: \(list(change.steps[index...].dropFirst(isUnknown ? 1 : 0)))"
    failure.diagnostic.message =
      "stopped at step \(index + 1) of \(count): \(failure.diagnostic.message). \(account)"
    failure.diagnostic.help =
      (failure.diagnostic.help.map { "\($0); " } ?? "") + "the same command continues from there"
    return failure
  }
}
