import DevLakeKit

/// Which of several connections are rotated, by the ages of their secrets.
struct RotationChoice {
  var due: [RotationRequest]
  var age: SecretAge?
  /// How many have younger secrets.
  var young = 0
  /// Those a rotation had done when it was cut off.
  var done: [Connection] = []
  /// Those of which nobody knows.
  var unknown: [Connection] = []

  /// Nothing is to be rotated.
  var nothingDue: CommandResult {
    let text =
      age.map { "No secret is known to be older than \($0.days) days." }
      ?? "The rotation that was cut off had done everything."
    var result = CommandResult(
      Output(
        data: .array([]),
        view: .lines([text]),
        fields: ["plugin", "id", "name", "action", "changes", "message"]
      )
    )
    result = added(to: result)
    return result
  }

  /// A rotation's result with what was left alone.
  func added(to result: CommandResult) -> CommandResult {
    var result = result
    if !done.isEmpty {
      let entries = done.map { connection in
        ChangeReport.Entry(
          plugin: connection.key.plugin,
          id: connection.key.id,
          name: connection.name,
          action: .unchanged,
          message: "done before the rotation was cut off"
        )
      }
      let data = ChangeReport(entries: entries).result.output.data
      result.output.data = .array((data.array ?? []) + (result.output.data.array ?? []))
      result.notes.append(
        "   \(done.count) of these were done by the rotation that was cut off: left alone"
      )
    }
    guard let age else { return result }
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
