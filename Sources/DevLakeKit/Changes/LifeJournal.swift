/// Keeps in the ``SecretLedger`` what changes mean for the life of secrets; everything else goes to the
/// journal it is before.
package actor LifeJournal: ChangeJournal {
  private let journal: any ChangeJournal
  private let ledger: SecretLedger
  private let instance: String
  private let now: @Sendable () -> Int
  private let patience: LockBudget
  private let complain: @Sendable (FileError) -> Void
  private var complaints: Set<String> = []

  /// Creates a life journal with the journal and the ledger.
  ///
  /// - Parameters:
  ///   - instance: The DevLake.
  ///   - now: The time in seconds since 1970.
  ///   - complain: Is told once why something could not be remembered; the changes themselves are done.
  package init(
    _ journal: any ChangeJournal,
    _ ledger: SecretLedger,
    instance: String,
    now: @escaping @Sendable () -> Int,
    patience: LockBudget,
    complain: @escaping @Sendable (FileError) -> Void
  ) {
    self.journal = journal
    self.ledger = ledger
    self.instance = SecretRecord.instance(instance)
    self.now = now
    self.patience = patience
    self.complain = complain
  }

  /// What the journal behind it calls its attempts by.
  package nonisolated var run: String? { journal.run }

  /// Notes that a write begins.
  package func begin(_ record: ChangeRecord) async throws(JournalError) -> String {
    try await journal.begin(record)
  }

  /// Notes what became of it, also for the life of the secrets in it.
  package func end(_ record: ChangeRecord, attempt: String) async {
    await journal.end(record, attempt: attempt)
    let edits = edits(for: record)
    do throws(FileError) {
      try ledger.apply(edits, patience: patience.remaining)
    } catch {
      if case .locked = error { patience.exhaust() }
      if complaints.insert("\(error)").inserted { complain(error) }
    }
  }

  /// Notes that what was saved was tested again.
  package func verify(_ record: ChangeRecord, attempt: String) async {
    await journal.verify(record, attempt: attempt)
  }

  /// Notes a change of which nothing was sent.
  package func note(_ record: ChangeRecord) async { await journal.note(record) }

  /// The first note that was not kept.
  package func problem() async -> JournalError? { await journal.problem() }

  private func edits(for record: ChangeRecord) -> [SecretLedger.Edit] {
    guard record.outcome == .done, let id = record.id else { return [] }
    let connection = ConnectionKey(plugin: record.plugin, id: id)
    let gone = SecretLedger.Edit.gone(instance: instance, connection)
    if record.action == Change.Action.delete.rawValue { return [gone] }
    var edits: [SecretLedger.Edit] = []
    // What had this number before is another connection.
    if record.action == Change.Action.create.rawValue { edits.append(gone) }
    let since = AuditLog.time(now())
    for change in record.changes where change.after == .string(Secret.placeholder) {
      let set = SecretRecord(
        SecretRecord.Key(instance: instance, connection: connection, field: change.field),
        name: record.name,
        since: since,
        expires: record.expires
      )
      edits.append(record.fates.map { .pool(set, $0) } ?? .set(set))
    }
    if record.changes.contains(where: { $0.field == "name" && $0.before != .null }) {
      edits.append(.renamed(instance: instance, connection, to: record.name))
    }
    return edits
  }
}
