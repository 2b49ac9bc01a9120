import DevLakeKit

/// Shows what was changed from this machine: `audit --since 2026-11-01`.
struct AuditCommand: LocalFleetCommand {
  let signature = Signature(
    name: "audit",
    abstract: "Show who changed what and when, from this machine's audit log",
    discussion: """
      Failed and refused attempts stand in it too; 'outcome' tells: done, failed, refused, unknown \
      (the answer was lost and no look-up could tell), interrupted (given up before its end), none \
      (nothing was tried) or started (a write that is under way, or whose program was killed). \
      Secrets are never in it. The log is audit.ndjson in the shell's state folder.
      """,
    options: [
      .init(
        name: "since",
        kind: .time,
        placeholder: "TIME",
        help: "only later changes: 2026-11-01, 2026-11-01T08:00:00Z (UTC), or the last 2h, 7d"
      ),
      .init(name: "plugin", kind: .plugin, placeholder: "PLUGIN", help: "changes of this plugin"),
      .init(name: "user", kind: .text, placeholder: "NAME", help: "changes by this user"),
      .init(
        name: "instances",
        kind: .instancePattern,
        placeholder: "PATTERN",
        help: "changes of the named instances that fit: 'prod-*', lab,prod-1, all"
      ),
      .init(
        name: "report",
        kind: .flag,
        help: "for an auditor: who, when, which, verified how (with -o csv or --json)"
      ),
    ],
    examples: [
      .init(input: "audit --plugin github", purpose: "every change of GitHub's"),
      .init(input: "audit --since 7d --user ada", purpose: "what ada did in the last seven days"),
      .init(input: "audit --report -o csv", purpose: "a report for an auditor"),
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let since = try call.option("since").map { (given) throws(Failure) in
      try given.moment(now: session.world.now())
    }
    let plugin = call.option("plugin").map { session.plugin($0.text).id }
    let user = call.text("user")
    let named = try call.option("instances").map { (given) throws(Failure) in
      try Fleet.names(given, in: session).map { (name) throws(Failure) in
        try session.namedInstance(name, at: given)
      }
    }
    let contents = try Self.contents(session)
    if !contents.brokenLines.isEmpty {
      session.conversation.warn(Self.complaint(contents.brokenLines, in: session))
    }
    let records = Self.settled(contents.records).filter { record in
      (since.map { Self.isRecord(record, notBefore: $0) } ?? true)
        && (plugin.map { record["plugin"]?.string == $0 } ?? true)
        && (user.map { record["user"]?.string == $0 } ?? true)
        && (named.map { Self.isRecord(record, of: $0) } ?? true)
    }
    if call.flag("report") { return CommandResult(AuditReport(records).output) }
    return CommandResult(
      Output(
        data: .array(records.map(JSONValue.object)),
        view: records.isEmpty ? .lines(["No changes found."]) : .table(Self.table(records)),
        fields: [
          "time", "user", "instance", "command", "plugin", "id", "name", "action", "outcome",
          "message",
        ]
      )
    )
  }

  /// The records without the first of two lines about one attempt.
  ///
  /// One that is left tells of a write that is under way, or was cut off.
  static func settled(_ records: [JSONObject]) -> [JSONObject] {
    let ended = Set(
      records.filter { $0["outcome"]?.string != "started" }.compactMap { $0["attempt"]?.string }
    )
    var tests: [String: JSONValue] = [:]
    var others: [JSONObject] = []
    for record in records {
      if record["outcome"]?.string == "verified", let attempt = record["attempt"]?.string {
        tests[attempt] = record["testedAfter"]
      } else {
        others.append(record)
      }
    }
    for index in others.indices where others[index]["outcome"]?.string == "done" {
      guard let test = others[index]["attempt"]?.string.flatMap({ tests[$0] }) else { continue }
      others[index]["testedAfter"] = test
    }
    return others.filter { record in
      guard record["outcome"]?.string == "started", let attempt = record["attempt"]?.string else {
        return true
      }
      return !ended.contains(attempt)
    }
  }

  static func contents(_ session: Session) throws(Failure) -> AuditLog.Contents {
    do throws(FileError) {
      guard let log = session.journal.auditLog else {
        session.warnOnce("there is no audit log: \(Journal.homeless)")
        return AuditLog.Contents()
      }
      return try log.contents()
    } catch {
      throw Failure(
        Diagnostic(code: .refused, message: "the audit log cannot be read: \(error)"),
        exitCode: .failure
      )
    }
  }

  private static func complaint(_ lines: [Int], in session: Session) -> String {
    let shown = lines.prefix(5).map(String.init).joined(separator: ", ")
    let list = shown + (lines.count > 5 ? ", …" : "")
    return
      "the audit log has \(lines.count == 1 ? "a line that is" : "\(lines.count) lines that are") "
      + "no record, left out: line\(lines.count == 1 ? "" : "s") \(list)"
  }

  /// Whether it tells of a change of one of these, whatever that was called then.
  private static func isRecord(_ record: JSONObject, of instances: [NamedInstance]) -> Bool {
    guard let text = record["instance"]?.string, let url = try? ServerURL(text) else {
      return false  // what names no address is of none of them
    }
    return instances.contains { $0.url.isSameInstance(as: url) }
  }

  /// A record whose time nobody can read is shown: it may be the one that is looked for.
  private static func isRecord(_ record: JSONObject, notBefore start: Int) -> Bool {
    guard let time = record["time"]?.string.flatMap(Timestamp.seconds) else { return true }
    return time >= start
  }

  private static func table(_ records: [JSONObject]) -> Table {
    let columns: [(String, Int)] = [
      ("time", 90), ("user", 60), ("instance", 85), ("plugin", 95), ("id", 95), ("name", 80),
      ("action", 100),
      ("outcome", 100), ("message", 50),
    ]
    var table = Table(
      columns: columns.map { name, priority in
        .init(
          name.prefix(1).uppercased() + name.dropFirst(),
          alignment: name == "id" ? .trailing : .leading,
          priority: priority,
          canShrink: ["instance", "name", "message"].contains(name)
        )
      },
      rows: records.map { record in
        columns.map { name, _ in record[name].flatMap { Value.data($0).text } ?? "" }
      },
      footer: [lastWord(on: records)]
    )
    for (index, record) in records.enumerated() {
      table.styles[index] =
        switch record["outcome"]?.string {
        case "failed"?, "refused"?: .failed
        case "unknown"?, "interrupted"?, "started"?: .changed
        default: nil
        }
    }
    return table
  }

  /// `12 changes: 10 done, 2 failed`.
  private static func lastWord(on records: [JSONObject]) -> String {
    var counts: [(outcome: String, count: Int)] = []
    for outcome in records.map({ $0["outcome"]?.string ?? "unknown" }) {
      if let index = counts.firstIndex(where: { $0.outcome == outcome }) {
        counts[index].count += 1
      } else {
        counts.append((outcome, 1))
      }
    }
    let parts = counts.map { "\($0.count) \($0.outcome)" }.joined(separator: ", ")
    return "\(records.count) change\(records.count == 1 ? "" : "s"): \(parts)"
  }
}
