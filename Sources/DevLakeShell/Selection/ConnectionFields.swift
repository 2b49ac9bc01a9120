import DevLakeKit

/// The fields connections have, as far as the catalog knows: without a row to look at.
enum ConnectionFields {
  /// The commands whose rows are connections.
  static let commands: Set<String> = ["list", "show"]

  /// What every connection has, and what the shell adds.
  private static let common = [
    "plugin", "id", "name", "endpoint", "organization", "enterprise", "proxy", "rateLimitPerHour",
    "authMethod", "createdAt", "updatedAt", "expires", "expiresSource", "secretAge",
  ]

  /// The fields of the plugins of the catalog.
  static let all = Set(common + PluginRegistry.standard.plugins.flatMap { $0.fields.map(\.name) })

  /// The fields of a plugin; `nil` when the catalog lacks it.
  private static func fields(of plugin: String) -> Set<String>? {
    guard let descriptor = PluginRegistry.standard[plugin] else { return nil }
    return Set(common + descriptor.fields.map(\.name))
  }

  /// The fields of the rows of some plugins, those that all have first.
  static func names(of plugins: [PluginDescriptor]) -> [String] {
    let own = Set(plugins.flatMap { $0.fields.map(\.name) }).subtracting(common)
    return common + own.sorted()
  }

  /// Refuses a field that a plugin of the catalog does not have, where the words name the plugin.
  static func check(_ name: String, at given: ArgumentValue, in call: Call) throws(Failure) {
    guard let plugin = call.option("plugin"), plugin.value != nil,
      let known = fields(of: plugin.text), !known.contains(head(of: name))
    else { return }
    throw unknown(name, at: given, among: [], of: known.sorted())
  }

  static func unknown(
    _ name: String,
    at given: ArgumentValue,
    among found: [String],
    of known: [String]? = nil
  ) -> Failure {
    var names = known ?? []
    if known == nil {
      var seen: Set<String> = []
      for name in found + common where seen.insert(name).inserted { names.append(name) }
    }
    let near = Suggestion.closest(to: name, among: known ?? (names + all.sorted()))
    return .invalid(
      "no connection has a field '\(name)'",
      at: given,
      help: near.map { "did you mean '\($0)'?" }
        ?? "the fields are \(names.joined(separator: ", "))"
    )
  }

  private static func head(of name: String) -> String { String(name.prefix { $0 != "." }) }
}
