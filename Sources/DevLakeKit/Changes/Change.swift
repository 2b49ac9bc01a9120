/// What is to become of one connection: the tests and writes that belong together, in their order.
///
/// A planner makes it from what DevLake has; ``ChangeExecutor`` carries it out. ``requests`` are the
/// requests themselves, so that what a dry run prints is what is sent.
public struct Change: Sendable {
  /// What is done.
  public let action: Action
  /// The plugin of the connection.
  public let plugin: PluginDescriptor
  /// The connection; `nil` for one that is to be created, and for a route that names none.
  public let key: ConnectionKey?
  /// What it is called afterwards.
  public let name: String
  /// The connection as DevLake had it when the change was planned.
  public let before: Connection?
  /// What changes, as it may be shown.
  public var fields: [FieldChange]
  /// The values that are tested before anything is sent; `nil`: nothing is tested.
  public let candidate: RequestBody?
  /// The writes, in order; none where there is nothing to do.
  public let steps: [Step]
  /// Whether the saved connection is tested at the end.
  public internal(set) var isTestedAgain: Bool
  /// What must hold right before the first write.
  public let precondition: Precondition
  /// What the journal says of it besides.
  public var remark: String?
  /// The last day on which the secret is good that it sets, where someone has said so.
  public var expires: CalendarDay?
  /// What each of several tokens is afterwards, where some of them change.
  public var fates: [TokenReplacement.Fate]?

  /// What is done with a connection; the raw value is what the journal calls it once it is done.
  public enum Action: String, Sendable, CaseIterable {
    case create = "created"
    case update = "updated"
    case rotate = "rotated"
    case delete = "deleted"
  }

  /// One write.
  public enum Step: Sendable {
    /// Creates the connection.
    case create(RequestBody)
    /// Changes fields of the connection.
    case patch(RequestBody)
    /// Deletes the connection; the scope configs of these names go with it.
    case delete(scopeConfigs: [String] = [])
    /// Takes the connection out of a blueprint's connections.
    case detach(Impact.Blueprint)
    /// Deletes a scope of the connection with the data collected for it.
    case deleteScope(Impact.Scope, id: String)
    /// Sends a request that has no step of its own.
    case send(ChangeRequest, Route)
  }

  /// What must hold right before the first write of a change.
  public enum Precondition: Sendable, Equatable {
    /// Nothing; DevLake is not asked again.
    case none
    /// Nobody has changed the connection since it was planned.
    ///
    /// - Parameter overwritesSecret: Whether a secret that someone else may have set in the meantime is
    ///   replaced all the same.
    case unchanged(overwritesSecret: Bool = false)
    /// What others have changed since then does not touch what is written. Such changes are kept.
    ///
    /// - Parameter overwritesSecret: Whether a secret that someone else has set in the meantime is
    ///   replaced all the same.
    case compatible(overwritesSecret: Bool)
  }
}

extension Change {
  /// The tests, then the writes, then the tests of what was saved.
  public var requests: [ChangeRequest] {
    [testRequest].compactMap(\.self) + steps.map { request(of: $0, on: before) }
      + [retestRequest].compactMap(\.self)
  }

  /// The requests of several changes in the order of their kinds: tests, writes, tests.
  public static func requests(of changes: [Change]) -> [ChangeRequest] {
    changes.compactMap(\.testRequest)
      + changes.flatMap { change in change.steps.map { change.request(of: $0, on: change.before) } }
      + changes.compactMap(\.retestRequest)
  }

  /// Whether there is nothing to send.
  public var isEmpty: Bool { steps.isEmpty }

  /// Whether a secret is sent.
  public var holdsSecret: Bool { requests.contains { $0.body?.holdsSecret == true } }

  /// The test of the candidate.
  var testRequest: ChangeRequest? { candidate.map { testRequest(of: $0, on: before) } }

  func testRequest(of candidate: RequestBody, on connection: Connection?) -> ChangeRequest {
    let unsaved = "/plugins/\(plugin.id.percentEncoded)/test"
    guard let connection else {
      var body = candidate
      if !plugin.test.needsName { body["name"] = nil }
      return ChangeRequest("POST", unsaved, body, .test)
    }
    if plugin.test.ignoresCandidate {
      return ChangeRequest("POST", unsaved, plugin.whole(connection, with: candidate), .test)
    }
    return ChangeRequest("POST", connection.key.path + "/test", candidate, .test)
  }

  /// The test of what was saved.
  var retestRequest: ChangeRequest? {
    guard isTestedAgain, let key else { return nil }
    return ChangeRequest("POST", key.path + "/test", RequestBody(), .retest)
  }

  /// The request of a step.
  ///
  /// - Parameter connection: The connection as DevLake has it now: a plugin whose PATCH replaces
  ///   the whole row gets everything else back as it is.
  func request(of step: Step, on connection: Connection?) -> ChangeRequest {
    let list = "/plugins/\(plugin.id.percentEncoded)/connections"
    switch step {
    case .create(let body): return ChangeRequest("POST", list, body)
    case .patch(let changes):
      let body = connection.map { plugin.patchBody($0, with: changes) } ?? changes
      return ChangeRequest("PATCH", key?.path ?? list, body)
    case .delete: return ChangeRequest("DELETE", key?.path ?? list)
    case .detach(let blueprint):
      let body = key.map { blueprint.body(without: $0) }
      return ChangeRequest("PATCH", "/blueprints/\(blueprint.id)", body)
    case .deleteScope(_, let id): return ChangeRequest("DELETE", key?.scopePath(id) ?? list)
    case .send(let request, _): return request
    }
  }

  /// What is known of the connection beforehand, in words: `github/1`, or `github "name"`.
  public var title: String { key?.description ?? "\(plugin.id) \"\(ServerText.line(name))\"" }
}

extension Change.Step {
  /// The body whose fields are compared with what DevLake has afterwards.
  var sent: RequestBody? {
    switch self {
    case .create(let body), .patch(let body): body
    case .delete, .detach, .deleteScope, .send: nil
    }
  }
}

extension Change {
  /// What a step does, inside a sentence: `take it out of blueprint 'nightly'`.
  public func text(of step: Step) -> String {
    switch step {
    case .create: return "create \(title)"
    case .patch: return "change \(title)"
    case .detach(let blueprint): return "remove it from \(blueprint.title)"
    case .deleteScope(let scope, _):
      return "delete scope '\(scope.name)' and the data collected for it"
    case .delete(let configs):
      let names = configs.map { "'\($0)'" }.joined(separator: ", ")
      let subject = name.isEmpty ? title : "\(title) \"\(ServerText.line(name))\""
      return "delete \(subject)"
        + (configs.isEmpty ? "" : " with its scope config\(configs.count == 1 ? "" : "s") \(names)")
    case .send(let request, _): return "send \(request.method) \(request.shown)"
    }
  }
}
