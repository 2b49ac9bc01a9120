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

  /// DevLake as a whole first, then the connections, those with errors before those with warnings.
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
    let own = groups.map(Self.worstFirst)
    let severities: [Finding.Severity] = [.error, .warning, .note, .ok]
    let ranked: [Finding] = severities.flatMap { severity -> [Finding] in
      own.filter { $0.first?.severity == severity }.flatMap(\.self)
    }
    return Self.worstFirst(findings.filter { $0.id == nil }) + ranked
  }

  private static func worstFirst(_ findings: [Finding]) -> [Finding] {
    [Finding.Severity.error, .warning, .note, .ok].flatMap { severity in
      findings.filter { $0.severity == severity }
    }
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
    if let fix = finding.remedy?.command { object["fix"] = .string(fix) }
    if let cause = finding.cause { object["cause"] = .string(cause.rawValue) }
    return object
  }

  /// Below a heading for DevLake and one for each connection that is not as it should be; what is the
  /// same of several is below one heading for all of them.
  ///
  /// Of one connection alone everything is shown.
  private var lines: [String] {
    var lines = ["DevLake"]
    let ordered = ordered
    for finding in ordered where finding.id == nil && finding.check != .unseen {
      lines += Self.lines(finding)
    }
    let groups = groups(of: connections.count > 1 ? ordered : [])
    let grouped = Set(groups.compactMap(\.first).map(Sameness.init))
    var heading: ConnectionKey?
    for finding in ordered {
      guard let key = Self.key(finding), connections.count == 1 || finding.severity >= .warning,
        !grouped.contains(Sameness(finding))
      else { continue }
      if heading != key {
        let name = finding.name.map { " \"\(ServerText.line($0))\"" } ?? ""
        lines.append("\(key)\(name)")
        heading = key
      }
      lines += Self.lines(finding)
    }
    for group in groups { lines += Self.lines(ofGroup: group) }
    return lines + [summary] + unseen
  }

  /// What two findings have in common that are below one heading.
  private struct Sameness: Hashable {
    let check: Finding.Check
    let severity: Finding.Severity
    let message: String

    init(_ finding: Finding) {
      check = finding.check
      severity = finding.severity
      message = finding.message
    }
  }

  /// Warnings and errors that say the same of several connections, the errors first; within a group the
  /// connections are in their order.
  private func groups(of findings: [Finding]) -> [[Finding]] {
    var places: [Sameness: Int] = [:]
    var groups: [[Finding]] = []
    for finding in findings where finding.id != nil && finding.severity >= .warning {
      if let place = places[Sameness(finding)] {
        groups[place].append(finding)
      } else {
        places[Sameness(finding)] = groups.count
        groups.append([finding])
      }
    }
    let order = Dictionary(
      zip(connections.map(\.key), connections.indices),
      uniquingKeysWith: min
    )
    func place(_ finding: Finding) -> Int {
      Self.key(finding).flatMap { order[$0] } ?? connections.endIndex
    }
    return groups.filter { $0.count > 1 }.map { group in
      group.enumerated()
        .sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }
        .map(\.element)
    }
  }

  private static func lines(ofGroup group: [Finding]) -> [String] {
    guard let first = group.first else { return [] }
    let keys = group.compactMap(key).map(\.description)
    let isUnused = first.check == .unused
    let what = isUnused ? "are not used" : "have the same"
    var lines = ["\(keys.count) connections \(what): \(keys.joined(separator: ", "))"]
    lines.append("   \(sign(first)) \(ServerText.line(first.message))")
    // One command does it for all of them.
    let fixes =
      isUnused ? ["delete \(keys.joined(separator: " "))"] : group.compactMap(\.remedy?.command)
    return lines + fixes.map { "      💡 \($0)" }
  }

  private static func sign(_ finding: Finding) -> String {
    switch finding.severity {
    case .ok: "✅"
    case .note: "➖"
    case .warning: "⚠️"
    case .error: "❌"
    }
  }

  private static func lines(_ finding: Finding) -> [String] {
    let plugin = finding.id == nil ? finding.plugin.map { "\($0): " } ?? "" : ""
    let line = "   \(sign(finding)) \(plugin)\(ServerText.line(finding.message))"
    return [line] + (finding.remedy.map { ["      💡 \($0.command)"] } ?? [])
  }

  /// `2 errors, 12 warnings; 44 connections, 30 as they should be, 12 not used`.
  ///
  /// What nothing uses yet works all the same, and is counted for itself.
  private var summary: String {
    let errors = findings.filter { $0.severity == .error }.count
    let warnings = findings.filter { $0.severity == .warning }.count
    func keys(_ isMeant: (Finding) -> Bool) -> Set<ConnectionKey> {
      Set(findings.filter(isMeant).compactMap(Self.key))
    }
    let troubled = keys { $0.severity >= .warning && $0.check != .unused }
    let unused = keys { $0.check == .unused }.subtracting(troubled)
    let unverified = keys { $0.check == .test && $0.severity == .note }
      .subtracting(troubled).subtracting(unused)
    let fine = connections.map(\.key).count {
      !troubled.contains($0) && !unused.contains($0) && !unverified.contains($0)
    }
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    return "\(count(errors, "error")), \(count(warnings, "warning")); "
      + "\(count(connections.count, "connection")), \(fine) OK"
      + (unused.isEmpty ? "" : ", \(unused.count) not used")
      + (unverified.isEmpty ? "" : ", \(unverified.count) whose test proves nothing")
  }

  /// What was not looked at.
  private var unseen: [String] {
    findings.filter { $0.check == .unseen }.map { "not looked at: \(ServerText.line($0.message))" }
  }
}
