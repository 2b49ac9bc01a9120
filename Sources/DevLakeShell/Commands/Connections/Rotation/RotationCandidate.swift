import DevLakeKit

/// One connection of a bulk rotation, and how far it has come.
struct RotationCandidate: Sendable {
  let plugin: PluginDescriptor
  let connection: Connection
  /// The field the secret is in, with the new one; `nil` where none was found.
  var changes: RequestBody?
  /// The last day on which the new secret is good, where someone has said so.
  var expires: CalendarDay?
  /// What DevLake's mask tells: it has this secret already.
  var isUnchanged = false
  /// What became of it, once that is known.
  var entry: ChangeReport.Entry

  init(_ plugin: PluginDescriptor, _ connection: Connection) {
    self.plugin = plugin
    self.connection = connection
    entry = ChangeReport.Entry(
      plugin: plugin.id,
      id: connection.key.id,
      name: connection.name,
      action: .skipped
    )
  }

  /// Whether it is to be tested and saved.
  var isOpen: Bool { changes != nil && !isUnchanged && !entry.action.isFailure }

  /// Whether the caller gave up while it was tested.
  ///
  /// Not inlined: Swift 6.3.1 at -O ends with "found ownership error" where this is inlined into the
  /// closure of a `filter` (CopyPropagation in `BulkRotation.rejected`).
  @inline(never)
  var wasCutOff: Bool {
    guard let failure = entry.failure else { return false }
    return failure.exitCode == .interrupted
  }

  func change(_ overwritesSecret: Bool, _ action: Change.Action) -> Change? {
    changes.map { changes in
      var change = Change.update(
        connection,
        of: plugin,
        to: changes,
        action: action,
        overwritesSecret: overwritesSecret
      )
      change.expires = expires
      return change
    }
  }

  /// What the log keeps of one that is not sent.
  var record: ChangeRecord {
    ChangeRecord(
      plugin: plugin.id,
      id: connection.key.id,
      name: connection.name,
      action: entry.action.rawValue,
      outcome: entry.action.isFailure ? .failed : .none,
      message: entry.message
    )
  }

  /// Records the outcome of its change.
  mutating func take(_ change: Change, _ outcome: ChangeOutcome, _ session: Session) {
    entry = ChangeReport.Entry(change, outcome)
    for case .notRetested(let error) in outcome.notes {
      entry.message = "saved, but not tested again: \(error.description)"
    }
    guard let problem = outcome.problem else { return }
    switch problem.code {
    case .testFailed:
      let verdict = problem.verdict
      entry.fail(
        Failure(
          Diagnostic(
            code: .testFailed,
            message: "\(connection.key): \(verdict?.message ?? "")",
            help: verdict?.hint
          ),
          exitCode: .failure
        )
      )
      entry.message = verdict?.message
    case .untested:
      guard let error = problem.error else { return }
      entry.fail(Failure(error, doing: connection.key.description))
      entry.message = "not tested: \(error.description)"
    case .retestFailed:
      let message = problem.sentence(about: change)
      let changes = entry.changes
      entry.fail(
        Failure(
          Diagnostic(
            code: .testFailed,
            message: "\(connection.key): \(message)",
            help: problem.verdict?.hint
          ),
          exitCode: .failure
        )
      )
      entry.changes = changes
      entry.message = message
    case .interrupted, .otherFailed: skip("not saved: interrupted before")
    case .stopped:
      skip("not saved: \(problem.error?.description ?? "an earlier one ended the work")")
    default:
      let action = entry.action
      entry.fail(session.failure(problem, of: change))
      entry.action = action
    }
  }

  /// Leaves it as it is, and says why.
  mutating func skip(_ reason: String) {
    entry.action = .skipped
    entry.message = reason
  }
}
