import DevLakeKit

/// The API keys of the DevLake in use, and what `keys` does with them.
struct KeyRing {
  let session: Session
  let call: Call

  private var client: DevLakeClient {
    get async throws(Failure) { try await session.connected().client }
  }

  /// The keys people have made, then those of webhook connections.
  private func all() async throws(Failure) -> [APIKey] {
    let client = try await client
    do throws(APIError) {
      var keys = try await client.apiKeys()
      session.inventory.note(keys: keys)
      for plugin in PluginRegistry.standard.plugins where !plugin.issuedSecret.isEmpty {
        keys += try await client.apiKeys(of: plugin)
      }
      return keys
    } catch {
      throw Failure(error, doing: "keys")
    }
  }

  // What there is.

  func list() async throws(Failure) -> CommandResult {
    let keys = try await all()
    let now = session.world.now()
    let rows = keys.map { key in
      [
        "\(key.id)", key.name, key.allowedPath,
        (key.lastDay?.text ?? "") + (key.hasEnded(at: now) ? " (ended)" : ""), key.creator,
        key.connection?.description ?? "",
      ]
    }
    var result = CommandResult(
      Output(
        data: .array(keys.map { .object(Self.record($0, now)) }),
        view: keys.isEmpty
          ? .lines(["No API keys found."])
          : .table(
            Table(
              columns: [
                .init("ID", alignment: .trailing), .init("Name", canShrink: true),
                .init("Opens", canShrink: true), .init("Good until"),
                .init("Creator", priority: 40, canShrink: true), .init("Connection", priority: 50),
              ],
              rows: rows
            )
          ),
        fields: [
          "id", "name", "allowedPath", "anchored", "expiredAt", "ended", "creator", "connection",
        ]
      )
    )
    result.notes = keys.filter { !$0.isAnchored && !$0.opensEverything && $0.connection == nil }
      .map { key in
        "⚠️ '\(ServerText.line(key.name))' opens every path that contains "
          + "'\(ServerText.line(key.allowedPath))': its pattern is not anchored with ^ and $"
      }
    return result
  }

  private static func record(_ key: APIKey, _ now: Int) -> JSONObject {
    var record: JSONObject = [
      "id": .integer(key.id), "name": .string(key.name), "allowedPath": .string(key.allowedPath),
      "anchored": .bool(key.isAnchored),
      "expiredAt": key.expiredAt.map { .string($0) } ?? .null,
      "ended": .bool(key.hasEnded(at: now)),
      "creator": .string(key.creator),
    ]
    if let connection = key.connection { record["connection"] = .string(connection.description) }
    return record
  }

  /// The key a word means: a number, an exact name, or the webhook connection it came with.
  private func find(_ given: ArgumentValue) async throws(Failure) -> APIKey {
    let keys = try await all()
    let found = keys.filter { key in
      given.text == "\(key.id)" || given.text == key.name
        || key.connection.map { given.text == $0.description } ?? false
    }
    guard let key = found.first else {
      throw .notFound(
        "no API key '\(given.text)'",
        at: given,
        help: Suggestion.closest(to: given.text, among: keys.map(\.name)).map {
          "did you mean '\($0)'?"
        } ?? "'keys' shows what is there"
      )
    }
    guard found.count == 1 else {
      throw .invalid(
        "'\(given.text)' is the number of one key and the name of another",
        at: given,
        help: "'keys' shows both"
      )
    }
    return key
  }

  // What is changed.

