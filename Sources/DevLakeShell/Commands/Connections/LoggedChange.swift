import DevLakeKit

/// A change the audit log tells of, and what would take it back.
struct LoggedChange {
  let record: JSONObject
  let action: Change.Action
  let plugin: String
  let id: Int

  var instance: String { record["instance"]?.string ?? "" }
  var user: String { ServerText.line(record["user"]?.string ?? "?") }
  var time: String { record["time"]?.string ?? "?" }
  var name: String { record["name"]?.string ?? "" }

  /// `github/1 "GitHub" updated`.
  var title: String { "\(plugin)/\(id) \"\(ServerText.line(name))\" \(action.rawValue)" }

  private init?(_ record: JSONObject) {
    guard record["outcome"]?.string == ChangeRecord.Outcome.done.rawValue,
      let action = record["action"]?.string.flatMap(Change.Action.init),
      let plugin = record["plugin"]?.string, let id = record["id"]?.int
    else { return nil }
    self.record = record
    self.action = action
    self.plugin = plugin
    self.id = id
  }

  /// The change of that number, counted from the last.
  static func last(
    _ number: Int,
    _ call: Call,
    _ session: Session
  ) throws(Failure) -> LoggedChange {
    let records = AuditCommand.settled(try AuditCommand.contents(session).records)
    let changes = records.compactMap(LoggedChange.init)
    guard number <= changes.count else {
      throw .notFound(
        changes.isEmpty
          ? "the log of this machine has no change"
          : "the log of this machine has \(changes.count) change\(changes.count == 1 ? "" : "s")",
        at: call.argument("N") ?? call.whole,
        help: "'audit' shows them"
      )
    }
    return changes[changes.count - number]
  }

  private var fields: [(field: String, before: JSONValue, after: JSONValue)] {
    (record["changes"]?.array ?? []).compactMap { change in
      change["field"]?.string.map { ($0, change["before"] ?? .null, change["after"] ?? .null) }
    }
  }

  /// The fields that got secrets.
  var secrets: [String] {
    fields.filter { $0.after == .string(Secret.placeholder) }.map(\.field)
  }

  /// The values from before, for a connection that has what the change made of it.
  func reverse(
    on connection: Connection,
    _ plugin: PluginDescriptor,
    _ call: Call
  ) throws(Failure) -> RequestBody {
    var body = RequestBody()
    for (field, before, after) in fields where after != .string(Secret.placeholder) {
      guard !field.hasPrefix("connections of "), field != "scopes" else {
        throw impossible("it was a part of a deletion", call)
      }
      guard before != .string(Secret.placeholder),
        before.string?.contains(Secret.placeholder) != true
      else { throw impossible("the value of '\(field)' from before holds a secret", call) }
      let now = connection.shown(field) ?? .null
      guard Self.isSame(now, after) else {
        let text = Value.data(now).text ?? ""
        throw moved("'\(field)' is '\(ServerText.line(text))' now", call)
      }
      body[field] = .json(before.isNull ? plugin.field(field)?.emptyValue ?? "" : before)
    }
    guard !body.isEmpty else {
      throw impossible(
        secrets.isEmpty ? "the log does not hold what was changed" : "the log holds no secret",
        call
      )
    }
    return body
  }

  private static func isSame(_ lhs: JSONValue, _ rhs: JSONValue) -> Bool {
    let nothing: [JSONValue] = [.null, "", 0, false]
    return lhs == rhs || (nothing.contains(lhs) && nothing.contains(rhs))
  }

  /// Refuses what was changed after it was created.
  func checkUntouched(_ connection: Connection, _ call: Call) throws(Failure) {
    guard let made = connection.shown("createdAt")?.string.flatMap(Timestamp.seconds),
      let changed = connection.updatedAt.flatMap(Timestamp.seconds)
    else { return }
    if changed > made + 1 { throw moved("it was changed since it was created", call) }
  }

  func impossible(_ reason: String, _ call: Call) -> Failure {
    var failure = Failure.conflict("\(title) cannot be taken back: \(reason)", at: call.whole)
    switch action {
    case .rotate: failure.diagnostic.help = "'rotate \(plugin)/\(id)' gives it another secret"
    case .delete: failure.diagnostic.help = "'apply' of an export makes it again"
    default: break
    }
    return failure
  }

  func moved(_ reason: String, _ call: Call) -> Failure {
    .conflict(
      "\(title): \(reason), so nothing was changed",
      at: call.whole,
      help: "'audit' and 'show \(plugin)/\(id)' tell what happened since"
    )
  }
}
