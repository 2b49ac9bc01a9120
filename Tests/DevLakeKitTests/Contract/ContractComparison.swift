import DevLakeKit

/// Compares a body of the simulator with the recorded one: everything but times, and ids by what
/// they stand for.
struct ContractComparison {
  /// The plugin the path is about.
  let plugin: String
  var ids: ContractIDs
  private(set) var differences: [String] = []

  init(path: String, ids: ContractIDs) {
    let parts = path.split(separator: "/")
    let index = parts.firstIndex(of: "plugins")
    plugin = index.flatMap { $0 + 1 < parts.count ? String(parts[$0 + 1]) : nil } ?? ""
    self.ids = ids
  }

  mutating func compare(_ recorded: JSONValue, _ simulated: JSONValue, at place: String = "") {
    switch (recorded, simulated) {
    case (.object(let recorded), .object(let simulated)):
      compare(recorded, simulated, at: place)
    case (.array(let recorded), .array(let simulated)):
      guard recorded.count == simulated.count else {
        differ(place, "\(recorded.count) elements", "\(simulated.count)")
        return
      }
      let pairs = zip(Self.ordered(recorded), Self.ordered(simulated))
      for (index, pair) in pairs.enumerated() {
        compare(pair.0, pair.1, at: "\(place)[\(index)]")
      }
    case (.string(let recorded), .string(let simulated)):
      compare(recorded, simulated, at: place)
    default:
      if recorded != simulated { differ(place, recorded.text, simulated.text) }
    }
  }

  private mutating func compare(_ recorded: JSONObject, _ simulated: JSONObject, at place: String) {
    let missing = Set(recorded.keys).subtracting(simulated.keys)
    let added = Set(simulated.keys).subtracting(recorded.keys)
    if !missing.isEmpty || !added.isEmpty {
      differ(place, "members \(missing.sorted())", "\(added.sorted())")
    }
    for member in recorded.members {
      guard let other = simulated[member.key] else { continue }
      let inner = "\(place).\(member.key)"
      if let kind = idKind(member.key, in: recorded), let old = member.value.int,
        let new = other.int, old > 0
      {
        if !ids.bind(kind, old, to: new) { differ(inner, "\(old)", "\(new)") }
      } else if member.key == "apiKey", let old = member.value.string, let new = other.string {
        if old.count != new.count { differ(inner, "\(old.count) characters", "\(new.count)") }
        ids.bindKey(old, to: new)
      } else {
        compare(member.value, other, at: inner)
      }
    }
  }

  private mutating func compare(_ recorded: String, _ simulated: String, at place: String) {
    if Self.isTime(recorded), Self.isTime(simulated) { return }
    let isErrorText = ["message", "causes", "errorName"].contains { place.contains($0) }
    guard isErrorText else {
      if recorded != simulated { differ(place, recorded, simulated) }
      return
    }
    let old = CleanedErrorText(recorded).parts
    let new = CleanedErrorText(simulated).parts
    if old != new { differ(place, "\(old)", "\(new)") }
  }

  /// What kind of thing an id member identifies; `nil` for members that are no ids.
  private func idKind(_ key: String, in object: JSONObject) -> String? {
    switch key {
    case "connectionId", "ConnectionId": return object["pluginName"]?.string ?? plugin
    case "id":
      if object["cronConfig"] != nil { return "blueprints" }
      if object["totalTasks"] != nil { return "pipelines" }
      if object["allowedPath"] != nil { return "api-keys" }
      return plugin.isEmpty ? nil : plugin
    default: return nil
    }
  }

  /// `GET /plugins` answers in random order; every other order counts.
  private static func ordered(_ elements: [JSONValue]) -> [JSONValue] {
    guard elements.allSatisfy({ $0["metric"] != nil }) else { return elements }
    return elements.sorted { ($0["plugin"]?.string ?? "") < ($1["plugin"]?.string ?? "") }
  }

  private static func isTime(_ text: String) -> Bool {
    text.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z/#) != nil
  }

  private mutating func differ(_ place: String, _ recorded: String, _ simulated: String) {
    differences.append("\(place): recorded \(recorded.prefix(400)), now \(simulated.prefix(400))")
  }
}
