/// How old the secret of a connection is, and when it ends.
package struct SecretLife: Sendable, Equatable {
  /// The last day on which it is good; `nil`: nobody has said.
  package var expires: CalendarDay?
  /// Who says so.
  package var source = Source.recorded
  /// When it was set, in seconds since 1970; `nil`: not known.
  package var since: Int?
  /// When DevLake's row was last changed: the secret is at least as old as that.
  package var untouchedSince: Int?
  /// The same of each of several tokens, by number; empty where nothing is known of single ones.
  package var tokens: [Int: Token] = [:]

  /// What is known of one of several tokens.
  package struct Token: Sendable, Equatable {
    /// When it was set, in seconds since 1970.
    package var since: Int?
    /// The last day on which it is good.
    package var expires: CalendarDay?
  }

  /// Who says when a secret ends; the raw value is the `expiresSource` programs read.
  package enum Source: String, Sendable {
    /// Whoever set it, by hand or in a connections file.
    case recorded
    /// DevLake, which was told by the service.
    case devLake = "devlake"
  }

  /// Nothing is known.
  package init() {}

  /// Its age in whole days; `nil`: not known.
  package func age(at now: Int) -> Int? { since.map { max(0, now - $0) / 86_400 } }

  /// The days it has at least, by its age or by how long its row was left alone.
  package func leastAge(at now: Int) -> Int? {
    age(at: now) ?? untouchedSince.map { max(0, now - $0) / 86_400 }
  }

  /// Whether it is older than so many days; `nil`: that is not known.
  package func isOlder(than days: Int, at now: Int) -> Bool? {
    if let age = age(at: now) { return age >= days }
    guard let least = leastAge(at: now), least >= days else { return nil }
    return true
  }
}

/// What is known of all secrets of one DevLake.
package struct SecretLives: Sendable {
  var records: [ConnectionKey: [SecretRecord]] = [:]

  /// Nothing is known.
  package init() {}

  /// Takes what the log says, unless the ledger has the same, or later news.
  ///
  /// Both are written at the end of one change, seconds apart at most.
  mutating func note(_ record: SecretRecord) {
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
  package func life(of connection: Connection, _ plugin: PluginDescriptor) -> SecretLife {
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
