import DevLakeKit

extension Session {
  /// The connections of this DevLake that the last rotation of this machine's log has done, however it
  /// ended.
  func connectionsRotatedLast() throws(Failure) -> Set<ConnectionKey> {
    guard let url = instance?.url.text else { return [] }
    let records = try AuditCommand.contents(self).records.filter { record in
      record["command"]?.string == "rotate" && record["instance"]?.string == url
        && record["attempt"] != nil
    }
    guard let last = records.last?["attempt"]?.string.map(Self.run) else { return [] }
    var done: Set<ConnectionKey> = []
    for record in records
    where record["attempt"]?.string.map(Self.run) == last && record["outcome"]?.string == "done" {
      guard let plugin = record["plugin"]?.string, let id = record["id"]?.int else { continue }
      done.insert(ConnectionKey(plugin: plugin, id: id))
    }
    return done
  }

  /// What the attempts of one program have in common.
  private static func run(of attempt: String) -> Substring {
    attempt[..<(attempt.lastIndex(of: ".") ?? attempt.endIndex)]
  }
}
