import DevLakeKit

/// Tells what depends on connections: `impact github/1`.
struct ImpactCommand: Command {
  let signature = Signature(
    name: "impact",
    abstract: "Show what depends on connections, and whether they could be deleted",
    arguments: [.selectors],
    options: [.plugin, .id, .condition],
    examples: [.init(input: "impact github/1", purpose: "blueprints, projects and scopes")]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let targets = try await Selection(session: session, call: call)
      .targetsOrPick(example: "impact 3")
    return try await run(targets, in: session)
  }

  func run(
    _ targets: [Selection.Target],
    in session: Session
  ) async throws(Failure)
    -> CommandResult
  {
    var reports: [ImpactReport] = []
    for target in targets { reports.append(try await ImpactReport.make(target, in: session)) }
    return CommandResult(
      Output(
        data: .array(reports.map { .object($0.json) }),
        view: .lines(reports.flatMap(\.lines))
      )
    )
  }
}

/// What depends on one connection, for programs and people.
struct ImpactReport: Sendable {
  let connection: Connection
  let impact: Impact

  static func make(
    _ target: Selection.Target,
    in session: Session
  ) async throws(Failure) -> ImpactReport {
    let administrator = try await session.administrator()
    async let impact = look(target, administrator)
    let connection = try await session.connection(target)
    switch await impact {
    case .success(let impact): return ImpactReport(connection: connection, impact: impact)
    case .failure(let error): throw session.missing(error, target)
    }
  }

  private static func look(
    _ target: Selection.Target,
    _ administrator: Administrator
  ) async -> Result<Impact, APIError> {
    do throws(APIError) {
      return .success(try await administrator.impact(of: target.key, target.plugin))
    } catch {
      return .failure(error)
    }
  }

  var json: JSONObject {
    var object: JSONObject = [
      "plugin": .string(connection.key.plugin), "id": .integer(connection.key.id),
      "name": .string(connection.name), "deletable": impact.isDeletable.map { .bool($0) } ?? .null,
    ]
    object["blockedBy"] = .array(impact.blockers.map { .string($0.rawValue) })
    object["blueprints"] =
      impact.blueprints.map { blueprints in
        .array(
          blueprints.map {
            [
              "id": .integer($0.id), "name": .string($0.name),
              "projectName": .string($0.projectName), "mode": .string($0.mode),
              "enable": .bool($0.isEnabled),
            ]
          }
        )
      } ?? .null
    object["projects"] =
      impact.blueprints == nil ? .null : .array(impact.projects.map(JSONValue.string))
    object["scopes"] =
      impact.scopes.map { scopes in
        ["count": .integer(scopes.count), "names": .array(scopes.map(JSONValue.string))]
      } ?? .null
    object["runningPipelines"] = impact.runningPipelines.map { .integer($0) } ?? .null
    return object
  }

  var lines: [String] {
    ["\(connection.key) \"\(ServerText.line(connection.name))\":"] + details.map { "   \($0)" }
  }

  /// What depends on it, a sentence each.
  var details: [String] {
    var lines: [String] = []
    for blueprint in impact.blueprints ?? [] {
      let project = blueprint.projectName.isEmpty ? "" : " of project '\(blueprint.projectName)'"
      let mode = blueprint.mode == "ADVANCED" ? ", advanced: DevLake does not protect it" : ""
      lines.append("blueprint '\(blueprint.name)'\(project)\(mode)")
    }
    if impact.blueprints == nil { lines.append("blueprints: unknown, DevLake does not say") }
    if impact.scopes == nil { lines.append("scopes: unknown, DevLake does not say") }
    if impact.runningPipelines == nil {
      lines.append("running pipelines: unknown, DevLake does not say")
    }
    if let scopes = impact.scopes, !scopes.isEmpty {
      let shown = scopes.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      lines.append(
        "\(scopes.count) scope\(scopes.count == 1 ? "" : "s"): \(shown)"
          + (scopes.count > 5 ? ", …" : "")
      )
    }
    if let running = impact.runningPipelines, running > 0 {
      lines.append("\(running) running pipeline\(running == 1 ? "" : "s") in this DevLake")
    }
    if lines.isEmpty { lines.append("nothing depends on it") }
    return lines
  }

  /// Why DevLake would not delete it now.
  var obstacles: String {
    impact.blockers.map { blocker in
      switch blocker {
      case .runningPipeline: "a pipeline is running"
      case .blueprints:
        "blueprints use it: "
          + (impact.blueprints ?? []).filter { $0.mode != "ADVANCED" }.map { "'\($0.name)'" }
          .joined(separator: ", ")
      case .scopes: "it has \(impact.scopes?.count ?? 0) scopes"
      case .impossible: "connections of this plugin cannot be deleted"
      }
    }
    .joined(separator: "; ")
  }
}
