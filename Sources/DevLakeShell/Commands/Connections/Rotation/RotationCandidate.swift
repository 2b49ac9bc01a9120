import DevLakeKit

/// One connection of a bulk rotation, and how far it has come.
struct RotationCandidate: Sendable {
  let plugin: PluginDescriptor
  let connection: Connection
  /// The field the secret stands in, with the new one; `nil` where none could be had.
  var changes: RequestBody?
  /// What DevLake's mask tells: it has this secret already.
  var isUnchanged = false
  var verdict: Verdict?
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

  var path: String { connection.key.path }

  /// Whether it is to be tested and saved.
  var isOpen: Bool { changes != nil && !isUnchanged && !entry.action.isFailure }

  /// Takes what a test came to.
  mutating func take(_ outcome: Result<Verdict, APIError>) {
    switch outcome {
    case .success(let verdict):
      self.verdict = verdict
      entry.test = verdict
      guard verdict.isFailure else { return }
      entry.fail(
        Failure(
          Diagnostic(
            code: .testFailed,
            message: "\(connection.key): \(verdict.message)",
            help: verdict.hint
          ),
          exitCode: .failure
        )
      )
      entry.message = verdict.message
    case .failure(let error):
      entry.fail(Failure(error, doing: connection.key.description))
      entry.message = "not tested: \(error.description)"
    }
  }

  /// Leaves it as it is, and says why.
  mutating func skip(_ reason: String) {
    entry.action = .skipped
    entry.message = reason
  }
}
