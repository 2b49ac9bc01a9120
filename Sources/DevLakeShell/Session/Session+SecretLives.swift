import DevLakeKit

extension Session {
  /// What is known of a connection's secret.
  func life(of connection: Connection) -> SecretLife {
    lives.life(of: connection, plugin(connection.key.plugin))
  }

  private var lives: SecretLives {
    guard let folder = journal.folder, let url = server.instance?.url.text else {
      return SecretLives()
    }
    do throws(FileError) {
      return try journal.lives { () throws(FileError) in try SecretLives.read(in: folder, of: url) }
    } catch {
      warnOnce("when secrets were set and expire is not known: \(error)")
      return SecretLives()
    }
  }

  /// The field in which a connection's secret stands, where that is known.
  func secretField(of connection: Connection) -> String? {
    plugin(connection.key.plugin).authMethod(named: connection.authMethod)?.secretField
  }

  /// Remembers when secrets end that are not set now; what goes wrong is a warning.
  ///
  /// - Returns: Whether that is remembered.
  @discardableResult
  func remember(_ ends: [(connection: Connection, day: CalendarDay)]) -> Bool {
    guard let url = server.instance?.url.text else { return false }
    let edits = ends.compactMap { connection, day -> SecretLedger.Edit? in
      guard let field = secretField(of: connection) else { return nil }
      let key = SecretRecord.Key(instance: url, connection: connection.key, field: field)
      return .end(key, name: connection.name, day)
    }
    guard !edits.isEmpty else { return false }
    guard let reason = journal.apply(edits) else { return true }
    warnOnce("when secrets expire is not recorded: \(reason)")
    return false
  }
}

extension Call {
  /// The last day of the new secret, as `--expires` says.
  func expires(in session: Session) throws(Failure) -> CalendarDay? {
    guard let given = option("expires"), !given.text.isEmpty else { return nil }
    guard let day = CalendarDay(written: given.text) else {
      throw .invalid(
        "'--expires' must be a date, not '\(given.text)'",
        at: given,
        help: "write it like 2027-01-31"
      )
    }
    guard day.days(after: session.world.now()) >= 0 else {
      throw .invalid("'--expires \(day.text)' is in the past", at: given, help: "use a future date")
    }
    return day
  }
}
