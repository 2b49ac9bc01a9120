import DevLakeKit

/// Shows what was changed from this machine: `audit --since 2026-11-01`.
struct AuditCommand: Command {
  let signature = Signature(
    name: "audit",
    abstract: "Show who changed what and when, from this machine's log",
    discussion: "Secrets are never in it. The log is audit.ndjson in the shell's state folder.",
    options: [
      .init(
        name: "since",
        kind: .text,
        placeholder: "TIME",
        help: "from this day or time on, 2026-11-01 or 2026-11-01T08:00:00Z"
      ),
      .init(name: "plugin", kind: .plugin, placeholder: "PLUGIN", help: "changes of this plugin"),
      .init(name: "user", kind: .text, placeholder: "NAME", help: "changes by this user"),
    ],
    examples: [.init(input: "audit --plugin github", purpose: "every change of GitHub's")]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let since = try since(call)
    let plugin = call.option("plugin").map { session.plugin($0.text).id }
    let user = call.text("user")
    let records = try records(session).filter { record in
      (since.map { (record["time"]?.string ?? "") >= $0 } ?? true)
        && (plugin.map { record["plugin"]?.string == $0 } ?? true)
        && (user.map { record["user"]?.string == $0 } ?? true)
    }
    return CommandResult(
      Output(
        data: .array(records.map(JSONValue.object)),
        view: records.isEmpty ? .lines(["No changes found."]) : .table(Self.table(records)),
        fields: [
          "time", "user", "instance", "command", "plugin", "id", "name", "action", "outcome",
        ]
      )
    )
  }

  private func records(_ session: Session) throws(Failure) -> [JSONObject] {
    do throws(FileError) {
      return try session.auditLog?.records() ?? []
    } catch {
      throw Failure(
        Diagnostic(code: .refused, message: "the audit log cannot be read: \(error)"),
        exitCode: .failure
      )
    }
  }

  /// A day or a time; both compare as texts with the log's, which are UTC.
  private func since(_ call: Call) throws(Failure) -> String? {
    guard let given = call.option("since") else { return nil }
    let digits = given.text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard digits.map(\.count) == [4, 2, 2], digits.allSatisfy({ $0.allSatisfy(\.isNumber) }) else {
      throw .invalid(
        "'--since' takes a day or time, not '\(given.text)'",
        at: given,
        help: "write it like 2026-11-01 or 2026-11-01T08:00:00Z"
      )
    }
    return given.text
  }

  private static func table(_ records: [JSONObject]) -> Table {
    let columns: [(String, Int)] = [
      ("time", 90), ("user", 60), ("plugin", 95), ("id", 95), ("name", 80), ("action", 100),
      ("outcome", 100),
    ]
    return Table(
      columns: columns.map { name, priority in
        .init(
          name.prefix(1).uppercased() + name.dropFirst(),
          alignment: name == "id" ? .trailing : .leading,
          priority: priority,
          canShrink: name == "name"
        )
      },
      rows: records.map { record in
        columns.map { name, _ in record[name].flatMap { Value.data($0).text } ?? "" }
      }
    )
  }
}