  func create() async throws(Failure) -> CommandResult {
    guard let given = call.argument("KEY") else { throw .usage("KEY is missing", at: call.whole) }
    guard !given.text.isEmpty, given.text.count <= 255 else {
      throw .invalid("the name of a key has 1 to 255 characters", at: given)
    }
    let end = try expiry()
    let pattern = try await pattern()
    let request = ChangeRequest.keyCreation(given.text, allowedPath: pattern, expiredAt: end)
    if call.flag("dry-run") { return DryRun(requests: [request]).result }
    if let taken = try await all().first(where: { $0.name == given.text }) {
      throw .conflict(
        "API key \(taken.id) is named '\(ServerText.line(taken.name))' already",
        at: given,
        help: "take another name, or give it another secret: keys rotate \(taken.id)"
      )
    }
    let change = ChangeRecord(
      plugin: "",
      id: nil,
      name: given.text,
      action: "created",
      changes: [FieldChange(field: "allowedPath", before: .null, after: .string(pattern))],
      outcome: .started
    )
    return try await issue(request, change, named: given.text)
  }

  func rotate() async throws(Failure) -> CommandResult {
    guard let given = call.argument("KEY") else { throw .usage("KEY is missing", at: call.whole) }
    let key = try await find(given)
    let request = ChangeRequest.keyRotation(key.id)
    if call.flag("dry-run") { return DryRun(requests: [request]).result }
    let change = ChangeRecord(
      plugin: key.connection?.plugin ?? "",
      id: key.connection?.id ?? key.id,
      name: key.name,
      action: "rotated",
      outcome: .started
    )
    return try await issue(request, change, named: key.name, key.id)
  }

  /// Sends what is answered with a secret; there is a place for that before it is sent.
  private func issue(
    _ request: ChangeRequest,
    _ record: ChangeRecord,
    named name: String,
    _ id: Int? = nil
  ) async throws(Failure) -> CommandResult {
    let client = try await client
    var place = try KeyPlace(call, session)
    var record = record
    let journal = try session.journal(for: "keys")
    let attempt = try await begin(record, journal)
    session.inventory.dropKeys()
    let outcome = await Result(awaiting: { () async throws(APIError) in
      try await client.issueKey(request)
    })
    switch outcome {
    case .failure(let error):
      record.outcome = error.leavesWriteOpen ? .unknown : .failed
      record.message = error.description
      await journal.end(record, attempt: attempt)
      throw unissued(error, record, id)
    case .success(let issued):
      // In the log before anything else can go wrong.
      record.outcome = .done
      if record.plugin.isEmpty { record.id = issued.key.id }
      await journal.end(record, attempt: attempt)
      do throws(Failure) {
        try place.keep(issued.secret, of: name)
      } catch {
        throw error.saying(
          "the key '\(name)' is there, and nobody knows what it says: 'keys rotate \(issued.key.id)'"
        )
      }
      return result(issued.key, record.action, place.note(name))
    }
  }

  /// A key whose answer was lost is one whose secret nobody has.
  private func unissued(_ error: APIError, _ record: ChangeRecord, _ id: Int?) -> Failure {
    let failure = Failure(error, doing: "keys")
    guard error.leavesWriteOpen else {
      return failure.saying("no key was \(record.action)")
    }
    var open = failure.saying("whether the key '\(record.name)' was \(record.action) is not known")
    open.leavesUnknown = true
    open.diagnostic.help =
      id.map { "if it was, its old secret has ended: 'keys rotate \($0)' again" }
      ?? "look with 'keys'; if it is there, 'keys rotate' gives it a secret that arrives"
    return open
  }

