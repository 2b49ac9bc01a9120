import DevLakeKit

extension Session {
  /// The runs of the log that rotated several connections of this DevLake and were cut off.
  var rotationsCutOff: [String] {
    guard let url = server.instance?.url.text, let folder = journal.folder else { return [] }
    return RotationMark.cutOff(of: url, in: folder)
  }

  /// Marks that a rotation begins, until it has come to its end.
  func markRotation(_ journal: any ChangeJournal) -> RotationMark? {
    guard let url = server.instance?.url.text, let folder = self.journal.folder,
      let run = journal.run
    else { return nil }
    return RotationMark(of: run, instance: url, in: folder)
  }

  /// Forgets rotations that were cut off: another one has come to its end.
  func forgetRotations(_ runs: [String]) {
    if let folder = journal.folder { RotationMark.remove(runs, in: folder) }
  }

  /// The connections that runs of the log have rotated.
  func connectionsRotated(in runs: [String]) throws(Failure) -> Set<ConnectionKey> {
    var done: Set<ConnectionKey> = []
    for record in try AuditCommand.contents(self).records where record["outcome"] == "done" {
      guard let attempt = record["attempt"]?.string, let end = attempt.lastIndex(of: "."),
        runs.contains(String(attempt[..<end])), let plugin = record["plugin"]?.string,
        let id = record["id"]?.int
      else { continue }
      done.insert(ConnectionKey(plugin: plugin, id: id))
    }
    return done
  }
}
