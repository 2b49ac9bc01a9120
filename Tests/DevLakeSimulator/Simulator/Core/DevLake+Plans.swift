import DevLakeKit

/// The plan that DevLake makes of a NORMAL blueprint's connections.
extension DevLake {
  /// Makes a NORMAL blueprint's plan.
  ///
  /// - Throws: 400 in the words given, when a connection or scope does not exist.
  func plan(
    _ blueprint: inout Blueprint,
    _ words: String,
    hidesSecrets: Bool = true
  )
    throws(Failure)
  {
    guard blueprint.mode == "NORMAL", let connections = blueprint.connections.array,
      !connections.isEmpty
    else { return }
    var tasks: [JSONValue] = []
    var mappings: [JSONValue] = []
    for (index, entry) in connections.enumerated() {
      let wanted = entry["scopes"]?.array ?? []
      if wanted.isEmpty, let plugin = entry["pluginName"]?.string,
        let kind = kinds[plugin], Self.needNoScopes.contains(plugin)
      {
        do {
          _ = try connection(kind, GoBody.printed(entry["connectionId"] ?? 0))
        } catch {
          throw error.wrapped(400, words)
        }
        continue
      }
      guard !wanted.isEmpty else {
        throw Failure(
          400,
          [.own(words, 400), .own("connections[\(index)].scopes is empty")]
        )
      }
      for scope in wanted {
        let context: ScopeContext
        let kind: ScopeKind
        do {
          (context, kind) = try found(entry, scope, hidesSecrets: hidesSecrets)
        } catch {
          throw error.wrapped(400, words)
        }
        tasks += kind.tasks(context).map(\.json)
        mappings += kind.domains.map { domain in
          let rowID =
            domain.type.map { "\(context.plugin):\($0):\(context.connection.id):" } ?? ""
          let member = GoBody.printed(context.scope[kind.domainMember ?? kind.idField] ?? "")
          return ["table": .string(domain.table), "rowId": .string(rowID + member)]
        }
      }
    }
    blueprint.plan = .array(
      projectStage(blueprint.project, mappings) + [.array(tasks)] + metricStages(blueprint.project)
    )
  }

  /// The plugins that are collected in a blueprint without scopes, too.
  private static let needNoScopes = ["jenkins", "webhook"]

  private func found(
    _ entry: JSONValue,
    _ scope: JSONValue,
    hidesSecrets: Bool
  ) throws(Failure)
    -> (ScopeContext, ScopeKind)
  {
    let plugin = entry["pluginName"]?.string ?? ""
    guard let kind = kinds[plugin], let scopeKind = kind.scopes else {
      throw Failure(400, "Plugin `\(plugin)` doesn't exist")
    }
    let row = try connection(kind, GoBody.printed(entry["connectionId"] ?? 0))
    let id = GoBody.printed(scope["scopeId"] ?? "")
    let stored = scopes.first { $0.plugin == plugin && $0.connection == row.id && $0.id == id }
    guard let stored else {
      throw Failure(
        404,
        [
          .own("*models.\(scopeKind.model) not found", 404), .own("record not found", 404),
          .foreign("record not found"),
        ]
      )
    }
    let type = scopeKind.domains.compactMap(\.type).first ?? scopeKind.model
    let member = GoBody.printed(stored.values[scopeKind.domainMember ?? scopeKind.idField] ?? "")
    let context = ScopeContext(
      plugin: plugin,
      connection: row,
      scope: stored.values,
      rowID: "\(plugin):\(type):\(row.id):\(member)",
      hidesSecrets: hidesSecrets
    )
    return (context, scopeKind)
  }

  private func projectStage(_ project: String, _ mappings: [JSONValue]) -> [JSONValue] {
    guard !project.isEmpty else { return [] }
    return [
      [
        [
          "plugin": "org", "subtasks": ["setProjectMapping"],
          "options": [
            "projectMappings": [
              [
                "projectName": .string(project),
                "scopes": mappings.isEmpty ? nil : .array(mappings),
              ]
            ]
          ],
        ]
      ]
    ]
  }

  /// What a project with the `dora` metric computes at the end.
  private func metricStages(_ project: String) -> [JSONValue] {
    let metrics = projects.first { $0.name == project }?.metrics.array ?? []
    let isOn = metrics.contains { $0["pluginName"] == "dora" && $0["enable"] == true }
    guard isOn else { return [] }
    func stage(_ plugin: String, _ subtasks: [String]) -> JSONValue {
      [
        PlanTask(plugin, subtasks: subtasks, options: [("projectName", .string(project))]).json
      ]
    }
    return [
      stage(
        "dora",
        [
          "generateDeployments", "generateDeploymentCommits",
          "enrichPrevSuccessDeploymentCommits",
        ]
      ),
      stage("refdiff", ["calculateDeploymentCommitsDiff"]),
      stage(
        "dora",
        ["calculateChangeLeadTime", "ConvertIssuesToIncidents", "ConnectIncidentToDeployment"]
      ),
    ]
  }
}
