import DevLakeKit

/// The variables that are always there: `status`, `error`, `env`, `args`, `now` and `today`.
enum BuiltInVariables {
  static let names: Set<String> = ["status", "error", "env", "args", "now", "today"]

  /// What `${error.…}` knows.
  static let errorMembers = ["code", "message", "status", "exit"]

  /// Whether an environment variable of that name holds a secret: a key of the catalog, or one
  /// whose name says so.
  static func isSecret(environment name: String) -> Bool {
    catalogueKeys.contains(name) || SecretNames.isSecret(name)
  }

  private static let catalogueKeys = Set(
    PluginRegistry.standard.plugins.flatMap(\.tokenVariables) + ["DEVLAKE_API_KEY"]
  )

  /// The last failure as a record; its members are null before the first.
  static func error(of session: Session) -> JSONValue {
    guard let error = session.outcome.error else {
      return .object(JSONObject(errorMembers.map { ($0, JSONValue.null) }))
    }
    return [
      "code": .string(error.code.rawValue),
      "message": .string(error.message),
      "status": error.status.map { .integer($0) } ?? .null,
      "exit": .integer(session.outcome.failureCode.rawValue),
    ]
  }
}
