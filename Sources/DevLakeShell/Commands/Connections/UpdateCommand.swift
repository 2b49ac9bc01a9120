import DevLakeKit

/// Changes a connection: `update github/1 --name "GitHub - acme"`.
struct UpdateCommand: Command {
  let signature = Signature(
    name: "update",
    abstract: "Change fields of a connection",
    discussion: """
      A new secret or address is tested before it is saved. Of plugins that keep no organization \
      --org and --enterprise go to the state file. GitHub's token goes when the connection changes \
      to an App, and the App's key when it changes back; one that was left is removed by --clear.
      """,
    arguments: [.selector],
    options: [.id, .condition] + FieldOptions.fixed + [
      .init(
        name: "clear",
        kind: .text,
        placeholder: "FIELD",
        help: "clear a field (repeatable)",
        isRepeated: true
      ),
      .init(
        name: "keep-old",
        kind: .flag,
        help: "keep the old secret when the authentication method changes (GitHub)"
      ),
      .secretField, .keep,
      .init(
        name: "from",
        kind: .file,
        placeholder: "FILE",
        help: "several connections and their new secrets, as 'rotate --from' reads them"
      ),
      .init(name: "partial", kind: .flag, help: "of several, save those that pass their test"),
      .parallel,
      .init(name: "no-test", kind: .flag, help: "save without a test"),
      .overwrite, .envFile, .skipCleanup, .dryRun,
    ] + FieldOptions.fromCatalogue,
    examples: [
      .init(
        input: "update --plugin github --id 1 --token env:NEW",
        purpose: "a new token, tested first"
      ),
      .init(input: "update gh-copilot/1 --org new-org", purpose: "another organization"),
      .init(input: "update jira/1 --clear proxy", purpose: "remove the proxy"),
      .init(
        input: "update 'bitbucket/*' --api-token --username ada@example.com --from tokens.csv",
        purpose: "several, each with its own new secret"
      ),
      .init(
        input: "update jenkins/1 --expires 2031-12-31",
        purpose: "when the secret ends that it has"
      ),
    ],
    changes: true,
    phrases: [
      ["configure", "connection", "update"], ["configure", "connections", "update"],
    ]
  )

  private static let whatToChange =
    "--name, --endpoint, --proxy, --token, --org, --enterprise or another field"

