import DevLakeKit

/// A blueprint: which connections are collected, how and when.
struct Blueprint: Sendable {
  let id: Int
  var name: String
  var project: String
  var mode = "NORMAL"
  var plan: JSONValue = nil
  var enable = true
  var cronConfig = "0 0 * * *"
  var isManual = false
  var beforePlan: JSONValue = nil
  var afterPlan: JSONValue = nil
  var labels: JSONValue = []
  var connections: JSONValue = []
  var skipOnFail = false
  var timeAfter: JSONValue
  let createdAt: Timestamp
  var updatedAt: Timestamp

  /// The blueprint that comes with a project.
  init(id: Int, name: String, project: String, at time: Timestamp) {
    self.id = id
    self.name = name
    self.project = project
    timeAfter = project.isEmpty ? nil : time.sixMonthsEarlier.stored
    createdAt = time
    updatedAt = time
  }

  /// Whether a NORMAL blueprint names the connection, or that scope of it.
  func uses(_ plugin: String, _ connection: Int, scope: String? = nil) -> Bool {
    guard mode == "NORMAL" else { return false }
    return (connections.array ?? []).contains { entry in
      guard entry["pluginName"]?.string == plugin, entry["connectionId"]?.int == connection else {
        return false
      }
      guard let scope else { return true }
      return (entry["scopes"]?.array ?? []).contains {
        GoBody.printed($0["scopeId"] ?? "") == scope
      }
    }
  }

  /// The blueprint as answers show it.
  func shown(written: Set<ConnectionKind.WrittenTime> = []) -> JSONValue {
    [
      "name": .string(name), "projectName": .string(project), "mode": .string(mode),
      "plan": plan, "enable": .bool(enable), "cronConfig": .string(cronConfig),
      "isManual": .bool(isManual), "beforePlan": beforePlan, "afterPlan": afterPlan,
      "labels": labels, "connections": connections, "priority": 0,
      "skipOnFail": .bool(skipOnFail), "timeAfter": timeAfter, "skipCollectors": false,
      "fullSync": false, "id": .integer(id),
      "createdAt": written.contains(.created) ? createdAt.precise : createdAt.stored,
      "updatedAt": written.contains(.updated) ? updatedAt.precise : updatedAt.stored,
    ]
  }

  /// The blueprint as a list of scopes shows it: without plan, labels and connections.
  var summary: JSONValue {
    guard case .object(var members) = shown() else { return nil }
    for key in ["plan", "labels", "connections"] { members[key] = .null }
    return .object(members)
  }

  /// Takes over what a request says.
  mutating func apply(_ body: JSONObject) {
    if let name = body["name"]?.string { self.name = name }
    if let mode = body["mode"]?.string { self.mode = mode }
    if let project = body["projectName"]?.string { self.project = project }
    if let enable = body["enable"]?.bool { self.enable = enable }
    if let cron = body["cronConfig"]?.string { cronConfig = cron }
    if let isManual = body["isManual"]?.bool { self.isManual = isManual }
    if let skip = body["skipOnFail"]?.bool { skipOnFail = skip }
    if let time = body["timeAfter"] { timeAfter = time }
    if let plan = body["beforePlan"] { beforePlan = Self.normalized(plan) }
    if let plan = body["afterPlan"] { afterPlan = Self.normalized(plan) }
    if let labels = body["labels"] { self.labels = labels }
    if mode != "NORMAL", let plan = body["plan"] { self.plan = Self.normalized(plan) }
    if let connections = body["connections"] { self.connections = connections }
  }

  /// A plan with every task's three members.
  static func normalized(_ plan: JSONValue) -> JSONValue {
    guard let stages = plan.array else { return nil }
    return .array(
      stages.map { stage in
        .array(
          (stage.array ?? []).map { task in
            [
              "plugin": task["plugin"] ?? "", "subtasks": task["subtasks"] ?? nil,
              "options": task["options"] ?? nil,
            ]
          }
        )
      }
    )
  }
}
