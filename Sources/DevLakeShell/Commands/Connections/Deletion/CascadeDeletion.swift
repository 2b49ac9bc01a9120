import DevLakeKit

/// Deletes a connection with everything that depends on it, one step after the other.
///
/// Each step is in the audit log before the next begins; whatever ends the work, it is said exactly
/// how far it came, and the same command goes on from there.
struct CascadeDeletion {
  let session: Session
  let call: Call
  let target: Selection.Target
  let cascade: CascadeSteps
  /// Waits for pipelines, where that is wanted.
  let wait: PipelineWait?

  func run() async throws(Failure) -> ChangeReport.Entry {
    let administrator = try await session.administrator()
    var entry = ChangeReport.Entry(
      plugin: target.plugin.id,
      id: target.id,
      name: cascade.report.connection.name,
      action: .deleted
    )
    entry.impact = cascade.report.json
    for (index, step) in cascade.steps.enumerated() {
      do throws(Failure) {
        if Task.isCancelled { throw .interrupted }
        try await run(step, index, administrator)
      } catch {
        entry.fail(stopped(error, at: index))
        entry.steps = steps(stoppedAt: index, isUnknown: error.leavesUnknown)
        session.audit(entry, command: call.signature.name)
        return entry
      }
    }
    entry.steps = steps(stoppedAt: cascade.steps.count, isUnknown: false)
    entry.lines = ["✅ Deleted \(target.key) \"\(entry.name)\" and what depended on it"]
    session.audit(entry, command: call.signature.name)
    session.cache.drop(target.plugin.id)
    session.forget(target.key)
    return entry
  }

  private func run(
    _ step: CascadeSteps.Step,
    _ index: Int,
    _ administrator: Administrator
  ) async throws(Failure) {
    switch step {
    case .detach(let blueprint): try await detach(blueprint, index, administrator)
    case .scope(let scope, let id):
      let wasLost = try await deleting("scope '\(scope.name)'", administrator) {
        () async throws(WriteError) in
        try await administrator.deleteScope(id, of: target.key)
      }
      if wasLost { warnOfLookUp("scope '\(scope.name)' was looked up and is gone") }
      note(FieldChange(field: "scopes", before: .string(scope.name), after: .null), index)
    case .connection:
      let wasLost = try await deleting("\(target.key)", administrator) {
        () async throws(WriteError) in
        try await administrator.delete(target.id, of: target.plugin)
      }
      if wasLost { warnOfLookUp("\(target.key) was looked up and is gone") }
    }
  }

  private func detach(
    _ blueprint: Impact.Blueprint,
    _ index: Int,
    _ administrator: Administrator
  ) async throws(Failure) {
    do throws(WriteError) {
      guard let done = try await administrator.detach(target.key, fromBlueprint: blueprint.id)
      else { return }
      if done.wasLookedUp { warnOfLookUp("\(blueprint.title) was looked up and is changed") }
      let change = FieldChange(
        field: "connections of \(blueprint.title)",
        before: .string(done.before.joined(separator: ", ")),
        after: .string(done.after.joined(separator: ", "))
      )
      note(change, index)
    } catch {
      var failure = Failure(error.error, doing: "\(blueprint.title) was not changed")
      if error.isOpen {
        failure.diagnostic.message =
          "\(error.error.description); whether \(blueprint.title) was changed is not known"
        failure.leavesUnknown = true
      } else if error.error.status == 400 {
        failure.diagnostic.help =
          "DevLake makes its plan anew and finds another connection or scope in it broken"
      }
      throw failure
    }
  }

  /// Deletes; where a pipeline stands against it and that is wanted, waits and tries again.
  private func deleting(
    _ what: String,
    _ administrator: Administrator,
    _ delete: () async throws(WriteError) -> Bool
  ) async throws(Failure) -> Bool {
    while true {
      do throws(WriteError) {
        return try await delete()
      } catch {
        if error.isAboutPipeline, let wait {
          try await wait.run(using: target.key)
          continue
        }
        let refusal = DeletionRefusal(
          target: target,
          impact: cascade.report.impact,
          administrator: administrator
        )
        throw await refusal.failure(error, of: what)
      }
    }
  }

  private func warnOfLookUp(_ what: String) {
    session.conversation.warn("DevLake's answer was lost; \(what)")
  }

  /// Notes one step that changed something but the connection itself.
  private func note(_ change: FieldChange, _ index: Int) {
    session.audit(
      ChangeReport.Entry(
        plugin: target.plugin.id,
        id: target.id,
        name: cascade.report.connection.name,
        action: .updated,
        changes: [change],
        message: "step \(index + 1) of \(cascade.steps.count) of its deletion: "
          + cascade.text(of: cascade.steps[index])
      ),
      command: call.signature.name
    )
    session.conversation.note("   ✅ \(index + 1). \(cascade.text(of: cascade.steps[index]))")
  }

  /// How far it came.
  private func stopped(_ failure: Failure, at index: Int) -> Failure {
    var failure = failure
    let count = cascade.steps.count
    func list(_ steps: some Sequence<CascadeSteps.Step>) -> String {
      let texts = steps.map(cascade.text)
      guard !texts.isEmpty else { return "nothing" }
      let more = texts.count > 8 ? ", … (\(texts.count) steps)" : ""
      return texts.prefix(8).joined(separator: ", ") + more
    }
    failure.diagnostic.message =
      "stopped at step \(index + 1) of \(count): \(failure.diagnostic.message). "
      + "Done: \(list(cascade.steps[..<index])). Not done: \(list(cascade.steps[index...]))"
    failure.diagnostic.help =
      (failure.diagnostic.help.map { "\($0); " } ?? "") + "the same command goes on from there"
    return failure
  }

  private func steps(stoppedAt end: Int, isUnknown: Bool) -> [JSONValue] {
    cascade.steps.enumerated().map { index, step in
      let state = index < end ? "done" : index > end ? "not done" : isUnknown ? "unknown" : "failed"
      return ["step": .string(cascade.text(of: step)), "state": .string(state)]
    }
  }
}
