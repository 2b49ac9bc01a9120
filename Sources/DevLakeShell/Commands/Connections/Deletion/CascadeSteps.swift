import DevLakeKit

/// What is done, in order, to delete a connection with everything that depends on it.
struct CascadeSteps {
  /// One change in DevLake.
  enum Step {
    case detach(Impact.Blueprint)
    case scope(Impact.Scope, id: String)
    case connection
  }

  let report: ImpactReport
  let steps: [Step]

  /// - Throws: Where a part of what depends on it is not known, or cannot be removed.
  init(_ report: ImpactReport, of plugin: PluginDescriptor) throws(Failure) {
    self.report = report
    let key = report.connection.key
    if let reason = plugin.deletion.impossible {
      throw .conflict("\(key) cannot be deleted: \(reason)")
    }
    guard let blueprints = report.impact.blueprints, let scopes = report.impact.scopes else {
      throw .conflict(
        "what depends on \(key) is not known, so nothing is deleted",
        help: "give an API key or a user that may read blueprints and scopes"
      )
    }
    var steps = blueprints.filter(\.isGuarded).map(Step.detach)
    for scope in scopes {
      guard let id = scope.id else {
        throw .conflict(
          "how the scopes of \(plugin.displayName) are deleted is not known, so nothing is deleted",
          help: "delete the scopes of \(key) in config-ui first"
        )
      }
      steps.append(.scope(scope, id: id))
    }
    self.steps = steps + [.connection]
  }

  /// What is about to happen, a line each; of many scopes only some.
  var lines: [String] {
    let key = report.connection.key
    var lines: [String] = []
    let scopes = report.impact.scopes ?? []
    let isLong = scopes.count > 10
    for (index, step) in steps.enumerated() {
      switch step {
      case .scope where isLong:
        guard lines.last?.contains("scopes") != true else { continue }
        lines.append(
          "\(index + 1)-\(index + scopes.count). delete \(scopes.count) scopes and the data "
            + "collected for them: \(ImpactReport.names(scopes))"
        )
      default: lines.append("\(index + 1). \(text(of: step))")
      }
    }
    for blueprint in report.impact.blueprints ?? [] where blueprint.isAdvanced {
      lines.append(
        "⚠️ \(blueprint.title) still mentions \(key) afterwards, and fails: change its plan by hand"
      )
    }
    return lines
  }

  /// A step as a person reads it.
  func text(of step: Step) -> String {
    switch step {
    case .detach(let blueprint): return "take it out of \(blueprint.title)"
    case .scope(let scope, _): return "delete scope '\(scope.name)' and the data collected for it"
    case .connection:
      let configs = report.impact.scopeConfigs ?? []
      let names = configs.map { "'\($0)'" }.joined(separator: ", ")
      return "delete \(report.title)"
        + (configs.isEmpty ? "" : " with its scope config\(configs.count == 1 ? "" : "s") \(names)")
    }
  }

  /// What would be sent, for `--dry-run`.
  var requests: [(method: String, path: String, body: RequestBody?)] {
    let key = report.connection.key
    return steps.map { step in
      switch step {
      case .detach(let blueprint):
        return ("PATCH", "/blueprints/\(blueprint.id)", blueprint.body(without: key))
      case .scope(_, let id): return ("DELETE", key.scopePath(id), nil)
      case .connection: return ("DELETE", key.path, nil)
      }
    }
  }
}
