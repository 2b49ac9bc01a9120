import DevLakeKit

/// What depends on one connection, for programs and people.
struct ImpactReport: Sendable {
  let connection: Connection
  let impact: Impact

  /// What is known of a connection before it is deleted.
  enum Preview: Sendable {
    case report(ImpactReport)
    /// It breaks every answer that holds it, so nothing is known but its id.
    case broken(ConnectionKey)
  }

  /// The reports on several connections, read in parallel; blueprints and pipelines are read once.
  static func previews(
    of targets: [ConnectionTarget],
    _ call: Call,
    in session: Session
  ) async throws(Failure) -> [Preview] {
    let administrator = try await session.administrator()
    let dependencySnapshot: DependencySnapshot
    do throws(APIError) {
      dependencySnapshot = try await administrator.dependencySnapshot()
    } catch {
      throw Failure(error)
    }
    let found = await inParallel(
      targets,
      atMost: call.integer("parallel") ?? session.settings.parallel,
      showing: session.conversation.progress,
      named: targets.map(\.key.description)
    ) { target in
      await look(target, dependencySnapshot, administrator)
    }
    var previews: [Preview] = []
    var failures: [Failure] = []
    for (target, result) in zip(targets, found) {
      switch result {
      case .success(let preview): previews.append(preview)
      case .failure(let error):
        let failure = session.missing(error, target, call.place(of: target))
        if error.isCancellation || error.isAboutServer { throw failure }
        failures.append(failure)
      }
    }
    try session.throwAll(failures)
    return previews
  }

  private static func look(
    _ target: ConnectionTarget,
    _ dependencySnapshot: DependencySnapshot,
    _ administrator: Administrator
  ) async -> Result<Preview, APIError> {
    async let impact = impact(target, dependencySnapshot, administrator)
    do throws(APIError) {
      let connection = try await administrator.client.connection(target.id, of: target.plugin)
      return .success(.report(ImpactReport(connection: connection, impact: try await impact.get())))
    } catch {
      guard case .brokenDown = error.kind else { return .failure(error) }
      // When that cannot be found out, the first error says more.
      // What could not be asked is not called broken; the error itself is shown.
      let isBroken = (try? await administrator.isBroken(target.id, of: target.plugin)) ?? false
      return isBroken ? .success(.broken(target.key)) : .failure(error)
    }
  }

  private static func impact(
    _ target: ConnectionTarget,
    _ dependencySnapshot: DependencySnapshot,
    _ administrator: Administrator
  ) async -> Result<Impact, APIError> {
    do throws(APIError) {
      return .success(
        try await administrator.impact(of: target.key, target.plugin, in: dependencySnapshot)
      )
    } catch {
      return .failure(error)
    }
  }
}

extension ImpactReport {
  /// `github/1 "GitHub - my-org"`.
  var title: String { "\(connection.key) \"\(ServerText.line(connection.name))\"" }

  /// What people see of it.
  var lines: [String] { ["\(title):"] + impact.details.map { "   \($0)" } }

  /// The same in one line, for a list of many.
  var brief: String {
    var parts: [String] = []
    func count(_ number: Int?, _ one: String) {
      guard let number else { return parts.append("\(one)s unknown") }
      if number > 0 { parts.append("\(number) \(one)\(number == 1 ? "" : "s")") }
    }
    count(impact.blueprints?.count, "blueprint")
    count(impact.scopes?.count, "scope")
    return parts.isEmpty ? title : "\(title): \(parts.joined(separator: ", "))"
  }

  /// Why DevLake would not delete it now, in spite of what the options of `delete` allow.
  func blockers(of call: Call) -> [Impact.Blocker] {
    var blockers = impact.blockers
    if call.flag("cascade") { blockers.removeAll { $0 == .blueprints || $0 == .scopes } }
    if call.flag("wait") { blockers.removeAll { $0 == .runningPipeline } }
    return blockers
  }

  /// What programs read of it.
  var json: JSONObject {
    var object: JSONObject = [
      "plugin": .string(connection.key.plugin), "id": .integer(connection.key.id),
      "name": .string(connection.name), "deletable": impact.isDeletable.map { .bool($0) } ?? .null,
    ]
    object["blockedBy"] = .array(impact.blockers.map { .string($0.rawValue) })
    object["blueprints"] = impact.blueprints.map { .array($0.map(\.json)) } ?? .null
    object["projects"] =
      impact.blueprints == nil ? .null : .array(impact.projects.map(JSONValue.string))
    object["scopes"] =
      impact.scopes.map { scopes in
        ["count": .integer(scopes.count), "names": .array(scopes.map { .string($0.name) })]
      } ?? .null
    object["scopeConfigs"] = impact.scopeConfigs.map { .array($0.map(JSONValue.string)) } ?? .null
    object["runningPipelines"] = impact.running.map { .integer($0.count) } ?? .null
    return object
  }
}

extension Impact.Blueprint {
  fileprivate var json: JSONValue {
    [
      "id": .integer(id), "name": .string(name), "projectName": .string(projectName),
      "mode": .string(mode), "enable": .bool(isEnabled),
      "places": .array(places.map { .string($0.rawValue) }),
    ]
  }
}
