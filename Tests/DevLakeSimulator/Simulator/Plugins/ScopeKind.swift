import DevLakeKit

/// What DevLake knows of a plugin's scopes: repositories, boards, jobs.
struct ScopeKind: Sendable {
  /// The stem of the Go type, as in `*models.GithubRepo`.
  let model: String
  /// The member that identifies a scope within its connection.
  let idField: String
  /// The members of a scope beyond the common ones, with the values of those that are left out;
  /// empty for plugins of which no answer is known: their scopes are answered as they were put.
  var members: [(name: String, initial: JSONValue)] = []
  /// The names in `_raw_data_params` and the member that stands under the second.
  var rawParameters = (connection: "ConnectionId", scope: "ScopeId", member: "id")
  /// Whether the common members come last (argocd).
  var commonLast = false
  /// The tables of the domain layer that a project maps the scope to, with the Go type in the row
  /// id; `nil` stands for the bare id.
  var domains: [(table: String, type: String?)] = []
  /// The member whose value ends the domain layer's row ids.
  var domainMember: String?
  /// The stages after the project mapping; each is one list of tasks.
  var tasks: @Sendable (ScopeContext) -> [PlanTask] = { _ in [] }
}

/// One scope about to be collected.
struct ScopeContext: Sendable {
  let plugin: String
  let connection: ConnectionRow
  let scope: JSONObject
  /// The domain layer's id of the scope.
  let rowID: String
  /// Whether the secret in a clone URL is hidden, which a new blueprint's answer forgets.
  let hidesSecrets: Bool

  func text(_ member: String) -> JSONValue { scope[member] ?? "" }

  /// A clone URL with the connection's secret as its password.
  func cloneURL(_ member: String, user: String = "git", secret field: String) -> JSONValue {
    let url = scope[member]?.string ?? ""
    let secret = connection.values[field]?.string ?? ""
    let shown = hidesSecrets ? String(repeating: "*", count: secret.utf8.count) : secret
    return .string(url.replacing("://", with: "://\(user):\(shown)@", maxReplacements: 1))
  }
}

/// One task of a plan.
struct PlanTask: Sendable {
  let plugin: String
  let subtasks: [String]?
  let options: JSONObject

  init(_ plugin: String, subtasks: [String]?, options: [(String, JSONValue)]) {
    self.plugin = plugin
    self.subtasks = subtasks
    self.options = JSONObject(options)
  }

  var json: JSONValue {
    [
      "plugin": .string(plugin),
      "subtasks": subtasks.map { .array($0.map(JSONValue.string)) } ?? nil,
      "options": .object(options),
    ]
  }
}
