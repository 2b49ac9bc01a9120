import DevLakeKit

/// What a doctor found, for programs and people.
struct DoctorReport {
  let findings: [Finding]
  /// The connections that were looked at, in their order.
  let connections: [Connection]
  /// Why DevLake itself cannot be used.
  let obstacle: Failure?

  var result: CommandResult {
    let output = Output(
      data: .array(ordered.map { .object(Self.json($0)) }),
      view: .lines(lines),
      fields: ["check", "severity", "plugin", "id", "name", "message", "fix", "cause"]
    )
    let errors = findings.filter { $0.severity == .error }
    guard let first = errors.first else { return CommandResult(output) }
    return CommandResult(
      output,
      exitCode: obstacle?.exitCode ?? .failure,
      error: obstacle?.diagnostic
        ?? Diagnostic(
          code: first.check == .test ? .testFailed : .refused,
          message:
            "'doctor' found \(errors.count) error\(errors.count == 1 ? "" : "s"): \(first.message)"
        )
    )
  }

  /// DevLake as a whole first, then each connection in its order.
  private var ordered: [Finding] {
    var places: [ConnectionKey: Int] = [:]
    var groups: [[Finding]] = []
    func place(_ key: ConnectionKey) -> Int {
      if let place = places[key] { return place }
      places[key] = groups.count
      groups.append([])
      return groups.count - 1
    }
    for connection in connections { _ = place(connection.key) }
    for finding in findings {
      if let key = Self.key(finding) { groups[place(key)].append(finding) }
    }
    return findings.filter { $0.id == nil } + groups.joined()
  }

  private static func key(_ finding: Finding) -> ConnectionKey? {
    guard let plugin = finding.plugin, let id = finding.id else { return nil }
    return ConnectionKey(plugin: plugin, id: id)
  }

  private static func json(_ finding: Finding) -> JSONObject {
    var object: JSONObject = [
      "check": .string(finding.check.rawValue), "severity": .string(finding.severity.rawValue),
    ]
    if let plugin = finding.plugin { object["plugin"] = .string(plugin) }
    if let id = finding.id { object["id"] = .integer(id) }
    if let name = finding.name { object["name"] = .string(name) }
    object["message"] = .string(finding.message)
    if let fix = finding.fix { object["fix"] = .string(fix) }
    if let cause = finding.cause { object["cause"] = .string(cause.rawValue) }
    return object
  }

  /// Below a heading for DevLake and one for each connection that is not as it should be.
  ///
  /// Of one connection alone everything is shown.
  private var lines: [String] {
    var lines = ["DevLake"]
    let ordered = ordered
    for finding in ordered where finding.id == nil { lines += Self.lines(finding) }
    var heading: ConnectionKey?
    for finding in ordered {
      guard let key = Self.key(finding), finding.severity != .ok || connections.count == 1 else {
        continue
      }
      if heading != key {
        let name = finding.name.map { " \"\(ServerText.line($0))\"" } ?? ""
        lines.append("\(key)\(name)")
        heading = key
      }
      lines += Self.lines(finding)
    }
    return lines + [summary]
  }

  private static func lines(_ finding: Finding) -> [String] {
    let sign =
      switch finding.severity {
      case .ok: "✅"
      case .warning: "⚠️"
      case .error: "❌"
      }
    let plugin = finding.id == nil ? finding.plugin.map { "\($0): " } ?? "" : ""
    let line = "   \(sign) \(plugin)\(ServerText.line(finding.message))"
    return [line] + (finding.fix.map { ["      💡 \($0)"] } ?? [])
  }

  private var summary: String {
    let errors = findings.filter { $0.severity == .error }.count
    let warnings = findings.filter { $0.severity == .warning }.count
    let troubled = Set(findings.filter { $0.severity != .ok }.compactMap(Self.key))
    let fine = connections.filter { !troubled.contains($0.key) }.count
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    return "\(count(connections.count, "connection")), \(fine) OK; "
      + "\(count(errors, "error")), \(count(warnings, "warning"))"
  }
}
