import DevLakeKit

extension Session {
  /// Whether nothing may be changed that is not in the audit log: `--audit-required`, or the instance's
  /// entry.
  func requiresAudit() throws(Failure) -> Bool {
    if options.requiresAudit { return true }
    guard let url = instance?.url else { return false }
    return try namedInstances()?.requiresAudit(at: url) ?? false
  }

  /// Why there is no log, and what to do about it.
  static let homeless = "there is no home directory; set HOME or XDG_STATE_HOME"

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

  var userName: String {
    world.userName ?? world.environment["USER"] ?? "unknown"
  }

  /// Who holds a lock, for whoever comes second.
  var lockHolder: String {
    "\(userName), process \(world.processID), since \(AuditLog.now)"
  }
}
