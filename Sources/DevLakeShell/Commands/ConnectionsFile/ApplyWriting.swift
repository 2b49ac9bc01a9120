import DevLakeKit

/// Sends the changes of a plan, one after the other, and notes each before the next is sent.
struct ApplyWriting {
  private let session: Session
  private let administrator: Administrator
  private let secretFile: Given?
  private let command: String
  private let overwrites: Bool
  /// Whether nothing more is sent.
  private var isOver = false

  init(
    session: Session,
    administrator: Administrator,
    secretFile: Given?,
    command: String,
    overwrites: Bool
  ) {
    self.session = session
    self.administrator = administrator
    self.secretFile = secretFile
    self.command = command
    self.overwrites = overwrites
  }

  /// The outcomes in the changes' order.
  mutating func write(
    _ changes: [PlannedChange],
    _ verdicts: [Verdict?]
  ) async throws(Failure) -> [ApplyOutcome] {
    var file = try openSecretFile(for: changes)
    var outcomes: [ApplyOutcome] = []
    for (change, verdict) in zip(changes, verdicts) {
      var outcome = ApplyOutcome(state: .unchanged, id: change.connection?.key.id, test: verdict)
      if change.action == .unchanged {
        outcomes.append(outcome)
        continue
      }
      guard !isOver, !Task.isCancelled else {
        outcome.state = .notDone
        outcomes.append(outcome)
        continue
      }
      do throws(Failure) {
        try await write(change, &outcome, &file)
        outcome.state = .done
      } catch {
        outcome.state = .failed(error)
        outcome.message = error.diagnostic.message
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private mutating func write(
    _ change: PlannedChange,
    _ outcome: inout ApplyOutcome,
    _ file: inout SecretFile?
  ) async throws(Failure) {
    switch change.action {
    case .create: try await create(change, &outcome, &file)
    case .update, .rotate: try await update(change, &outcome)
    case .delete: try await delete(change, &outcome)
    case .unchanged: break
    }
  }
}

/// One change of each kind.
extension ApplyWriting {
  private mutating func create(
    _ change: PlannedChange,
    _ outcome: inout ApplyOutcome,
    _ file: inout SecretFile?
  ) async throws(Failure) {
    let written: Written
    do throws(WriteError) {
      written = try await administrator.create(change.body, of: change.plugin)
    } catch {
      throw failed(
        change,
        error,
        .uncreated(
          error,
          Failure(error.error, doing: change.title),
          change.name,
          of: change.plugin,
          at: nil
        )
      )
    }
    outcome.id = written.connection.key.id
    note(change, written, .created)
    session.record(
      written.connection,
      organization: change.desired?.organization ?? "",
      enterprise: change.desired?.enterprise ?? ""
    )
    try keepIssuedSecret(of: written.connection, change, &file)
  }

  private mutating func update(
    _ change: PlannedChange,
    _ outcome: inout ApplyOutcome
  ) async throws(Failure) {
    guard let connection = try await current(change) else { return }
    let written: Written
    do throws(WriteError) {
      written = try await administrator.change(connection, change.body, of: change.plugin)
    } catch {
      throw failed(change, error, .unchanged(error, connection.key))
    }
    note(change, written, change.action == .rotate ? .rotated : .updated)
    session.record(
      written.connection,
      organization: change.desired?.organization,
      enterprise: change.desired?.enterprise
    )
  }

  private mutating func delete(
    _ change: PlannedChange,
    _ outcome: inout ApplyOutcome
  ) async throws(Failure) {
    guard let connection = try await current(change) else {
      outcome.message = "it was gone already"
      return
    }
    let key = connection.key
    do throws(WriteError) {
      if try await administrator.delete(key.id, of: change.plugin) {
        session.conversation.warn("DevLake's answer was lost; \(key) was looked up and is gone")
      }
    } catch {
      var failure = Failure(error.error, doing: "\(key) was not deleted")
      if error.effect == .unknown {
        failure.diagnostic.message =
          "\(error.error.description); whether \(key) was deleted is not known"
        failure.diagnostic.help = "look with 'show \(key)'"
      } else {
        failure.diagnostic.help = "'impact \(key)' shows what stands against it"
      }
      throw failed(change, error, failure)
    }
    session.audit(entry(change, .deleted, id: key.id), command: command)
    session.cache.drop(change.plugin.id)
    session.forget(key)
  }

  /// The connection as it is now, when nobody has changed it since the plan was made; `nil` when it
  /// is gone and was to go.
  private mutating func current(_ change: PlannedChange) async throws(Failure) -> Connection? {
    guard let planned = change.connection else { return nil }
    let now: Connection
    do throws(APIError) {
      now = try await administrator.client.connection(planned.key.id, of: change.plugin)
    } catch {
      if error.isCancellation || error.isAboutServer { isOver = true }
      if change.action == .delete, error.status == 404, error.kind != .noRoute { return nil }
      var failure = session.missing(error, session.target(planned))
      failure.diagnostic.message += "; nothing was changed"
      throw failure
    }
    if now.updatedAt != planned.updatedAt, change.body.holdsSecret,
      planned.fieldsChanged(in: now).isEmpty
    {
      guard overwrites else {
        throw .secretChangedMeanwhile(planned.key, allowsOverwriting: true)
      }
      session.conversation.warn(
        "\(planned.key) was changed by somebody else meanwhile, perhaps its secret; --overwrite "
          + "replaces it"
      )
      return now
    }
    guard now.updatedAt == planned.updatedAt, now.name == planned.name else {
      throw .conflict(
        "\(planned.key) was changed by somebody else since the plan was made; it is left alone",
        help: "look at the plan again"
      )
    }
    return now
  }
}

/// What is remembered of a write.
extension ApplyWriting {
  private func entry(
    _ change: PlannedChange,
    _ action: ChangeReport.Action,
    id: Int?
  ) -> ChangeReport.Entry {
    ChangeReport.Entry(
      plugin: change.plugin.id,
      id: id,
      name: change.name,
      action: action,
      changes: change.fields
    )
  }

  private func note(_ change: PlannedChange, _ written: Written, _ action: ChangeReport.Action) {
    let key = written.connection.key
    session.audit(entry(change, action, id: key.id), command: command)
    session.cache.drop(change.plugin.id)
    if written.wasLookedUp {
      session.conversation.warn("DevLake's answer was lost; \(key) was looked up and is as wanted")
    }
  }

  /// Notes a write that went wrong; after one whose effect nobody knows nothing more is sent.
  private mutating func failed(
    _ change: PlannedChange,
    _ error: WriteError,
    _ failure: Failure
  ) -> Failure {
    if error.error.isCancellation || error.error.isAboutServer { isOver = true }
    switch error.effect {
    case .none, .nameTaken: break
    case .unknown, .notYet, .poisoned: isOver = true
    }
    var entry = entry(change, .failed, id: change.connection?.key.id)
    entry.message = "\(change.action.rawValue): \(failure.diagnostic.message)"
    entry.isUnknown = error.isOpen
    session.audit(entry, command: command)
    session.cache.drop(change.plugin.id)
    return failure
  }
}

/// Secrets DevLake gives only once.
extension ApplyWriting {
  /// The file is there before the first of them is given.
  private func openSecretFile(for changes: [PlannedChange]) throws(Failure) -> SecretFile? {
    guard let given = secretFile,
      changes.contains(where: { $0.action == .create && !$0.plugin.issuedSecret.isEmpty })
    else { return nil }
    do throws(SecretFileError) {
      return try SecretFile(creatingAt: session.secretSources().path(given.text))
    } catch {
      throw .invalid(error.description, at: given)
    }
  }

  private func keepIssuedSecret(
    of connection: Connection,
    _ change: PlannedChange,
    _ file: inout SecretFile?
  ) throws(Failure) {
    guard !change.plugin.issuedSecret.isEmpty else { return }
    guard let secret = connection.issuedSecret(at: change.plugin.issuedSecret) else {
      session.conversation.warn("DevLake gave no key with \(connection.key)")
      return
    }
    let name = ConnectionsFile.variable(change.plugin.id, change.name, "apiKey")
    do throws(SecretFileError) {
      try file?.write(Secret(secret.reveal { "\(name)=\($0)" }))
    } catch {
      throw Failure(
        Diagnostic(
          code: .refused,
          message: "\(connection.key) was created, but its key is lost: \(error)",
          help: "delete it and create it again, with another --secret-file"
        ),
        exitCode: .failure
      )
    }
    session.conversation.note(
      "   🔑 Key of \(connection.key) written to \(secretFile?.text ?? "") as \(name)"
    )
  }
}
