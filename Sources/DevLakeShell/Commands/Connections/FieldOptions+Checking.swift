import DevLakeKit

/// What the text of a call tells of its values before anything runs.
extension FieldOptions {
  /// The plugin a call names in its text, by `--plugin` or before the `/` of a selector.
  static func writtenPlugin(of call: Call) -> PluginDescriptor? {
    if let given = call.option("plugin") {
      return given.value == nil ? nil : PluginRegistry.standard[given.text]
    }
    guard let selector = call.argument("SEL"), selector.value != nil,
      let slash = selector.text.firstIndex(of: "/")
    else { return nil }
    return PluginRegistry.standard[String(selector.text[..<slash])]
  }

  /// What is wrong with the values of a call for the plugin it names, as far as its text tells.
  static func mistakes(in call: Call, of plugin: PluginDescriptor?) -> [Failure] {
    var mistakes: [Failure] = []
    func check(_ body: () throws(Failure) -> Void) {
      do throws(Failure) {
        try body()
      } catch {
        mistakes.append(error)
      }
    }
    for option in all {
      // One without a value is none where a connection is made, and else told when it runs.
      guard let given = call.option(option.name), given.value != nil, !given.text.isEmpty else {
        continue
      }
      check { () throws(Failure) in try self.check(option, given, plugin) }
    }
    let isNew = call.signature.name != "update"
    for given in call.all(option: "field") where given.value != nil && given.fieldName == nil {
      check { () throws(Failure) in try checkField(given, plugin, isNew: isNew) }
    }
    return mistakes
  }

  private static func check(
    _ option: Signature.Option,
    _ given: ArgumentValue,
    _ plugin: PluginDescriptor?
  ) throws(Failure) {
    let text = given.text
    switch option.name {
    case "plugin", "token", "org", "enterprise", "field", "header-secret": return
    case "endpoint": return try checkEndpoint(given, plugin)
    case "rate-limit" where text == "ui":
      guard let plugin, plugin.isKnown, plugin.field("rateLimitPerHour") != nil else { return }
      guard plugin.interfaceRateLimit != nil else { throw unproposed(plugin, at: given) }
      return
    default: break
    }
    guard let plugin else { return try checkUnowned(option, given) }
    guard let field = plugin.fields.first(where: { $0.option == option.name }), !field.isSecret,
      option.kind != .flag
    else { return }
    try check(text, field, given, named: "--\(option.name)")
  }

  /// What no plugin takes, where the text does not tell which it is.
  private static func checkUnowned(
    _ option: Signature.Option,
    _ given: ArgumentValue
  ) throws(Failure) {
    let text = given.text
    switch (option.name, option.kind) {
    case (_, .pluginChoice(let words)):
      guard !words.contains(where: { $0.lowercased() == text.lowercased() }) else { return }
      throw .invalid(
        "'\(ServerText.line(text))' is not a value of '--\(option.name)'",
        at: given,
        help: "the values are \(words.joined(separator: ", ")); "
          + "'plugins NAME' shows which a plugin accepts"
      )
    case ("rate-limit", _): try check(text, limit, given, named: "--\(option.name)")
    case ("name", _), ("proxy", _):
      let field = PluginField(option.name, .text, mask: .generic, help: option.name)
      try check(text, field, given, named: "--\(option.name)")
    default: break
    }
  }

  /// The limit of requests, which nearly every plugin has.
  private static let limit =
    PluginRegistry.standard.plugins.lazy.compactMap { $0.field("rateLimitPerHour") }.first
    ?? PluginField("rateLimitPerHour", .integer, mask: .generic, help: "requests per hour")

  static func check(
    _ text: String,
    _ field: PluginField,
    _ given: ArgumentValue,
    named name: String
  ) throws(Failure) {
    do throws(FieldMistake) {
      switch field.name {
      case "name": try ConnectionName.check(text)
      case "proxy": try ProxyRules.check(text)
      default: break
      }
      _ = try field.value(text)
    } catch {
      throw .invalid(error.named(name).description, at: given)
    }
  }

  private static func checkEndpoint(
    _ given: ArgumentValue,
    _ plugin: PluginDescriptor?
  ) throws(Failure) {
    // A plugin without an address of its own takes that of its service, which has a scheme, too.
    guard let rules = plugin.map(\.endpoint) ?? EndpointRules() else {
      guard let plugin, let address = plugin.organizationAddress,
        plugin.organization(inAddress: given.text) == nil
      else { return }
      throw .invalid(
        "the endpoint of \(plugin.displayName) is \(address)<org>",
        at: given,
        help: "leave --endpoint out; --org says it all"
      )
    }
    do throws(EndpointMistake) {
      _ = try rules.normalized(given.text)
    } catch {
      throw .invalid(error.description, at: given)
    }
  }

  /// A row of a newer DevLake may have a field that goes on where one of the catalog ends, such as
  /// `tokens`; whether it has is told when it was read.
  private static func checkField(
    _ given: ArgumentValue,
    _ plugin: PluginDescriptor?,
    isNew: Bool
  ) throws(Failure) {
    let parts = given.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let (name, text) = (String(parts[0]), String(parts[1]))
    guard !["id", "createdAt", "updatedAt"].contains(name) else {
      throw .invalid("'\(name)' is set by DevLake", at: given)
    }
    guard let plugin else { return }
    guard let field = plugin.field(name) else {
      guard plugin.isKnown,
        let near = Suggestion.closest(to: name, among: plugin.fields.map(\.name)),
        isNew || !name.hasPrefix(near)
      else { return }
      throw .invalid(
        "\(plugin.displayName) has no field '\(name)'",
        at: given,
        help: "did you mean '\(near)'?"
      )
    }
    let isFile = field.kind == .json && text.hasPrefix("@")
    guard !field.isSecret, !text.isEmpty, !isFile else { return }
    try check(text, field, given, named: field.name)
  }

  static func unproposed(_ plugin: PluginDescriptor, at given: ArgumentValue) -> Failure {
    .invalid(
      "config-ui proposes no rate limit for \(plugin.displayName)",
      at: given,
      help: "give a number, 0 for automatic"
    )
  }
}