  func mistakes(in call: Call) -> [Failure] {
    let plugin = FieldOptions.writtenPlugin(of: call)
    var mistakes = FieldOptions.mistakes(in: call, of: plugin)
    guard let plugin else { return mistakes }
    for given in call.all(option: "clear") where given.value != nil {
      // What only the state file has is emptied there.
      guard !["organization", "org", "enterprise"].contains(given.text) else { continue }
      do throws(Failure) {
        _ = try ConnectionUpdate.clearable(given, plugin)
      } catch {
        mistakes.append(error)
      }
    }
    return mistakes
  }

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    try await KeptSecrets.around(call, session) { () async throws(Failure) in
      try await update(call, session)
    }
  }

  private func update(_ call: Call, _ session: Session) async throws(Failure) -> CommandResult {
    if let file = call.option("from") { return try await updateSeveral(from: file, call, session) }
    let target = try await target(call, session)
    let change = try ConnectionUpdate(call, target.plugin, session)
    if change.isEmpty, !session.conversation.canAsk {
      throw .unasked("'update' needs to know what changes", flags: [Self.whatToChange])
    }
    let connection = try await session.connection(target, at: call.place(of: target))
    guard change.isEmpty else {
      return try await applied(
        change,
        call,
        connection,
        target.plugin,
        session,
        tests: !call.flag("no-test")
      )
    }
    let wizard = UpdateWizard(session: session)
    return try await wizard.answers.lead { () async throws(Failure) in
      try await answered(call, connection, target.plugin, wizard, session)
    }
  }

  /// Asks what changes, and changes it; what went wrong is answered anew.
  private func answered(
    _ call: Call,
    _ connection: Connection,
    _ plugin: PluginDescriptor,
    _ wizard: UpdateWizard,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    var tests = !call.flag("no-test")
    var isConfirmed = false
    while true {
      wizard.answers.begin()
      do throws(Failure) {
        let answered = try await wizard.complete(call, connection, plugin)
        let change = try ConnectionUpdate(answered, plugin, session)
        if !isConfirmed {
          switch try await confirm(change, connection, wizard) {
          case .goOn: isConfirmed = true
          case .leave: return Self.cancelled(connection, session)
          case .answerAgain, .anotherSecret, .saveUntested: continue
          }
        }
        let result: CommandResult
        do throws(Failure) {
          let tests = tests
          result = try await wizard.answers.changing { () async throws(Failure) in
            try await applied(change, answered, connection, plugin, session, tests: tests)
          }
          guard result.isUntouched else { return result }
        } catch {
          guard !error.leavesUnknown, ![.interrupted, .unasked].contains(error.exitCode) else {
            throw error
          }
          var failure = error
          session.conversation.report(failure.diagnostic)
          failure.isReported = true
          let title = "Nothing was changed. What now"
          switch try await wizard.answers.wish(afterFailure: title, canSave: false) {
          case .leave: throw failure
          case .anotherSecret: wizard.answers.forget("token")
          case .answerAgain: isConfirmed = false
          case .goOn, .saveUntested: break
          }
          continue
        }
        if case .lines(let lines) = result.output.view {
          for line in lines + result.notes { session.conversation.note(line) }
        }
        let title = "The test failed, and nothing was changed. What now"
        switch try await wizard.answers.wish(afterFailure: title, canSave: true) {
        case .leave:
          var told = result
          (told.output.view, told.notes) = (.none, [])
          return told
        case .anotherSecret: wizard.answers.forget("token")
        case .answerAgain: isConfirmed = false
        case .saveUntested: tests = false
        case .goOn: break
        }
      } catch {
        guard wizard.answers.goesBack else { throw error }
      }
    }
  }

  private func applied(
    _ change: ConnectionUpdate,
    _ call: Call,
    _ connection: Connection,
    _ plugin: PluginDescriptor,
    _ session: Session,
    tests: Bool
  ) async throws(Failure) -> CommandResult {
    change.warn()
    let changes = try await change.changes(of: connection)
    try change.hold(changes, of: connection)
    return try await ConnectionChange(
      session: session,
      plugin: plugin,
      connection: connection,
      changes: changes,
      action: .updated,
      organization: change.organization,
      enterprise: change.enterprise,
      expires: try call.expires(in: session),
      tests: tests,
      isDryRun: call.flag("dry-run"),
      call: call
    ).run()
  }

  /// Shows what changes, where anything does.
  private func confirm(
    _ change: ConnectionUpdate,
    _ connection: Connection,
    _ wizard: UpdateWizard
  ) async throws(Failure) -> WizardAnswers.Wish {
    guard !change.isEmpty else { return .goOn }
    return try await wizard.answers.confirm(
      "This is what changes:",
      change.summary(of: connection),
      "Change it?"
    )
  }

  private static func cancelled(_ connection: Connection, _ session: Session) -> CommandResult {
    let entry = ChangeReport.Entry(
      plugin: connection.key.plugin,
      id: connection.key.id,
      name: connection.name,
      action: .skipped,
      message: "not confirmed",
      lines: ["\(connection.key) is left as it is."]
    )
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  /// Changes several connections alike and gives each its own new secret: a migration to API tokens.
  private func updateSeveral(
    from file: ArgumentValue,
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> CommandResult {
    for name in ["token", "name", "secret-field", "no-test", "id"] {
      guard let given = call.option(name) else { continue }
      throw .usage(
        "'--\(name)' cannot be combined with '--from', which lists the connections and their secrets",
        at: given,
        help: "remove one of them"
      )
    }
    let wishes = try await RotationRequests(session: session, call: call).standing(in: file)
    if ["plugin", "where"].contains(where: { call.option($0) != nil })
      || call.argument("SEL") != nil
    {
      let selected = Set(try await Selection(session: session, call: call).targets().map(\.key))
      let named = Set(wishes.map(\.target.key))
      if let wish = wishes.first(where: { !selected.contains($0.target.key) }) {
        throw .usage(
          "\(wish.target.key) is in '\(file.text)' and is not selected; nothing was changed",
          at: file
        )
      }
      let left = selected.subtracting(named).sorted()
      if !left.isEmpty {
        let names = left.map(\.description).joined(separator: ", ")
        throw .usage("'\(file.text)' has no new secret for \(names); nothing was changed", at: file)
      }
    }
    var extras: [ConnectionKey: RequestBody] = [:]
    for wish in wishes {
      guard let connection = wish.target.connection else { continue }
      let change = try ConnectionUpdate(call, wish.target.plugin, session)
      if change.organization != nil || change.enterprise != nil {
        let name = call.option("org") != nil ? "org" : "enterprise"
        throw .usage(
          "'--\(name)' of \(wish.target.plugin.displayName) is not in DevLake, and '--from' changes "
            + "only what is",
          at: call.option(name) ?? call.option("clear"),
          help: "'update \(wish.target.key) --\(name)' saves it in the state file"
        )
      }
      change.warn()
      extras[connection.key] = try await change.changes(of: connection)
    }
    return try await BulkRotation(session: session, call: call, extras: extras).run(wishes)
  }

  private func target(_ call: Call, _ session: Session) async throws(Failure) -> ConnectionTarget {
    let isOpen = try ConnectionUpdate(call, session.plugin(call.text("plugin") ?? ""), session)
      .isEmpty
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "update 3", and: isOpen ? [Self.whatToChange] : [])
    guard let target = targets.first, targets.count == 1 else {
      throw .usage(
        "'update' changes one connection, and \(targets.count) are selected",
        at: call.whole,
        help: "'rotate' gives several a new secret"
      )
    }
    return target
  }
}
