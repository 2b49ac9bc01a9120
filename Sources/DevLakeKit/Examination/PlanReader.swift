/// Finds out whether the tasks of a plan use a connection.
///
/// DevLake itself looks at no plan before it deletes a connection: not at those of ADVANCED
/// blueprints, nor at what runs before and after a NORMAL one (measured).
struct PlanReader {
  let key: ConnectionKey

  /// Whether any task of `plan`, a list of stages, uses the connection.
  func uses(_ plan: JSONValue) -> Bool {
    switch plan {
    case .array(let elements): elements.contains(where: uses)
    case .object(let task): uses(task)
    case .null, .bool, .number, .string: false
    }
  }

  /// A task of the plugin names the connection; others that ride on it, as gitextractor, refdiff
  /// and the project mapping do, name it beside the plugin or in the ids of what they read.
  private func uses(_ task: JSONObject) -> Bool {
    guard let plugin = task["plugin"]?.string, let options = task["options"]?.object else {
      return false
    }
    let isNamed = number(option("connectionId", of: options)) == key.id
    if plugin == key.plugin || plugin == key.plugin + "_graphql" { return isNamed }
    if isNamed, option("pluginName", of: options)?.string == key.plugin { return true }
    return holdsRow(.object(options))
  }

  /// Go reads the names of options without regard to case.
  private func option(_ name: String, of options: JSONObject) -> JSONValue? {
    options[name] ?? options.members.first { $0.key.lowercased() == name.lowercased() }?.value
  }

  private func number(_ value: JSONValue?) -> Int? {
    value?.int ?? value?.string.flatMap { Int($0) }
  }

  /// Whether an id of the domain layer is in it: `github:GithubRepo:50:123`.
  private func holdsRow(_ value: JSONValue) -> Bool {
    switch value {
    case .string(let text):
      let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
      return parts.count == 4 && parts[0] == key.plugin && parts[1].first?.isUppercase == true
        && Int(parts[2]) == key.id
    case .array(let elements): return elements.contains(where: holdsRow)
    case .object(let object): return object.members.contains { holdsRow($0.value) }
    case .null, .bool, .number: return false
    }
  }
}
