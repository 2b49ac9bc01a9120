import DevLakeKit

/// Deletes one connection: asks, waits where that is wanted, deletes, and explains what DevLake says.
struct Deletion {
  let session: Session
  let call: Call
  let target: Selection.Target
  let report: ImpactReport
  /// Waits for pipelines, where that is wanted.
  let wait: PipelineWait?

  private var name: String { ServerText.line(report.connection.name) }

  func run() async throws(Failure) -> ChangeReport.Entry {
    for line in report.lines { session.conversation.note("   " + line) }
    var cascade: CascadeSteps?
    if call.flag("cascade") {
      let steps = try CascadeSteps(report, of: target.plugin)
      session.conversation.note("   To delete it with what depends on it:")
      for line in steps.lines { session.conversation.note("   " + line) }
      if report.impact.running?.isEmpty == false, target.plugin.deletion.runningPipeline,
        wait == nil
      {
        throw .conflict(
          "\(PipelineWait.names(report.impact.running ?? [])) is running in this DevLake, "
            + "so nothing was begun",
          help: "try again when it has ended, or give --wait"
        )
      }
      cascade = steps
    }
    if !call.flag("force"), try await !isConfirmed { return kept }
    if let wait, target.plugin.deletion.runningPipeline { try await wait.run(using: target.key) }
    if let cascade {
      return try await CascadeDeletion(
        session: session,
        call: call,
        target: target,
        cascade: cascade,
        wait: wait
      ).run()
    }
    return try await delete()
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

  private func delete() async throws(Failure) -> ChangeReport.Entry {
    var entry = ChangeReport.Entry(
      plugin: target.plugin.id,
      id: target.id,
      name: report.connection.name,
      action: .deleted
    )
    entry.impact = report.json
    let administrator = try await session.administrator()
    while true {
      do throws(WriteError) {
        if try await administrator.delete(target.id, of: target.plugin) {
          session.conversation.warn(
            "DevLake's answer was lost; \(target.key) was looked up and is gone"
          )
        }
        break
      } catch {
        if error.isAboutPipeline, let wait {
          // One has begun meanwhile.
          try await wait.run(using: target.key)
          continue
        }
        let refusal = DeletionRefusal(
          target: target,
          impact: report.impact,
          administrator: administrator
        )
        entry.fail(await refusal.failure(error, of: "\(target.key)"))
        session.audit(entry, command: call.signature.name)
        return entry
      }
    }
    session.audit(entry, command: call.signature.name)
    session.cache.drop(target.plugin.id)
    session.forget(target.key)
    entry.lines = ["✅ Deleted \(target.key) \"\(report.connection.name)\""]
    return entry
  }
}
