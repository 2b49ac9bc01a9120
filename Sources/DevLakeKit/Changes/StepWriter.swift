/// Sends one write, once, and finds out what became of it.
///
/// An answer counts only if it is DevLake's, about the right row, and has what was sent. Where it is
/// lost, or another one, the row is looked up; what the look-up cannot tell is unknown.
struct StepWriter: Sendable {
  let client: DevLakeClient
  let change: Change

  /// What a write came to.
  struct Done: Sendable {
    /// The connection as DevLake has it now; `nil` where the step does not tell.
    var connection: Connection?
    /// Whether a look-up showed it, not the answer.
    var wasLookedUp = false
    /// Whether someone else has deleted it before.
    var wasGone = false
    /// What changed besides the connection.
    var change: FieldChange?
    /// The answer of a request that has no step of its own.
    var answer: RouteAnswer?
  }

  private var plugin: PluginDescriptor { change.plugin }

  /// - Parameter before: The connection right before the step.
  func write(
    _ step: Change.Step,
    _ request: ChangeRequest,
    on before: Connection?
  ) async -> Result<Done, ChangeProblem> {
    switch step {
    case .create(let body): await create(body, request)
    case .patch(let body): await patch(body, request, before)
    case .delete: await delete(request)
    case .detach(let blueprint): await detach(blueprint, request)
    case .deleteScope(let scope, let id): await deleteScope(scope, id, request)
    case .send(_, let route): await send(request, route)
    }
  }

  private func answer(
    _ request: ChangeRequest,
    limit: APICall.Limit = .request
  ) async -> Result<JSONValue, APIError> {
    let (client, call) = (client, request.call(limit: limit))
    return await result { () async throws(APIError) in
      try await withGracePeriod { () async throws(APIError) in try await client.json(call) }
    }
  }

  private func result<Value: Sendable>(
    _ work: @Sendable () async throws(APIError) -> Value
  ) async -> Result<Value, APIError> {
    await DevLakeKit.result(of: work)
  }

  private func lookUp<Value: Sendable>(
    _ work: @escaping @Sendable () async throws(APIError) -> Value
  ) async -> Result<Value, APIError> {
    await result { () async throws(APIError) in try await withGracePeriod(work) }
  }

  private static func failure(
    _ error: APIError,
    _ effect: WriteError.Effect
  ) -> Result<Done, ChangeProblem> {
    .failure(.write(WriteError(error: error, effect: effect)))
  }

  private static func other(_ reason: String, _ request: ChangeRequest) -> APIError {
    APIError(.unexpected(reason: reason), call: "\(request.method) \(request.path)")
  }
}

/// Creating and changing a connection.
extension StepWriter {
  private func create(
    _ body: RequestBody,
    _ request: ChangeRequest
  ) async -> Result<Done, ChangeProblem> {
    let sent = SentFields(sent: body, plugin: plugin, before: nil)
    let error: APIError
    switch await answer(request) {
    case .success(let value):
      guard let connection = Connection(value, of: plugin) else {
        error = Self.other("no connection", request)
        break
      }
      let untaken = sent.untaken(in: connection)
      if untaken.isEmpty { return .success(Done(connection: connection)) }
      // Another row's answer has another name; what this one lost is told when the list agrees.
      error = Self.other("another connection", request)
    case .failure(let failure): error = failure
    }
    let name = change.name
    guard error.leavesWriteOpen else {
      guard case .refused = error.kind else { return Self.failure(error, .none) }
      // A taken name is answered with a text that speaks of something else (measured).
      let found = try? await named(name).get()  // what is not known counts as not taken
      return Self.failure(error, found != nil ? .nameTaken : .none)
    }
    switch await named(name) {
    case .failure(let lookUp):
      if case .brokenDown = error.kind, case .brokenDown = lookUp.kind {
        return Self.failure(error, .poisoned(id: nil))
      }
      return Self.failure(error, .unknown)
    case .success(nil): return Self.failure(error, error.absence)
    case .success(let found?):
      let untaken = sent.untaken(in: found)
      if untaken.isEmpty { return .success(Done(connection: found, wasLookedUp: true)) }
      // Names are unique: whoever has this one has other values, so it is not what was sent. But an
      // answer of success may have been about it, and DevLake may not have taken all.
      if case .unexpected = error.kind, untaken.count < body.members.count, found.name == name {
        return .failure(.notTaken(untaken, found))
      }
      return Self.failure(error, .nameTaken)
    }
  }

