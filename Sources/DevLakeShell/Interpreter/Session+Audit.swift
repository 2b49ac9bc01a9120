import DevLakeKit

extension Session {
  /// Notes a change, or an attempt at one, in the audit log before anything else is sent; a log that
  /// cannot be written is a warning.
  ///
  /// - Parameter entry: What became of it; the changes of a failed attempt are not told, but where
  ///   nobody knows whether they were made.
  func audit(_ entry: ChangeReport.Entry, command: String) {
    guard let instance else { return }
    guard let log = auditLog else {
      return warnOnce("what is done is not in the audit log: \(Self.homeless)")
    }
    var record: JSONObject = [
      "time": .string(AuditLog.now), "user": .string(userName),
      "instance": .string(instance.url.text), "command": .string(command),
      "plugin": .string(entry.plugin), "id": entry.id.map { .integer($0) } ?? .null,
      "name": .string(entry.name), "action": .string(entry.action.rawValue),
      "changes": .array(entry.changes.map(\.json)),
      "outcome": .string(entry.outcome.rawValue),
    ]
    if let message = entry.message { record["message"] = .string(message) }
    do throws(FileError) {
      try log.append(redactor.hiding(.object(record)).object ?? record)
    } catch {
      warnOnce("what is done is not in the audit log: \(error)")
    }
  }

  /// Notes an attempt that ended in an error.
  func audit(_ failure: Failure, of entry: ChangeReport.Entry, command: String) {
    var entry = entry
    entry.fail(failure)
    audit(entry, command: command)
  }

  /// Why there is no log, and what to do about it.
  static let homeless = "there is no home folder for it; set HOME or XDG_STATE_HOME"

  /// The log of this machine; `nil` without a home.
  var auditLog: AuditLog? {
    stateFolder.map { AuditLog(path: $0 + "/audit.ndjson") }
  }

  /// `$XDG_STATE_HOME/devlake-shell`, or its place in the home.
  var stateFolder: String? {
    if let state = world.environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return state + "/devlake-shell"
    }
    guard let home = world.environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/devlake-shell"
  }

  private var userName: String {
    world.userName ?? world.environment["USER"] ?? "unknown"
  }

  /// Who holds a lock, for whoever comes second.
  var lockHolder: String {
    "\(userName), process \(world.processID), since \(AuditLog.now)"
  }
}
