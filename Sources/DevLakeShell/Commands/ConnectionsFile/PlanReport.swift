import DevLakeKit

/// A plan, for people and programs.
struct PlanReport {
  let changes: [PlannedChange]
  /// What became of each change, once it was applied; `nil` for a plan.
  var outcomes: [ApplyOutcome]?

  /// How many changes there are of a kind.
  func count(_ action: PlannedChange.Action) -> Int { changes.filter { $0.action == action }.count }

  /// What is said where nothing is to be done; what cannot be seen is no agreement.
  var noChanges: String {
    "No changes: DevLake matches the file"
      + (incomparable.map { "; \($0)" } ?? "") + "."
  }

  /// That some secrets were left alone because nobody can tell whether they are other ones.
  private var incomparable: String? {
    let count = changes.count { change in
      change.connection != nil
        && change.secrets.contains { $0.state == .unknown || $0.state == .unresolved }
    }
    guard count > 0 else { return nil }
    return "the secrets of \(count) connection\(count == 1 ? "" : "s") cannot be compared"
  }

  var isEmpty: Bool { changes.allSatisfy { $0.action == .unchanged } }

  /// `1 to create, 2 to update`; only what there is.
  var summary: String {
    var words: [String] = []
    for action in PlannedChange.Action.allCases where action != .unchanged && count(action) > 0 {
      words.append("\(count(action)) to \(action.rawValue)")
    }
    words.append("\(count(.unchanged)) unchanged")
    return words.joined(separator: ", ")
  }

  /// What a person reads: in one line what is to be said of unchanged ones; then the changes, right
  /// above the question.
  var lines: [String] {
    var lines: [String] = []
    let noted = changes.filter { $0.action == .unchanged && !$0.notes.isEmpty }
    if let first = noted.first {
      let example = "\(first.title): \(first.notes.joined(separator: "; "))"
      lines.append(
        noted.count == 1
          ? "  unchanged  \(example)"
          : "  unchanged  \(noted.count) with a note (--json has all), the first \(example)"
      )
    }
    for change in changes where change.action != .unchanged {
      lines.append("\(change.mark) \(change.action.rawValue)  \(change.title)")
      let isNew = change.action == .create
      for field in change.fields where !isNew || change.isWorthShowing(field) {
        lines.append("     " + Self.line(field, isNew: isNew))
      }
      lines += (change.notes + change.problems.map(\.message)).map { "     (\($0))" }
    }
    return lines
  }

  var output: Output {
    let end = isEmpty ? noChanges : "Plan: \(summary)" + (incomparable.map { "; \($0)" } ?? "")
    var output = Output(
      data: .object(json),
      view: .lines(lines + [end]),
      fields: ["changes", "summary"]
    )
    output.inner = .init(field: "changes", columns: ["action", "plugin", "name", "id", "fields"])
    return output
  }

  private static func line(_ change: FieldChange, isNew: Bool) -> String {
    if change.after == "***" { return "\(change.field): \(isNew ? "***" : "a new secret")" }
    let after = text(change.after)
    return isNew
      ? "\(change.field): \(after)" : "\(change.field): \(text(change.before)) → \(after)"
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .null, .string(""): "(none)"
    default: Value.data(value).text ?? ""
    }
  }
}

extension PlannedChange {
  /// `github/1 "GitHub - acme"`, without the number for a new one.
  var title: String {
    "\(connection?.key.description ?? plugin.id) \"\(ServerText.line(name))\""
  }

  /// Of a new connection: what the file says, and the endpoint; its name and DevLake's defaults go
  /// without saying.
  fileprivate func isWorthShowing(_ field: FieldChange) -> Bool {
    guard field.field != "name" else { return false }
    return field.after == "***" || field.field == "endpoint"
      || desired?.values[field.field] != nil
  }

  fileprivate var mark: String {
    switch action {
    case .create: "+"
    case .update, .rotate: "~"
    case .delete: "-"
    case .unchanged: " "
    }
  }
}

extension PlanReport {
  var json: JSONObject {
    let records = changes.indices.map { index in
      JSONValue.object(record(changes[index], outcomes?[index]))
    }
    var summary = JSONObject()
    for action in PlannedChange.Action.allCases {
      let all = changes.indices.filter { changes[$0].action == action }
      let done = all.filter { outcomes?[$0].isDone ?? true }
      summary[action.rawValue] = .integer(done.count)
    }
    summary["failed"] = .integer(outcomes?.filter(\.isFailure).count ?? 0)
    if let outcomes {
      summary["notDone"] = .integer(outcomes.filter { $0.name == "not-done" }.count)
    }
    return ["changes": .array(records), "summary": .object(summary)]
  }

  private func record(_ change: PlannedChange, _ outcome: ApplyOutcome?) -> JSONObject {
    var record: JSONObject = [
      "action": .string(change.action.rawValue), "plugin": .string(change.plugin.id),
      "name": .string(change.name),
    ]
    if let id = outcome?.id ?? change.connection?.key.id { record["id"] = .integer(id) }
    record["fields"] = .array(change.fields.map(\.json))
    if !change.secrets.isEmpty {
      record["secrets"] = .object(
        JSONObject(change.secrets.map { ($0.field, .string($0.state.rawValue)) })
      )
    }
    let notes = change.notes + change.problems.map(\.message)
    if !notes.isEmpty { record["notes"] = .array(notes.map { .string($0) }) }
    guard let outcome else { return record }
    record["outcome"] = .string(outcome.name)
    if let verdict = outcome.test { record["test"] = .object(TestReport.json(verdict)) }
    if let message = outcome.message { record["message"] = .string(message) }
    return record
  }
}