  private func named(_ name: String) async -> Result<Connection?, APIError> {
    let (client, plugin) = (client, plugin)
    return await lookUp { () async throws(APIError) in
      let connections = try await client.connections(of: plugin)
      return connections.first { $0.name == name }
        ?? connections.first { ConnectionName.collides($0.name, name) }
    }
  }

  private func patch(
    _ body: RequestBody,
    _ request: ChangeRequest,
    _ before: Connection?
  ) async -> Result<Done, ChangeProblem> {
    guard let key = change.key else { return .failure(.gone) }
    let sent = SentFields(sent: body, plugin: plugin, before: before)
    let error: APIError
    var isAnswered = false
    switch await answer(request) {
    case .success(let value):
      switch client.connection(in: value, key, plugin, of: request.call()) {
      case .success(let connection):
        if sent.untaken(in: connection).isEmpty { return .success(Done(connection: connection)) }
        isAnswered = true
        error = Self.other("the connection without the changes", request)
      case .failure(let other): error = other
      }
    case .failure(let failure): error = failure
    }
    guard error.leavesWriteOpen else { return Self.failure(error, .none) }
    switch await current(key) {
    case .failure(let lookUp):
      return lookUp.meansAbsent ? .failure(.gone) : Self.failure(error, .unknown)
    case .success(let now):
      switch sent.finding(in: now) {
      case .taken: return .success(Done(connection: now, wasLookedUp: true))
      case .untaken(let fields): return .failure(.notTaken(fields, now))
      // DevLake said yes about this row and has something else: it is the fields that did not take.
      case .absent, .open:
        guard !isAnswered else {
          let fields = sent.untaken(in: now)
          return .failure(.notTaken(fields.isEmpty ? body.members.map(\.name) : fields, now))
        }
        return Self.failure(error, sent.finding(in: now) == .open ? .unknown : error.absence)
      }
    }
  }

  private func current(_ key: ConnectionKey) async -> Result<Connection, APIError> {
    let (client, plugin) = (client, plugin)
    return await lookUp { () async throws(APIError) in
      try await client.connection(key.id, of: plugin)
    }
  }
}

/// Deleting, and what goes before it.
extension StepWriter {
  private func delete(_ request: ChangeRequest) async -> Result<Done, ChangeProblem> {
    guard let key = change.key else { return .failure(.gone) }
    let error: APIError
    switch await answer(request) {
    case .success(let value):
      if value["id"]?.int == key.id || value["success"]?.bool == true { return .success(Done()) }
      error = Self.other("no deleted connection", request)
    case .failure(let failure): error = failure
    }
    // Someone else may have deleted it, which is what was wanted, if it is really gone.
    let isSaidGone = error.meansAbsent
    guard error.leavesWriteOpen || isSaidGone else { return Self.failure(error, .none) }
    switch await current(key) {
    case .success: return Self.failure(error, error.absence)
    case .failure(let lookUp):
      if lookUp.meansAbsent {
        return .success(Done(wasLookedUp: !isSaidGone, wasGone: isSaidGone))
      }
      // A row that breaks every answer that holds it is there as long as it does.
      if change.before == nil, case .brokenDown = lookUp.kind {
        return Self.failure(error, error.absence)
      }
      return Self.failure(error, .unknown)
    }
  }

