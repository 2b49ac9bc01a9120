import DevLakeKit

/// The table of connections, as in the documents.
struct ConnectionListing {
  var isWide = false
  /// Seconds since 1970, for the ages.
  var now = 0

  /// The fields an empty list has, too.
  static let fields = ["plugin", "id", "name", "endpoint", "organization", "enterprise"]

  func output(
    _ connections: [JSONObject],
    of inventory: Survey
  ) -> Output {
    let failed = inventory.failures.map { plugin, error -> JSONValue in
      [
        "plugin": .string(plugin.id),
        "error": [
          "code": .string(error.code.rawValue), "message": .string(error.description),
        ],
      ]
    }
    var output = Output(
      data: .array(connections.map(JSONValue.object)),
      view: view(connections, isComplete: inventory.failures.isEmpty),
      fields: Self.fields
    )
    output.failures = failed
    return output
  }

  private func view(
    _ connections: [JSONObject],
    isComplete: Bool
  ) -> Output.View {
    if connections.isEmpty { return isComplete ? .lines(["No connections found."]) : .none }
    var columns: [Table.Column] = [
      .init("Plugin"), .init("ID", alignment: .trailing), .init("Name", canShrink: true),
      .init("Organization", priority: 60, canShrink: true),
      .init("Enterprise", priority: 50, canShrink: true),
    ]
    if isWide {
      columns += [
        .init("Endpoint", priority: 40, canShrink: true), .init("Auth", priority: 30),
        .init("Proxy", priority: 10, canShrink: true),
        .init("Rate", alignment: .trailing, priority: 20),
        .init("Age", alignment: .trailing, priority: 25),
        .init("Secret age", alignment: .trailing, priority: 45), .init("Expires", priority: 46),
      ]
    }
    let rows = connections.map { connection in
      let names =
        ["plugin", "id", "name", "organization", "enterprise"]
        + (isWide
          ? [
            "endpoint", "authMethod", "proxy", "rateLimitPerHour", "createdAt", "secretAge",
            "expires",
          ] : [])
      return names.map { cell(connection, $0) }
    }
    return .table(Table(columns: columns, rows: rows))
  }

  private func cell(_ connection: JSONObject, _ name: String) -> String {
    switch (name, connection[name]) {
    case ("organization", nil): connection["org"]?.string ?? ""
    case ("secretAge", let days?): days.int.map { "\($0) d" } ?? ""
    case ("createdAt", .string(let time)?): Age.text(since: time, now: now) ?? ""
    case (_, let value?): Value.data(value).text ?? ""
    case (_, nil): ""
    }
  }
}
