import DevLakeKit

/// What depends on a connection, in words.
extension Impact {
  /// What depends on a connection, a sentence each.
  var details: [String] {
    var lines = (blueprints ?? []).map(\.line)
    if blueprints == nil { lines.append("blueprints: unknown, DevLake does not report them") }
    if scopes == nil { lines.append("scopes: unknown, DevLake does not report them") }
    if running == nil {
      lines.append("running pipelines: unknown, DevLake does not report them")
    }
    if let scopes, !scopes.isEmpty {
      lines.append("\(scopes.count) scope\(scopes.count == 1 ? "" : "s"): \(Self.names(scopes))")
    }
    if let configs = scopeConfigs, !configs.isEmpty {
      let names = configs.map { "'\($0)'" }.joined(separator: ", ")
      lines.append(
        configs.count == 1
          ? "scope config that goes with it: \(names)" : "scope configs deleted with it: \(names)"
      )
    }
    for pipeline in running ?? [] {
      lines.append(
        "pipeline '\(pipeline.name)' runs"
          + (pipeline.isUsing ? " and uses it" : " in this DevLake")
      )
    }
    for pipeline in waiting ?? [] {
      lines.append("pipeline '\(pipeline.name)' is pending and will use it")
    }
    if lines.isEmpty { return ["nothing depends on it"] }
    if isDeletable == false {
      lines.append("DevLake would not delete it now: \(obstacles)")
    }
    return lines
  }

  /// The names of a few, and that there are more.
  static func names(_ scopes: [Impact.Scope]) -> String {
    scopes.prefix(5).map { "'\($0.name)'" }.joined(separator: ", ")
      + (scopes.count > 5 ? ", …" : "")
  }

  /// Why DevLake would not delete it now.
  var obstacles: String {
    blockers.map { blocker in
      switch blocker {
      case .runningPipeline: "a pipeline runs"
      case .blueprints:
        "blueprints list it: "
          + (blueprints ?? []).filter(\.isGuarded).map { "'\($0.name)'" }
          .joined(separator: ", ")
      case .scopes: "it has scopes"
      case .impossible: "connections of this plugin cannot be deleted"
      }
    }
    .joined(separator: "; ")
  }
}

extension Impact.Blueprint {
  /// What people see of it.
  fileprivate var line: String {
    switch places {
    case [.connections]: return title
    default:
      let plans = places.filter { $0 != .connections }.map { place in
        switch place {
        case .beforePlan: "in its steps before the plan"
        case .afterPlan: "in its steps after the plan"
        case .plan, .connections: "in its plan"
        }
      }
      let all = (isGuarded ? ["among its connections"] : []) + plans
      let kind = mode == "ADVANCED" ? ", advanced" : ""
      return "\(title)\(kind): \(all.joined(separator: " and "))"
        + "; DevLake does not protect it\(isGuarded ? " there" : "")"
    }
  }
}
