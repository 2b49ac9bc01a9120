import DevLakeKit

extension Session {
  /// What carries out a command's changes of the DevLake in use, in the audit log and on the screen.
  ///
  /// - Parameters:
  ///   - command: What the log calls it; the command's name by default.
  ///   - issued: Where secrets go that come with new connections.
  ///   - announcing: What is said before candidates are tested.
  func changes(
    for call: Call,
    as command: String? = nil,
    issued: IssuedSecrets? = nil,
    announcing: @escaping @Sendable ([Change]) -> String? = { _ in nil }
  ) async throws(Failure) -> Changes {
    try await changes(
      as: command ?? call.signature.name,
      approver: call.text("approved-by"),
      parallel: call.integer("parallel"),
      issued: issued,
      announcing: announcing
    )
  }

  /// The same where no command was typed.
  func changes(
    as command: String,
    approver: String? = nil,
    parallel: Int? = nil,
    issued: IssuedSecrets? = nil,
    announcing: @escaping @Sendable ([Change]) -> String? = { _ in nil }
  ) async throws(Failure) -> Changes {
    var changes = Changes(in: try await administrator().client)
    changes.policy.parallel = parallel ?? settings.parallel
    changes.journal = try journal(for: command, approver)
    changes.progress = ShellProgress(self, issued: issued, announcement: announcing)
    return changes
  }

  /// Where a command's changes of the DevLake in use are kept.
  func journal(
    for command: String,
    _ approver: String? = nil
  ) throws(Failure) -> any ChangeJournal {
    guard let instance = server.instance else { return NoJournal() }
    let isRequired = try requiresAudit()
    guard let folder = journal.folder, let log = journal.auditLog else {
      guard !isRequired else { throw .unaudited(Journal.homeless) }
      warnOnce("changes are not recorded in the audit log: \(Journal.homeless)")
      return NoJournal()
    }
    let audit = AuditJournal(
      log,
      AuditJournal.Context(
        instance: instance.url.text,
        user: journal.userName,
        command: command,
        isRequired: isRequired,
        restriction: restriction,
        approver: approver,
        redactor: redactor,
        now: world.now
      ),
      folder: folder,
      patience: journal.patience
    )
    let conversation = conversation
    return LifeJournal(
      audit,
      SecretLedger(folder: folder),
      instance: instance.url.text,
      now: world.now,
      patience: journal.patience
    ) { error in
      conversation.warn("when secrets were set and expire is not recorded: \(error)")
    }
  }

  /// Carries out changes of a command; a signal that ends the program waits for the account of them.
  func carryOut(_ planned: [Change], by changes: Changes) async -> ChangeResults {
    let results = await EndingSignals.deferred { await changes.run(planned) }
    if let number = EndingSignals.pending {
      requestExit(ExitRequest(code: ExitCode(rawValue: 128 + number)))
    }
    take(results)
    return results
  }

  /// Records the outcome of changes: what was seen of connections is old, what was read of them besides is
  /// read again, those that are gone leave the state files, and what the log does not have is said.
  private func take(_ results: ChangeResults) {
    for plugin in Set(results.results.filter(\.outcome.wasBegun).map(\.change.plugin.id)) {
      inventory.drop(plugin)
    }
    journal.rereads()
    forget(
      results.results.filter { $0.change.action == .delete && $0.outcome.isWritten }
        .compactMap(\.change.key)
    )
    if let problem = results.journalProblem {
      warnOnce("changes are not recorded in the audit log: \(problem)")
    }
  }

  /// Says once that secrets can be read on their way.
  func warnIfReadable(_ changes: [Change]) {
    guard let url = server.instance?.url, changes.contains(where: \.holdsSecret), url.isOpen
    else { return }
    warnOnce(
      changes.count == 1
        ? "\(url) is not encrypted: the secret can be read in transit"
        : "\(url) is not encrypted: the secrets can be read in transit"
    )
  }
}

extension Failure {
  /// That a change is not sent which the log could not keep.
  static func unaudited(_ reason: String) -> Failure {
    Failure(
      Diagnostic(
        code: .refused,
        message: "nothing was sent: the audit log is required and cannot be written: \(reason)"
      ),
      exitCode: .unasked
    )
  }
}
