import DevLakeKit

extension Session {
  /// Whether nothing may be changed that is not in the audit log: `--audit-required`, or the instance's
  /// entry.
  func requiresAudit() throws(Failure) -> Bool {
    if options.requiresAudit { return true }
    guard let url = server.instance?.url else { return false }
    return try namedInstances()?.requiresAudit(at: url) ?? false
  }
}
