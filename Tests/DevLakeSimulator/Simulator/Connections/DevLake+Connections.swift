import DevLakeKit

/// The routes below `/plugins/{plugin}/connections`.
extension DevLake {
  /// GET of all connections of a plugin.
  mutating func listConnections(_ plugin: String) -> Answer {
    if state == .databaseDown { return .json(bytes: Array("[]".utf8), status: 500) }
    guard let listing = tables[plugin]?.listing() else { return .panic }
    return .json(bytes: listing)
  }

  /// POST of a new connection.
  mutating func createConnection(
    _ kind: ConnectionKind,
    _ request: Request
  ) throws(Failure)
    -> Answer
  {
    let body = try GoBody.object(request.body)
    guard body != nil || !kind.panicsWithoutBody else { return .panic }
    var values = kind.blank
    if body != nil { kind.complete(&values) }
    var decoder = FieldDecoder(isWeak: kind.family == .dataSource)
    decoder.overlay(body ?? JSONObject(), on: &values, kind: kind)
    if let text = decoder.errorText {
      let words = kind.family == .dataSource ? text : "error decoding map into target type"
      throw Failure(500, [.own(words), .foreign(text)])
    }
    if body != nil { kind.fill(&values) }
    if let failure = kind.adapt(&values, .saving) { throw failure }
    if let failure = kind.payloadFailure(values, includesName: true) { throw failure }
    if let complaints = FieldValidator(kind: kind).complaints(saving: values) {
      throw kind.family == .dataSource
        ? Failure(400, [.own("validation failed", 400), .foreign(complaints)])
        : Failure(500, [.own("error validating target"), .foreign(complaints)])
    }
    if let complaint = kind.check(values) { throw Failure(400, complaint) }
    kind.settle(&values)
    try insertable(values, kind)
    guard let row = tables[kind.plugin]?.insert(values) else { return .unknownRoute }
    addDefaultScopeConfig(kind, connection: row.id)
    let status = kind.family == .dataSource ? 201 : 200
    if kind.quirks.contains(.issuesKey) {
      let key = issueKey(for: row, kind, by: caller(of: request) ?? Caller())
      return .json(key, status: status)
    }
    guard let shown = kind.shown(row, written: [.created, .updated]) else { return .panic }
    return .json(shown, status: status)
  }

  /// Refuses what the database refuses; a refused row uses up an id.
  private mutating func insertable(_ values: JSONObject, _ kind: ConnectionKind) throws(Failure) {
    let name = values["name"]?.string ?? ""
    do {
      try storable(values, kind)
    } catch {
      tables[kind.plugin]?.burnID()
      throw error
    }
    guard tables[kind.plugin]?.id(named: name) != nil else { return }
    tables[kind.plugin]?.burnID()
    throw kind.family == .dataSource
      ? Failure(
        500,
        "The name of the current scope config is duplicated. Please modify it before saving."
      ) : Failure(400, kind.duplicateWords(name))
  }

  func storable(_ values: JSONObject, _ kind: ConnectionKind) throws(Failure) {
    let name = values["name"]?.string ?? ""
    let texts =
      [(name, kind.nameLimit)] + kind.fields.map { (values[$0.name]?.string ?? "", $0.limit) }
    for (text, limit) in texts {
      if text.unicodeScalars.contains("\0") {
        throw databaseError(
          "ERROR: invalid byte sequence for encoding \"UTF8\": 0x00 (SQLSTATE 22021)"
        )
      }
      if let limit, text.unicodeScalars.count > limit {
        throw databaseError(
          "ERROR: value too long for type character varying(\(limit)) (SQLSTATE 22001)"
        )
      }
    }
  }

  func databaseError(_ text: String) -> Failure { .passedOn(500, text) }