  func delete() async throws(Failure) -> CommandResult {
    var keys: [APIKey] = []
    for given in call.all(argument: "KEY") {
      let key = try await find(given)
      guard key.connection == nil else {
        throw .invalid(
          "this key belongs to \(key.connection?.description ?? "") and goes with it",
          at: given,
          help: "give it another secret with 'keys rotate', or delete the connection"
        )
      }
      if !keys.contains(key) { keys.append(key) }
    }
    let requests = keys.map { ChangeRequest.keyDeletion($0.id) }
    if call.flag("dry-run") { return DryRun(requests: requests).result }
    try await confirm(keys)
    let client = try await client
    let journal = try session.journal(for: "keys")
    var lines: [String] = []
    for (key, request) in zip(keys, requests) {
      var record = ChangeRecord(
        plugin: "",
        id: key.id,
        name: key.name,
        action: "deleted",
        outcome: .started
      )
      let attempt = try await begin(record, journal)
      session.inventory.dropKeys()
      let outcome = await Result(awaiting: { () async throws(APIError) in
        try await client.deleteKey(request)
      })
      if case .failure(let error) = outcome {
        record.outcome = error.leavesWriteOpen ? .unknown : .failed
        record.message = error.description
        await journal.end(record, attempt: attempt)
        throw Failure(error, doing: "keys").saying(
          lines.isEmpty ? "nothing was deleted" : "deleted so far: \(lines.count)"
        )
      }
      record.outcome = .done
      await journal.end(record, attempt: attempt)
      lines.append("✅ Deleted API key '\(ServerText.line(key.name))' (ID=\(key.id))")
    }
    return CommandResult(
      Output(data: .array(keys.map { Self.done($0, "deleted") }), view: .lines(lines))
    )
  }

  private func confirm(_ keys: [APIKey]) async throws(Failure) {
    guard !session.scope.answersYes else { return }
    let names = keys.map { "'\(ServerText.line($0.name))'" }.joined(separator: ", ")
    guard session.conversation.canAsk else {
      throw .unasked("'keys delete' asks before it deletes \(names)", flags: ["--yes"])
    }
    let answer = try await session.conversation.ask(
      "Delete \(names)? Whoever uses it is shut out at once. (yes/no): "
    )
    guard ["y", "yes"].contains(answer?.lowercased() ?? "") else {
      throw .unasked("nothing was deleted", flags: [])
    }
  }

  private func begin(
    _ record: ChangeRecord,
    _ journal: any ChangeJournal
  ) async throws(Failure) -> String {
    do throws(JournalError) {
      return try await journal.begin(record)
    } catch {
      throw .unaudited(error.description)
    }
  }

  private func result(_ key: APIKey, _ action: String, _ note: String) -> CommandResult {
    let verb = action == "created" ? "Created" : "Rotated"
    return CommandResult(
      Output(
        data: .array([Self.done(key, action)]),
        view: .lines([note, "✅ \(verb) API key '\(ServerText.line(key.name))' (ID=\(key.id))"])
      )
    )
  }

  private static func done(_ key: APIKey, _ action: String) -> JSONValue {
    [
      "id": .integer(key.id), "name": .string(key.name), "action": .string(action),
      "allowedPath": .string(key.allowedPath),
      "expiredAt": key.expiredAt.map { .string($0) } ?? .null,
    ]
  }

  // What a new key opens, and how long.

  private func pattern() async throws(Failure) -> String {
    if let given = call.option("path") {
      guard !given.text.isEmpty else { throw .invalid("'--path' must be a pattern", at: given) }
      return given.text
    }
    var patterns: [String] = []
    for given in call.all(option: "for") {
      let parts = given.text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let id = ConnectionKey.id(String(parts[1])) else {
        throw .invalid("'--for' takes PLUGIN/ID", at: given, help: "as in --for github/1")
      }
      let target = ConnectionTarget(
        plugin: session.plugin(String(parts[0])),
        id: id,
        connection: nil
      )
      // A key for what is not there is a mistake, or one for whatever comes to be there.
      if !call.flag("dry-run") { _ = try await session.connection(target, at: given) }
      patterns.append(APIKey.pattern(for: target.key))
    }
    guard patterns.count > 1 else { return patterns.first ?? "" }
    return "^(\(patterns.map { $0.dropFirst().dropLast() }.joined(separator: "|")))$"
  }

  /// The first moment after the last day; `nil`: it never ends.
  private func expiry() throws(Failure) -> String? {
    guard let day = try call.expires(in: session) else { return nil }
    return day.next.text + "T00:00:00Z"
  }
}
