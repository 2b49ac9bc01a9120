import DevLakeKit

/// Which of several connections are rotated, by the ages of their secrets.
struct RotationChoice {
  var due: [RotationRequest]
  var age: SecretAge?
  /// How many have younger secrets.
  var young = 0
  /// Those of which nobody knows.
  var unknown: [Connection] = []

  /// No secret is so old.
  var nothingDue: CommandResult {
    let days = age?.days ?? 0
    var result = CommandResult(
      Output(
        data: .array([]),
        view: .lines(["No secret is known to be older than \(days) days."]),
        fields: ["plugin", "id", "name", "action", "changes", "message"]
      )
    )
    if !unknown.isEmpty { result = added(to: result) }
    return result
  }

  /// A rotation's result with what was left alone.
  func added(to result: CommandResult) -> CommandResult {
    guard let age else { return result }
    var result = result
    if young > 0 {
      let what = young == 1 ? "1 secret is" : "\(young) secrets are"
      result.notes.append("   \(what) younger than \(age.days) days: left alone")
    }
    guard !unknown.isEmpty else { return result }
    let names = unknown.map { "\($0.key) \"\(ServerText.line($0.name))\"" }
    let message =
      "the ages of \(unknown.count == 1 ? "1 secret" : "\(unknown.count) secrets") are not known: "
      + names.joined(separator: ", ")
    let entries = unknown.map { connection in
      ChangeReport.Entry(
        plugin: connection.key.plugin,
        id: connection.key.id,
        name: connection.name,
        action: .skipped,
        message: "left alone: the age of its secret is not known"
      )
    }
    let left = ChangeReport(entries: entries).result.output.data
    result.output.data = .array((result.output.data.array ?? []) + (left.array ?? []))
    result.notes.append("   \(message)")
    result.notes.append("   💡 '--unknown rotate' includes them")
    if result.exitCode == .success {
      result.exitCode = .partial
      result.error = Diagnostic(code: .refused, message: message)
      result.showsFailure = false
    }
    return result
  }
}
