import DevLakeKit

extension Session {
  /// When secrets were set and when they end, as far as this machine knows; `nil` without a home.
  var secretLedger: SecretLedger? { stateFolder.map(SecretLedger.init) }

  /// What is known of a connection's secret.
  func life(of connection: Connection) -> SecretLife {
    lives.life(of: connection, plugin(connection.key.plugin))
  }

  private var lives: SecretLives {
    if let secretLives { return secretLives }
    guard let folder = stateFolder, let url = instance?.url.text else { return SecretLives() }
    var lives = SecretLives()
    do throws(FileError) {
      lives = try SecretLives.read(in: folder, of: url)
    } catch {
      warnOnce("when secrets were set and expire is not known: \(error)")
    }
    secretLives = lives
    return lives
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
    guard let url = instance?.url.text else { return false }
    let edits = ends.compactMap { connection, day -> SecretLedger.Edit? in
      guard let field = secretField(of: connection) else { return nil }
      let key = SecretRecord.Key(instance: url, connection: connection.key, field: field)
      return .end(key, name: connection.name, day)
    }
    guard !edits.isEmpty else { return false }
    guard let ledger = secretLedger else {
      warnOnce("when secrets expire is not recorded: \(Self.homeless)")
      return false
    }
    secretLives = nil
    do throws(FileError) {
      try ledger.apply(edits, patience: lockPatience.remaining)
      return true
    } catch {
      if case .locked = error { lockPatience.exhaust() }
      warnOnce("when secrets expire is not recorded: \(error)")
      return false
    }
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
