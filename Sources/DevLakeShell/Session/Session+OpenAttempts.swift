import DevLakeKit

extension Session {
  /// Looks up, once for each DevLake, what became of the writes of programs that were killed, and says
  /// it; where there were none DevLake is not asked.
  func settleOpenAttempts(on instance: DevLakeInstance) async {
    let url = instance.url.text
    guard scope.tellsOpenAttempts, let folder = journal.folder, let log = journal.auditLog,
      isFirstTime("what became of changes of \(url)")
    else { return }
    let administrator = Administrator(client: instance.client)
    let open = OpenAttempts(
      log,
      folder: folder,
      AuditJournal.Context(instance: url, user: journal.userName, command: "")
    )
    for attempt in await open.settle(administrator) {
      let step = attempt.record["message"]?.string.map { ", \(ServerText.line($0))" } ?? ""
      conversation.warn(
        "an earlier '\(attempt.record["command"]?.string ?? "?")' was interrupted while it changed "
          + "\(attempt.title)\(step) (\(attempt.record["time"]?.string ?? "")): "
          + Self.words(attempt),
        help: attempt.outcome == .unknown && attempt.record["id"]?.int != nil
          ? "check with 'show \(attempt.title)'" : nil
      )
    }
  }

  private static func words(_ attempt: OpenAttempts.Attempt) -> String {
    switch attempt.outcome {
    case .done: "it was looked up and was done"
    case .failed: "it was looked up and is not done yet"
    default: "it is unknown whether it was done"
    }
  }
}
