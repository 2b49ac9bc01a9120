import DevLakeKit

extension Session {
  /// Looks up, once for each DevLake, what became of the writes of programs that were killed, and says
  /// it.
  func settleOpenAttempts(_ administrator: Administrator) async {
    guard let url = instance?.url.text, let folder = stateFolder, let log = auditLog,
      settledInstances.insert(url).inserted
    else { return }
    let open = OpenAttempts(
      log,
      folder: folder,
      AuditJournal.Context(instance: url, user: userName, command: "")
    )
    for attempt in await open.settle(administrator) {
      conversation.warn(
        "an earlier '\(attempt.record["command"]?.string ?? "?")' was cut off while it changed "
          + "\(attempt.title) (\(attempt.record["time"]?.string ?? "")): \(Self.words(attempt))",
        help: attempt.outcome == .unknown ? "check with 'show \(attempt.title)'" : nil
      )
    }
  }

  private static func words(_ attempt: OpenAttempts.Attempt) -> String {
    switch attempt.outcome {
    case .done: "it was looked up and is done"
    case .failed: "it was looked up and is not done"
    default: "it is unknown whether it is done"
    }
  }
}
