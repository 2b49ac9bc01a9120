import DevLakeKit

// What the commands whose results are sentences show of several instances: a row each.

extension TestCommand: FleetCommand {
  var fleetColumns: [Table.Column] {
    [
      .init("Plugin"), .init("ID", alignment: .trailing), .init("Name", canShrink: true),
      .init("Verdict"), .init("Message", priority: 60, canShrink: true),
    ]
  }

  func fleetRows(of data: JSONValue) -> [[String]] {
    data.rows(of: ["plugin", "id", "name", "verdict", "message"])
  }
}

extension StatusCommand: FleetCommand {
  var fleetColumns: [Table.Column] {
    [
      .init("Version"), .init("State"), .init("Plugins", alignment: .trailing, priority: 50),
      .init("Connections", alignment: .trailing), .init("Restriction", priority: 70),
      .init("URL", priority: 60, canShrink: true),
    ]
  }

  func fleetRows(of data: JSONValue) -> [[String]] {
    let counts = data["connections"]?.object?.members
    let total = counts.map { "\($0.reduce(0) { $0 + ($1.value.int ?? 0) })" } ?? "unknown"
    let state: String
    switch (data["migrationPending"]?.bool, data["ready"]?.bool) {
    case (true?, _): state = "migration pending"
    case (_, true?): state = "ready"
    case (_, false?): state = "not ready"
    default: state = "unknown"
    }
    return [
      [
        data["version"].text, state, data["plugins"].text, total, data["restriction"].text,
        data["url"].text,
      ]
    ]
  }
}

extension DoctorCommand: FleetCommand {
  var fleetColumns: [Table.Column] {
    [
      .init("Severity"), .init("Connection"), .init("Message", canShrink: true),
      .init("Fix", priority: 50, canShrink: true),
    ]
  }

  /// What is not as it should be; of an instance on which everything is, that.
  func fleetRows(of data: JSONValue) -> [[String]] {
    let findings = (data.array ?? []).filter { $0["severity"]?.string != "ok" }
    guard !findings.isEmpty else { return [["ok", "", "everything is OK", ""]] }
    return findings.map { finding in
      let plugin = finding["plugin"].text
      let id = finding["id"].text
      return [
        finding["severity"].text, id.isEmpty ? plugin : "\(plugin)/\(id)", finding["message"].text,
        finding["fix"].text,
      ]
    }
  }
}

extension ImpactCommand: FleetCommand {
  var fleetColumns: [Table.Column] {
    [
      .init("Plugin"), .init("ID", alignment: .trailing), .init("Name", canShrink: true),
      .init("Deletable"), .init("Blocked by", priority: 80, canShrink: true),
      .init("Blueprints", priority: 60, canShrink: true),
    ]
  }

  func fleetRows(of data: JSONValue) -> [[String]] {
    (data.array ?? []).map { report in
      let deletable = report["deletable"]?.bool.map { $0 ? "yes" : "no" } ?? "unknown"
      let blueprints = report["blueprints"]?.array?.map { $0["name"].text } ?? []
      let blockers = report["blockedBy"]?.array?.map { $0.string ?? "" } ?? []
      return [
        report["plugin"].text, report["id"].text, report["name"].text, deletable,
        blockers.joined(separator: ", "), blueprints.joined(separator: ", "),
      ]
    }
  }
}

extension PlanCommand: FleetCommand {
  var fleetColumns: [Table.Column] {
    [
      .init("Action"), .init("Plugin"), .init("ID", alignment: .trailing),
      .init("Name", canShrink: true), .init("Fields", priority: 60, canShrink: true),
    ]
  }

  /// What changes; of an instance on which nothing does, that.
  func fleetRows(of data: JSONValue) -> [[String]] {
    let changes = (data["changes"]?.array ?? []).filter { $0["action"]?.string != "unchanged" }
    guard !changes.isEmpty else { return [["unchanged", "", "", "", ""]] }
    return changes.map { change in
      let fields = change["fields"]?.array?.map { $0["field"].text } ?? []
      return [
        change["action"].text, change["plugin"].text, change["id"].text, change["name"].text,
        fields.joined(separator: ", "),
      ]
    }
  }
}

extension JSONValue {
  /// A row of these fields for each record.
  fileprivate func rows(of names: [String]) -> [[String]] {
    (array ?? []).map { record in names.map { record[$0].text } }
  }
}

extension JSONValue? {
  /// As a cell shows it.
  fileprivate var text: String { flatMap { Value.data($0).text } ?? "" }
}