  /// GET of one connection.
  func getConnection(_ kind: ConnectionKind, _ id: String) throws(Failure) -> Answer {
    do {
      let row = try connection(kind, id)
      if let listed = row.listed { return .json(bytes: listed) }
      guard let shown = kind.shown(row) else { return .panic }
      return .json(shown)
    } catch {
      guard error.status < 500, kind.quirks.contains(.unknownIsEmptyConnection),
        let fields = kind.maskedFields(kind.blank)
      else { throw error }
      let head: [(String, JSONValue)] = [
        ("name", ""), ("id", 0), ("createdAt", "0001-01-01T00:00:00Z"),
        ("updatedAt", "0001-01-01T00:00:00Z"),
      ]
      return .json(
        .object(JSONObject(head + fields.members.map { ($0.key, $0.value) })),
        status: error.status
      )
    }
  }

  /// The row of an id as the path has it; ids are read as the plugin's family and PostgreSQL do.
  func connection(_ kind: ConnectionKind, _ id: String) throws(Failure) -> ConnectionRow {
    if state == .databaseDown { throw databaseUnreachable }
    switch kind.family {
    case .legacy:
      guard let number = UInt(id), number > 0 else { throw Failure(400, "invalid connectionId") }
      guard let row = Int(exactly: number).flatMap({ tables[kind.plugin]?[$0] }) else {
        throw .passedOn(404, "record not found")
      }
      return row
    case .dataSource:
      guard let number = Int(id) else { throw unreadableID(id) }
      guard let row = tables[kind.plugin]?[number] else {
        throw Failure(
          404,
          [
            .own("*models.\(kind.connectionType) not found", 404), .own("record not found", 404),
            .foreign("record not found"),
          ]
        )
      }
      return row
    }
  }

  private func unreadableID(_ id: String) -> Failure {
    let digits = id.hasPrefix("-") ? id.dropFirst() : Substring(id)
    let isNumber = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
    return databaseError(
      isNumber
        ? "ERROR: value \"\(id)\" is out of range for type bigint (SQLSTATE 22003)"
        : "ERROR: invalid input syntax for type bigint: \"\(id)\" (SQLSTATE 22P02)"
    )
  }

  var databaseUnreachable: Failure {
    let text =
      "failed to connect to `host=postgres user=merico database=lake`: dial error "
      + "(dial tcp 127.0.0.1:5432: connect: connection refused)"
    return Failure(500, [.own(text), .foreign(text)])
  }

  /// DELETE of a connection, unless something needs it.
  mutating func deleteConnection(_ kind: ConnectionKind, _ id: String) throws(Failure) -> Answer {
    if kind.quirks.contains(.deleteSucceedsAlways) {
      if let number = Int(id) { tables[kind.plugin]?.remove(number) }
      return .success
    }
    let row = try connection(kind, id)
    if kind.quirks.contains(.deleteFails) {
      throw databaseError("ERROR: column \"connection_id\" does not exist (SQLSTATE 42703)")
    }
    try deletable(row, kind)
    tables[kind.plugin]?.remove(row.id)
    guard let shown = kind.shown(row) else { return .panic }
    return .json(shown)
  }

  private func deletable(_ row: ConnectionRow, _ kind: ConnectionKind) throws(Failure) {
    if kind.family == .dataSource, pipelines.contains(where: \.isRunning) {
      throw Failure(409, "at least one pipeline is running")
    }
    let users = blueprints.filter { $0.uses(kind.plugin, row.id) }
    if !users.isEmpty {
      throw Failure(
        409,
        kind.family == .dataSource
          ? "Cannot delete the connection because it is referenced by blueprints"
          : "Found one or more blueprint/project references to this connection",
        data: references(users)
      )
    }
    if scopes.contains(where: { $0.plugin == kind.plugin && $0.connection == row.id }) {
      throw Failure(
        409,
        "Please delete all data scope(s) before you delete this Data Connection."
      )
    }
  }

  /// The names of blueprints and their projects.
  func references(_ users: [Blueprint]) -> JSONValue {
    [
      "blueprints": .array(users.map { .string($0.name) }),
      "projects": .array(users.compactMap { $0.project.isEmpty ? nil : .string($0.project) }),
    ]
  }
}
