import DevLakeKit

/// What became of connections that a command was to change, for programs and people.
struct ChangeReport: Sendable {
  /// What became of a connection; the raw value is the `action` programs read.
  enum Action: String, Sendable {
    case created, updated, rotated, deleted, unchanged, skipped, refused, failed, unknown

    var isFailure: Bool { [.refused, .failed, .unknown].contains(self) }
  }

  /// What became of one connection.
  struct Entry: Sendable {
    var plugin: String
    var id: Int?
    var name: String
    var action: Action
    var changes: [FieldChange] = []
    var test: Verdict?
    var impact: JSONObject?
    var message: String?
    /// The sentences people see.
    var lines: [String] = []
    /// What is said below them, on standard error.
    var notes: [String] = []
    /// What kind of failure it is, with its exit code.
    var failure: Failure?
    /// Whether nobody can say if DevLake has made the change.
    var isUnknown = false
    /// The steps of a deletion with everything that depends on the connection.
    var steps: [JSONValue]?
  }

  var entries: [Entry]
  /// Where the changes were made, as the sentences end with it; see ``Session/placeOfChanges``.
  var place = ""

  var result: CommandResult {
    let output = Output(
      data: .array(entries.map { .object($0.json) }),
      view: .lines(entries.flatMap { $0.lines(endingWith: place) }),
      fields: ["plugin", "id", "name", "action", "changes", "message"]
    )
    var result = CommandResult(output)
    result.notes = entries.flatMap(\.notes)
    let failed = entries.filter(\.action.isFailure)
    guard let first = failed.first else { return result }
    result.exitCode =
      failed.count < entries.count ? .partial : first.failure?.exitCode ?? .failure
    result.error =
      first.failure?.diagnostic
      ?? Diagnostic(code: .refused, message: first.message ?? "\(first.plugin): \(first.action)")
    return result
  }
}

extension ChangeReport.Entry {
  /// The sentences, the one that tells a change with the place where it was made.
  fileprivate func lines(endingWith place: String) -> [String] {
    let word = action.rawValue
    let sentence = "✅ " + word.prefix(1).uppercased() + word.dropFirst()
    guard [.created, .updated, .rotated, .deleted].contains(action),
      let last = lines.lastIndex(where: { $0.contains(sentence) })
    else { return lines }
    var lines = lines
    lines[last] += place
    return lines
  }

  /// Turns it into one of an attempt that ended in an error.
  mutating func fail(_ failure: Failure) {
    isUnknown = failure.leavesUnknown
    action = isUnknown ? .unknown : failure.diagnostic.status == 409 ? .refused : .failed
    if !isUnknown { changes = [] }
    message = failure.diagnostic.message
    self.failure = failure
    lines = ["❌ \(failure.diagnostic.message)"]
  }
}

extension ChangeReport.Entry {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "plugin": .string(plugin), "id": id.map { .integer($0) } ?? .null, "name": .string(name),
      "action": .string(action.rawValue),
      "changes": .array(changes.map(\.json)),
    ]
    if let test { object["test"] = .object(TestReport.json(test)) }
    if let impact { object["impact"] = .object(impact) }
    if let message { object["message"] = .string(message) }
    if let steps { object["steps"] = .array(steps) }
    return object
  }

  /// `   name: old → new`; a secret is told to be new.
  static func lines(of changes: [FieldChange]) -> [String] {
    changes.map { change in
      if change.after == "***" { return "   \(change.field): a new secret" }
      return "   \(change.field): \(text(change.before)) → \(text(change.after))"
    }
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .null, .string(""): "(none)"
    default: Value.data(value).text ?? ""
    }
  }
}

/// What would be sent: the result of every changing command with `--dry-run`.
struct DryRun: Sendable {
  var requests: [ChangeRequest] = []

  var result: CommandResult {
    let data = requests.map { request -> JSONValue in
      [
        "method": .string(request.method), "path": .string(request.shown),
        "body": request.body?.shown ?? .null,
      ]
    }
    let lines = requests.map { request in
      "would send: \(request.method) \(request.shown)"
        + (request.body.map { " " + $0.shown.text } ?? "")
    }
    return CommandResult(
      Output(data: .array(data), view: .lines(lines.isEmpty ? ["nothing to send"] : lines))
    )
  }
}
