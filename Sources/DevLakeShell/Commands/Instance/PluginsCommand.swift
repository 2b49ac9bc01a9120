import DevLakeKit

/// Tells which plugins there are, and what is known of one: `plugins jira`.
struct PluginsCommand: Command {
  let signature = Signature(
    name: "plugins",
    abstract: "Show the plugins with connections, or everything about one",
    arguments: [.init(name: "NAME", kind: .plugin, isRequired: false)],
    examples: [
      .init(input: "plugins", purpose: "the plugins of this DevLake"),
      .init(input: "plugins jira", purpose: "fields, secrets, scopes, endpoint rules of Jira"),
    ],
    topic: .instance
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard let given = call.argument("NAME") else { return try await all(session) }
    let plugin = session.plugin(given.text)
    if !plugin.isKnown { _ = try await session.connections(of: plugin, at: given) }
    return CommandResult(PluginSheet(plugin: plugin).output)
  }

  private func all(_ session: Session) async throws(Failure) -> CommandResult {
    let inventory = try await session.survey()
    var counts: [String: Int] = [:]
    for connection in inventory.connections { counts[connection.key.plugin, default: 0] += 1 }
    let rows = inventory.plugins.sorted { $0.id < $1.id }
    let data = rows.map { plugin -> JSONValue in
      [
        "plugin": .string(plugin.id), "name": .string(plugin.displayName),
        "connections": .integer(counts[plugin.id] ?? 0), "known": .bool(plugin.isKnown),
      ]
    }
    let table = Table(
      columns: [
        .init("Plugin"), .init("Name", canShrink: true),
        .init("Connections", alignment: .trailing),
        .init("Token", priority: 50, canShrink: true),
      ],
      rows: rows.map { plugin in
        [
          plugin.id, plugin.displayName, "\(counts[plugin.id] ?? 0)",
          plugin.tokenVariables.joined(separator: " "),
        ]
      },
      footer: inventory.failureLines
    )
    var result = CommandResult(
      Output(data: .array(data), view: .table(table), fields: ["plugin", "name", "connections"]),
      exitCode: inventory.isComplete ? .success : .partial
    )
    if let (_, error) = inventory.failures.first {
      result.error = Failure(error).diagnostic
      result.error?.message = inventory.failureTexts.joined(separator: "; ")
    }
    return result
  }
}

/// All the catalog knows of a plugin.
struct PluginSheet {
  let plugin: PluginDescriptor

  var output: Output {
    Output(data: .object(json), view: .lines(lines))
  }

  private var json: JSONObject {
    [
      "plugin": .string(plugin.id), "name": .string(plugin.displayName),
      "aliases": .array(plugin.aliases.map(JSONValue.string)), "known": .bool(plugin.isKnown),
      "evidence": .string(plugin.evidence.rawValue),
      "fields": .array(
        plugin.fields.map { field in
          [
            "name": .string(field.name), "required": .bool(Self.isRequired(field)),
            "secret": .bool(field.isSecret),
            "option": field.option.map { .string("--" + $0) } ?? .null,
            "help": .string(field.help),
          ]
        }
      ),
      "authMethods": .array(plugin.authMethods.map { .string($0.name) }),
      "endpoint": plugin.endpoint?.standard.map(JSONValue.string) ?? .null,
      "requiresOrganization": .bool(plugin.requiresOrganization),
      "requiredScopes": .array(plugin.requiredScopes.map(JSONValue.string)),
      "tokenVariables": .array(plugin.tokenVariables.map(JSONValue.string)),
      "usernameVariables": .array(plugin.usernameVariables.map(JSONValue.string)),
      "rateLimitUi": plugin.interfaceRateLimit.map { .integer($0) } ?? .null,
      "test": plugin.test.caveat.map(JSONValue.string) ?? .null,
      "notes": .array(plugin.notes.map(JSONValue.string)),
    ]
  }

  private var lines: [String] {
    var lines = [
      "\(plugin.displayName) (\(([plugin.id] + plugin.aliases).joined(separator: ", ")))"
    ]
    if !plugin.isKnown { lines.append("   not in the catalog: set fields with --field") }
    if plugin.evidence == .newer, plugin.isKnown {
      lines.append("   newer than the DevLake the catalog was measured on")
    }
    let width = plugin.fields.map(\.name.count).max() ?? 0
    for field in plugin.fields {
      var facts: [String] = []
      if Self.isRequired(field) { facts.append("required") }
      if field.isSecret { facts.append("secret") }
      if let option = option(for: field) { facts.append("--\(option)") }
      let padding = String(repeating: " ", count: width - field.name.count)
      lines.append(
        "   \(field.name)\(padding)  \(field.help)"
          + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
      )
    }
    lines += more
    return lines
  }

  /// What gives a field its value; `nil` where only `--field` does.
  private func option(for field: PluginField) -> String? {
    if field.name == plugin.headersField?.name { return "header-secret NAME=REF" }
    if let option = field.option { return option }
    let isCredential = plugin.authMethods.contains { $0.secretField == field.name }
    return isCredential ? "token REF" : nil
  }

  private var more: [String] {
    var lines: [String] = []
    if let endpoint = plugin.endpoint {
      lines.append("   endpoint: \(endpoint.standard ?? "must be given, like \(endpoint.example)")")
    }
    if !plugin.requiredScopes.isEmpty {
      lines.append("   scopes of the token: \(plugin.requiredScopes.joined(separator: ", "))")
    }
    if let note = plugin.credentialNote { lines.append("   credential: \(note)") }
    if !plugin.tokenVariables.isEmpty {
      lines.append("   secret from: \(plugin.tokenVariables.joined(separator: ", "))")
    }
    if !plugin.usernameVariables.isEmpty {
      lines.append("   user name from: \(plugin.usernameVariables.joined(separator: ", "))")
    }
    if let rate = plugin.interfaceRateLimit {
      lines.append("   rate limit proposed by config-ui: \(rate) an hour")
    }
    if let caveat = plugin.test.caveat { lines.append("   test: \(caveat)") }
    lines += plugin.notes.map { "   note: \($0)" }
    return lines
  }

  private static func isRequired(_ field: PluginField) -> Bool { field.requirement == .always }
}
