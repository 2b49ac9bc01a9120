extension SecretLives {
  /// Puts together what the ledger has and what the log tells: of both the later counts.
  ///
  /// - Parameter log: Lines of the audit log, oldest first; those that are of no use do no harm.
  package init(instance: String, _ ledger: [SecretRecord], log: [JSONObject] = []) {
    let instance = SecretRecord.instance(instance)
    for record in ledger where record.key.instance == instance {
      records[record.key.connection, default: []].append(record)
    }
    for line in log {
      guard line["outcome"]?.string == ChangeRecord.Outcome.done.rawValue,
        line["instance"]?.string.map(SecretRecord.instance) == instance,
        let plugin = line["plugin"]?.string, let id = line["id"]?.int,
        let time = line["time"]?.string, let seconds = Timestamp.seconds(time)
      else { continue }
      let connection = ConnectionKey(plugin: plugin, id: id)
      if line["action"]?.string == Change.Action.delete.rawValue {
        records[connection]?.removeAll { $0.sinceSeconds.map { $0 < seconds } ?? true }
        continue
      }
      for change in line["changes"]?.array ?? []
      where change["after"]?.string == Secret.placeholder {
        guard let field = change["field"]?.string else { continue }
        note(
          SecretRecord(
            SecretRecord.Key(instance: instance, connection: connection, field: field),
            name: line["name"]?.string ?? "",
            since: time,
            expires: line["expires"]?.string.flatMap { CalendarDay(written: $0) }
          )
        )
      }
    }
  }

  /// Reads what this machine knows of one DevLake.
  ///
  /// - Parameter folder: The shell's state folder.
  package static func read(in folder: String, of instance: String) throws(FileError) -> SecretLives
  {
    let ledger = try SecretLedger(folder: folder).contents().records
    let log = try AuditLog(path: folder + "/audit.ndjson").records(with: [
      "\"\(Secret.placeholder)\"", "\"\(Change.Action.delete.rawValue)\"",
    ])
    return SecretLives(instance: instance, ledger, log: log)
  }
}