  private func detach(
    _ blueprint: Impact.Blueprint,
    _ planned: ChangeRequest
  ) async -> Result<Done, ChangeProblem> {
    guard let key = change.key else { return .failure(.gone) }
    let client = client
    let now: JSONObject
    // A PATCH replaces the whole list, so it is read right before.
    switch await result({ () async throws(APIError) in try await client.blueprint(blueprint.id) }) {
    case .success(let object): now = object
    case .failure(let error):
      return error.meansAbsent ? .success(Done()) : .failure(.unreadable(error))
    }
    let current = now["connections"]?.array ?? []
    guard current.contains(where: key.isIn) else { return .success(Done()) }
    let rest = current.filter { !key.isIn($0) }
    var body = RequestBody()
    body["connections"] = .json(.array(rest))
    let request = ChangeRequest(planned.method, planned.path, body)
    var done = Done(
      change: FieldChange(
        field: "connections of \(blueprint.title)",
        before: .string(current.map(Self.name).joined(separator: ", ")),
        after: .string(rest.map(Self.name).joined(separator: ", "))
      )
    )
    let error: APIError
    switch await answer(request) {
    case .success(let value):
      if value["id"]?.int == blueprint.id, let left = value["connections"]?.array,
        !left.contains(where: key.isIn)
      {
        return .success(done)
      }
      error = Self.other("another blueprint, or one that still lists the connection", request)
    case .failure(let failure): error = failure
    }
    guard error.leavesWriteOpen else { return Self.failure(error, .none) }
    let found = await lookUp { () async throws(APIError) in
      try await client.blueprint(blueprint.id)
    }
    done.wasLookedUp = true
    switch found {
    case .success(let object):
      return object["connections"]?.array?.contains(where: key.isIn) == true
        ? Self.failure(error, error.absence) : .success(done)
    case .failure(let lookUp):
      return lookUp.meansAbsent ? .success(done) : Self.failure(error, .unknown)
    }
  }

  private static func name(_ entry: JSONValue) -> String {
    "\(entry["pluginName"]?.string ?? "?")/\(entry["connectionId"]?.int ?? 0)"
  }

  private func deleteScope(
    _ scope: Impact.Scope,
    _ id: String,
    _ request: ChangeRequest
  ) async -> Result<Done, ChangeProblem> {
    guard let key = change.key else { return .failure(.gone) }
    let (client, plugin) = (client, plugin)
    var done = Done(
      change: FieldChange(field: "scopes", before: .string(scope.name), after: .null)
    )
    let error: APIError
    // DevLake deletes the data collected for it first, which takes minutes.
    switch await answer(request, limit: .scopeDeletion) {
    case .success(let value):
      if client.isScope(value, id, of: key, plugin) { return .success(done) }
      error = Self.other("no deleted scope", request)
    case .failure(let failure): error = failure
    }
    // Someone else may have deleted it, which is what was wanted, if it is really gone.
    let isSaidGone = error.meansAbsent
    guard error.leavesWriteOpen || isSaidGone else { return Self.failure(error, .none) }
    let found = await lookUp { () async throws(APIError) in
      try await client.scope(id, of: key, plugin)
    }
    done.wasLookedUp = !isSaidGone
    switch found {
    case .success: return Self.failure(error, error.absence)
    case .failure(let lookUp):
      return lookUp.meansAbsent ? .success(done) : Self.failure(error, .unknown)
    }
  }

  private func send(
    _ request: ChangeRequest,
    _ route: Route
  ) async -> Result<Done, ChangeProblem> {
    let client = client
    let sent = await lookUp { () async throws(APIError) in
      try await client.request(request.method, route, body: request.body)
    }
    switch sent {
    case .failure(let error):
      guard error.leavesWriteOpen else { return Self.failure(error, .none) }
      return await settle(error, request, route, nil)
    case .success(let answer):
      guard let error = answer.failure ?? doubt(about: answer, request, route) else {
        return .success(Done(answer: answer))
      }
      // Who mistypes a route is answered so by DevLake itself, and so is who is told that it was no
      // success; a connection's route is there, and what it did is looked up.
      let isClear =
        (error.kind == .noRoute || answer.saysNo) && !changesConnection(request, route)
      guard error.leavesWriteOpen, !isClear else {
        return .failure(ChangeProblem.write(WriteError(error: error, effect: .none)).with(answer))
      }
      return await settle(error, request, route, answer)
    }
  }

