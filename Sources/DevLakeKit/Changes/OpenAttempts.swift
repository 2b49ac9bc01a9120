/// Finds the writes of which a killed program left only that they began, and settles them.
public struct OpenAttempts: Sendable {
  private let log: AuditLog
  private let folder: String
  private let context: AuditJournal.Context

  /// Creates open attempts with the log.
  ///
  /// - Parameters:
  ///   - log: The log that is searched.
  ///   - folder: The folder of the log.
  ///   - context: The DevLake it is about, and what the lines say that settle an attempt.
  public init(_ log: AuditLog, folder: String, _ context: AuditJournal.Context) {
    self.log = log
    self.folder = folder
    self.context = context
  }

  /// A write that began and was cut off.
  public struct Attempt: Sendable {
    /// The line of the log.
    public let record: JSONObject
    /// What a look-up tells of it.
    public let outcome: ChangeRecord.Outcome
    /// The connection, as `github/1`, or the plugin and the name of one that was to be created.
    public let title: String
  }

  /// Looks up what became of every write on this DevLake that was cut off, and notes it in the log.
  ///
  /// Where DevLake cannot be asked they stay as they are, for the next time.
  public func settle(_ administrator: Administrator) async -> [Attempt] {
    let abandoned = AttemptMarker.abandoned(in: folder)
    // A log that cannot be read tells of nothing; the next change says what is wrong with it.
    guard !abandoned.isEmpty, let records = try? log.contents().records else { return [] }
    var settled: [Attempt] = []
    for name in abandoned {
      var isDone = true
      for record in open(records, of: name) {
        guard record["instance"]?.string == context.instance else {
          isDone = false
          continue
        }
        guard let outcome = await outcome(of: record, administrator) else {
          isDone = false
          continue
        }
        let attempt = Attempt(record: record, outcome: outcome, title: Self.title(of: record))
        if await note(attempt) { settled.append(attempt) } else { isDone = false }
      }
      if isDone { AttemptMarker.remove(name, in: folder) }
    }
    return settled
  }

  private static func title(of record: JSONObject) -> String {
    let plugin = record["plugin"]?.string ?? ""
    if let id = record["id"]?.int { return "\(plugin)/\(id)" }
    if plugin.isEmpty { return ServerText.line(record["name"]?.string ?? "") }
    return "\(plugin) \"\(ServerText.line(record["name"]?.string ?? ""))\""
  }

  /// The attempts of one program that have no second line.
  private func open(_ records: [JSONObject], of name: String) -> [JSONObject] {
    var open: [(attempt: String, record: JSONObject)] = []
    for record in records {
      guard let attempt = record["attempt"]?.string, attempt.hasPrefix(name + ".") else { continue }
      if record["outcome"]?.string == ChangeRecord.Outcome.started.rawValue {
        open.append((attempt, record))
      } else {
        open.removeAll { $0.attempt == attempt }
      }
    }
    return open.map(\.record)
  }

  private func note(_ attempt: Attempt) async -> Bool {
    var line = attempt.record
    line["time"] = .string(AuditLog.time(context.now()))
    line["outcome"] = .string(attempt.outcome.rawValue)
    let step = attempt.record["message"]?.string.map { " (\($0))" } ?? ""
    line["message"] = .string(
      "looked up later: the program that started it was killed before it could report" + step
    )
    line["updatedAt"] = nil
    line["request"] = nil
    do throws(FileError) {
      try await log.append([line], LockBudget(.seconds(1)))
      return true
    } catch {
      return false
    }
  }

  /// What DevLake tells of an attempt now; `nil` when it cannot be asked.
  private func outcome(
    of record: JSONObject,
    _ administrator: Administrator
  ) async -> ChangeRecord.Outcome? {
    let plugin = PluginRegistry.standard.descriptor(for: record["plugin"]?.string ?? "")
    let action = record["action"]?.string
    if let request = record["request"]?.string {
      return await outcome(of: request, record, plugin, administrator)
    }
    // What is not a connection, such as an API key, has nothing to compare.
    guard !plugin.id.isEmpty else { return .unknown }
    guard let id = record["id"]?.int else {
      guard action == Change.Action.create.rawValue, let name = record["name"]?.string else {
        return .unknown
      }
      return await created(name, record, plugin, administrator)
    }
    let client = administrator.client
    let found = await result { () async throws(APIError) in
      try await client.connection(id, of: plugin)
    }
    switch found {
    case .failure(let error) where error.meansAbsent:
      return action == Change.Action.delete.rawValue ? .done : .failed
    case .failure: return nil
    case .success(let now):
      if action == Change.Action.delete.rawValue { return .failed }
      return changed(now, record, plugin)
    }
  }

  /// What became of a request that is about something else than a connection's fields.
  ///
  /// What no single GET tells is not known: it is told as that once, not asked again for ever.
  private func outcome(
    of request: String,
    _ record: JSONObject,
    _ plugin: PluginDescriptor,
    _ administrator: Administrator
  ) async -> ChangeRecord.Outcome? {
    let client = administrator.client
    let parts = request.split(separator: " ", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return .unknown }
    let (method, path) = (parts[0], parts[1])
    if method == "GET", path == ChangeRequest.migration.path {
      let served = await result { () async throws(APIError) in try await client.plugins() }
      return if case .success = served { .done } else { nil }
    }
    guard let id = record["id"]?.int else { return .unknown }
    let key = ConnectionKey(plugin: plugin.id, id: id)
    if method == "DELETE", path == key.path || path.hasPrefix(key.path + "/scopes/") {
      let found = await result { () async throws(APIError) in
        if path == key.path {
          _ = try await client.connection(id, of: plugin)
        } else {
          _ = try await client.json(.get(path))
        }
      }
      switch found {
      case .success: return .failed
      case .failure(let error): return error.meansAbsent ? .done : nil
      }
    }
    let blueprint = path.split(separator: "/").map(String.init)
    if method == "PATCH", blueprint.count == 2, blueprint[0] == "blueprints",
      let number = Int(blueprint[1])
    {
      let found = await result { () async throws(APIError) in try await client.blueprint(number) }
      switch found {
      case .success(let object):
        return object["connections"]?.array?.contains(where: key.isIn) == true ? .failed : .done
      case .failure(let error): return error.meansAbsent ? .done : nil
      }
    }
    return .unknown
  }

  private func created(
    _ name: String,
    _ record: JSONObject,
    _ plugin: PluginDescriptor,
    _ administrator: Administrator
  ) async -> ChangeRecord.Outcome? {
    let client = administrator.client
    let found = await result { () async throws(APIError) in
      try await client.connections(of: plugin)
    }
    guard case .success(let connections) = found else { return nil }
    guard let connection = connections.first(where: { $0.name == name }) else { return .failed }
    return changed(connection, record, plugin)
  }

  /// Compares the fields of the line; a secret is not in it, so that there only the time is left.
  private func changed(
    _ now: Connection,
    _ record: JSONObject,
    _ plugin: PluginDescriptor
  ) -> ChangeRecord.Outcome {
    let time = record["updatedAt"]?.string
    if let time, now.updatedAt == time { return .failed }
    var sent = RequestBody()
    for change in record["changes"]?.array ?? [] {
      guard let field = change["field"]?.string, let after = change["after"], after != "***",
        !field.hasPrefix("connections of "), field != "scopes"
      else { continue }
      sent[field] = .json(after)
    }
    guard !sent.isEmpty else { return .unknown }
    let untaken = SentFields(sent: sent, plugin: plugin, before: nil).untaken(in: now)
    return untaken.isEmpty ? .done : .unknown
  }
}
