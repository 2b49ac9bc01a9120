import DevLakeKit

/// What can be handed to an auditor: who changed which connection when, and how it was verified.
struct AuditReport {
  private let rows: [JSONObject]

  private static let fields = [
    "time", "user", "instance", "command", "plugin", "id", "name", "action", "outcome", "secrets",
    "expires", "testedBefore", "testedAfter", "verified",
  ]

  init(_ records: [JSONObject]) {
    rows = records.filter { $0["outcome"]?.string != "none" }.map(Self.row)
  }

  private static func row(_ record: JSONObject) -> JSONObject {
    var row = JSONObject()
    for field in fields { row[field] = record[field] ?? .null }
    let secrets = (record["changes"]?.array ?? []).filter {
      $0["after"]?.string == Secret.placeholder
    }
    row["secrets"] = .string(secrets.compactMap { $0["field"]?.string }.joined(separator: " "))
    row["verified"] = .string(verification(record))
    return row
  }

  private static func verification(_ record: JSONObject) -> String {
    guard record["outcome"]?.string == "done" else {
      return record["message"]?.string ?? "not done"
    }
    let action = record["action"]?.string
    if action == Change.Action.delete.rawValue || action == FollowUp.action {
      return "nothing to test"
    }
    func isTested(_ name: String) -> Bool {
      guard let test = record[name]?.string else { return false }
      return !test.hasPrefix("not tested")
    }
    switch (isTested("testedBefore"), isTested("testedAfter")) {
    case (true, true): return "tested before and after saving"
    case (true, false): return "tested before saving"
    case (false, true): return "tested after saving"
    case (false, false): return "not tested"
    }
  }

  var output: Output {
    let columns = [
      "time", "user", "instance", "plugin", "id", "name", "action", "outcome", "expires",
      "verified",
    ]
    let table = Table(
      columns: columns.map { name in
        .init(
          name.prefix(1).uppercased() + name.dropFirst(),
          alignment: name == "id" ? .trailing : .leading,
          priority: name == "instance" ? 40 : 90,
          canShrink: ["instance", "name", "verified"].contains(name)
        )
      },
      rows: rows.map { row in columns.map { row[$0].flatMap { Value.data($0).text } ?? "" } }
    )
    return Output(
      data: .array(rows.map(JSONValue.object)),
      view: rows.isEmpty ? .lines(["No changes found."]) : .table(table),
      fields: Self.fields
    )
  }
}