  /// Whether the request changes or deletes a connection, of which there is more to tell.
  private func changesConnection(_ request: ChangeRequest, _ route: Route) -> Bool {
    change.key.map { route.path == $0.path } ?? false
      && ["PATCH", "DELETE"].contains(request.method)
  }

  /// Why an answer of success leaves open what was done.
  private func doubt(
    about answer: RouteAnswer,
    _ request: ChangeRequest,
    _ route: Route
  ) -> APIError? {
    guard let key = change.key, changesConnection(request, route) else {
      return answer.doubt(about: request)
    }
    // What is not JSON is about no connection.
    let value = (try? JSONValue(parsing: answer.body)) ?? .null
    if request.method == "DELETE" {
      return value["id"]?.int == key.id || value["success"]?.bool == true
        ? nil : Self.other("no deleted connection", request)
    }
    switch client.connection(in: value, key, plugin, of: request.call()) {
    case .failure(let error): return error
    case .success(let connection):
      return untaken(of: request, in: connection).isEmpty
        ? nil : Self.other("the connection without the changes", request)
    }
  }

  /// The fields of a request that did not take; one that no connection has is passed over by DevLake.
  private func untaken(of request: ChangeRequest, in now: Connection) -> [String] {
    SentFields(sent: request.body ?? RequestBody(), plugin: plugin, before: nil).untaken(in: now)
      .filter { plugin.field($0) != nil || now.stored[$0] != nil }
  }

  /// Looks up what became of a request about a connection; of every other nobody knows.
  private func settle(
    _ error: APIError,
    _ request: ChangeRequest,
    _ route: Route,
    _ answer: RouteAnswer?
  ) async -> Result<Done, ChangeProblem> {
    func failure(_ effect: WriteError.Effect) -> Result<Done, ChangeProblem> {
      .failure(ChangeProblem.write(WriteError(error: error, effect: effect)).with(answer))
    }
    guard let key = change.key, changesConnection(request, route) else { return failure(.unknown) }
    switch (await current(key), request.method) {
    case (.failure(let lookUp), "DELETE") where lookUp.meansAbsent:
      return .success(Done(wasLookedUp: true, answer: answer))
    case (.failure, _): return failure(.unknown)
    case (.success, "DELETE"): return failure(error.absence)
    case (.success(let now), _):
      let untaken = untaken(of: request, in: now)
      if untaken.isEmpty {
        return .success(Done(connection: now, wasLookedUp: true, answer: answer))
      }
      // DevLake said yes about this row and has something else: it is the fields that did not take.
      if let answer, answer.failure == nil, case .unexpected = error.kind {
        return .failure(ChangeProblem.notTaken(untaken, now).with(answer))
      }
      return failure(error.absence)
    }
  }
}

extension RouteAnswer {
  /// Why an answer of success leaves open what was done: DevLake's have a JSON body, and none of them
  /// says that it is not a success.
  fileprivate func doubt(about request: ChangeRequest) -> APIError? {
    let call = "\(request.method) \(request.path)"
    if saysNo {
      let message = shown["message"]?.string.map { ": " + ServerText.line($0) } ?? ""
      return APIError(.unexpected(reason: "success, but with success:false" + message), call: call)
    }
    if isJSON || (body.isEmpty && [202, 204, 205].contains(status)) { return nil }
    return APIError(.unexpected(reason: "a response that is not JSON"), call: call)
  }

  /// Whether DevLake itself says, under whatever status, that it did not do it.
  fileprivate var saysNo: Bool { isJSON && shown["success"]?.bool == false }
}
