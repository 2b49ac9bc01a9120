/// What the journal keeps.
extension ChangeExecutor {
  /// Notes what is not going to be sent.
  func noteUnsent(_ changes: [Change], _ outcomes: [ChangeOutcome]) async {
    for (change, outcome) in zip(changes, outcomes) where !isOpen(outcome) {
      guard outcome.state != .unchanged || policy.notesUnchanged else { continue }
      await journal.note(record(of: change, outcome))
    }
  }

  func record(of change: Change, _ outcome: ChangeOutcome) -> ChangeRecord {
    let problem = outcome.problem
    let action =
      switch outcome.state {
      case .done: change.action.rawValue
      case .unchanged: "unchanged"
      case .skipped: "skipped"
      case .failed, .unknown: problem?.action ?? "failed"
      }
    return ChangeRecord(
      plugin: change.plugin.id,
      id: change.key?.id,
      name: change.name,
      action: action,
      changes: problem?.code == .retestFailed ? change.fields : [],
      outcome: kept(outcome),
      message: problem?.sentence(about: change) ?? change.remark
    )
  }

  func kept(_ outcome: ChangeOutcome) -> ChangeRecord.Outcome {
    switch outcome.state {
    case .done: return .done
    case .unchanged, .skipped: return ChangeRecord.Outcome.none
    case .failed, .unknown: return outcome.problem?.outcome ?? .failed
    }
  }

  func record(
    of change: Change,
    step index: Int,
    _ outcome: ChangeRecord.Outcome,
    updatedAt: String? = nil,
    _ request: ChangeRequest? = nil
  ) -> ChangeRecord {
    let isMain = index == change.steps.count - 1
    let step = "step \(index + 1) of \(change.steps.count) of its deletion: "
    var record = ChangeRecord(
      plugin: change.plugin.id,
      id: change.key?.id,
      name: change.name,
      action: (isMain ? change.action : .update).rawValue,
      changes: isMain ? change.fields : [],
      outcome: outcome,
      message: change.steps.count > 1 && !isMain
        ? step + change.text(of: change.steps[index]) : change.remark,
      updatedAt: updatedAt,
      request: change.steps[index].sent == nil
        ? request.map { "\($0.method) \($0.path)" } : nil
    )
    if isMain {
      record.expires = change.expires
      record.fates = change.fates
    }
    return record
  }
}
