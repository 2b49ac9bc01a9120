/// How old the secret of a connection is, and when it ends.
public struct SecretLife: Sendable, Equatable {
  /// The last day on which it is good; `nil`: nobody has said.
  public var expires: CalendarDay?
  /// Who says so.
  public var source = Source.recorded
  /// When it was set, in seconds since 1970; `nil`: not known.
  public var since: Int?
  /// When DevLake's row was last changed: the secret is at least as old as that.
  public var untouchedSince: Int?
  /// The same of each of several tokens, by number; empty where nothing is known of single ones.
  public var tokens: [Int: Token] = [:]

  /// What is known of one of several tokens.
  public struct Token: Sendable, Equatable {
    /// When it was set, in seconds since 1970.
    public var since: Int?
    /// The last day on which it is good.
    public var expires: CalendarDay?
  }

  /// Who says when a secret ends; the raw value is the `expiresSource` programs read.
  public enum Source: String, Sendable {
    /// Whoever set it, with `--expires` or in a connections file.
    case recorded
    /// DevLake, which was told by the service.
    case devLake = "devlake"
  }

  /// Nothing is known.
  public init() {}

  /// Its age in whole days; `nil`: not known.
  public func age(at now: Int) -> Int? { since.map { max(0, now - $0) / 86_400 } }

  /// The days it has at least, by its age or by how long its row was left alone.
  public func leastAge(at now: Int) -> Int? {
    age(at: now) ?? untouchedSince.map { max(0, now - $0) / 86_400 }
  }

  /// Whether it is older than so many days; `nil`: that is not known.
  public func isOlder(than days: Int, at now: Int) -> Bool? {
    if let age = age(at: now) { return age >= days }
    guard let least = leastAge(at: now), least >= days else { return nil }
    return true
  }
}

/// What is known of all secrets of one DevLake.
public struct SecretLives: Sendable {
  private var records: [ConnectionKey: [SecretRecord]] = [:]

  /// Nothing is known.
  public init() {}

  /// Puts together what the ledger has and what the log tells: of both the later counts.
  ///
  /// - Parameter log: Lines of the audit log, oldest first; those that are of no use do no harm.
  public init(instance: String, _ ledger: [SecretRecord], log: [JSONObject] = []) {
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

  /// Takes what the log says, unless the ledger has the same, or later news.
  ///
  /// Both are written at the end of one change, seconds apart at most.
  private mutating func note(_ record: SecretRecord) {
    let known = records[record.key.connection] ?? []
    let same = known.filter { $0.key.field == record.key.field }
    if let newest = same.compactMap(\.sinceSeconds).max(), let since = record.sinceSeconds,
      newest + 60 >= since
    {
      return
    }
    var record = record
    // Someone has said since then when it ends.
    if record.expires == nil, same.allSatisfy({ $0.since == nil }) {
      record.expires = same.compactMap(\.expires).min()
    }
    records[record.key.connection] = known.filter { $0.key.field != record.key.field } + [record]
  }

  /// What is known of a connection's secret.
  public func life(of connection: Connection, _ plugin: PluginDescriptor) -> SecretLife {
    var life = SecretLife()
    guard !plugin.authMethods.isEmpty else { return life }
    life.untouchedSince = connection.updatedAt.flatMap(Timestamp.seconds)
    let created = connection.stored["createdAt"]?.string.flatMap(Timestamp.seconds)
    let used = plugin.authMethod(named: connection.authMethod)?.secretField
    let known = (records[connection.key] ?? []).filter { record in
      // Another connection had this number before; clocks may differ by some minutes.
      if let created, let since = record.sinceSeconds, since + 3600 < created { return false }
      return used == nil || record.key.field == used
        || plugin.field(record.key.field)?.isSecret != true
    }
    life.expires = known.compactMap(\.expires).min()
    let times = known.map(\.sinceSeconds)
    // One of several whose age nobody knows may be the oldest.
    if !times.isEmpty, times.allSatisfy({ $0 != nil }) {
      life.since = times.compactMap(\.self).min()
    }
    for record in known {
      guard let number = record.key.token else { continue }
      life.tokens[number] = .init(since: record.sinceSeconds, expires: record.expires)
    }
    if let day = connection.storedExpiry(of: plugin), life.expires.map({ day < $0 }) ?? true {
      life.expires = day
      life.source = .devLake
    }
    return life
  }
}

extension Connection {
  /// The end DevLake itself keeps; one it refreshes counts only by the end of what refreshes it.
  func storedExpiry(of plugin: PluginDescriptor) -> CalendarDay? {
    let field = plugin.expiryFields.first { stored[$0]?.string != nil }
    return field.flatMap { stored[$0]?.string }.flatMap { CalendarDay($0) }
  }
}

extension SecretLives {
  /// Reads what this machine knows of one DevLake.
  ///
  /// - Parameter folder: The shell's state folder.
  public static func read(in folder: String, of instance: String) throws(FileError) -> SecretLives {
    let ledger = try SecretLedger(folder: folder).contents().records
    let log = try AuditLog(path: folder + "/audit.ndjson").records(with: [
      "\"\(Secret.placeholder)\"", "\"\(Change.Action.delete.rawValue)\"",
    ])
    return SecretLives(instance: instance, ledger, log: log)
  }
}
