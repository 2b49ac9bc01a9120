import DevLakeKit

extension ChangeReport.Entry {
  /// What became of a change.
  init(_ change: Change, _ outcome: ChangeOutcome) {
    self.init(
      plugin: change.plugin.id,
      id: outcome.connection?.key.id ?? change.key?.id,
      name: outcome.connection?.name ?? change.before?.name ?? change.name,
      action: ChangeReport.Action(change, outcome),
      changes: outcome.isWritten || outcome.state == .unknown ? change.fields : []
    )
    test = outcome.verdict
    isUnknown = outcome.state == .unknown
  }
}

extension ChangeReport.Action {
  fileprivate init(_ change: Change, _ outcome: ChangeOutcome) {
    switch outcome.state {
    case .unchanged: self = .unchanged
    case .skipped: self = .skipped
    case .unknown: self = .unknown
    case .failed:
      if case .refused(status: 409, _, _)? = outcome.problem?.error?.kind {
        self = .refused
      } else {
        self = .failed
      }
    case .done:
      self =
        switch change.action {
        case .create: .created
        case .update: .updated
        case .rotate: .rotated
        case .delete: .deleted
        }
    }
  }
}
