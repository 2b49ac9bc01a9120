import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// A connection of every plugin of the catalogue, made from a file: `plan` after `apply` is empty.
struct EveryPluginFileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let plugin: String
    let method: String?
    let era: Era
    /// A rate limit that stands in the file.
    let rate: Int?

    var testDescription: String {
      "\(plugin) \(method ?? "") \(era) \(rate.map(String.init) ?? "")"
    }
  }

  static let cases: [Case] = PluginRegistry.standard.plugins.flatMap { plugin -> [Case] in
    [Era.may2026, .september2026].flatMap { era -> [Case] in
      let methods: [String?] = plugin.authMethods.isEmpty ? [nil] : plugin.authMethods.map(\.name)
      let rates: [Int?] = plugin.field("rateLimitPerHour") == nil ? [nil] : [nil, 0, 77]
      return methods.flatMap { method in
        rates.map { Case(plugin: plugin.id, method: method, era: era, rate: $0) }
      }
    }
  }

  private static func secret(_ plugin: PluginDescriptor, _ field: PluginField) -> String {
    switch (plugin.id, field.kind) {
    case (_, .pem):
      "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "Qk1F", count: 40)
        + "\n-----END RSA PRIVATE KEY-----\n"
    case ("github", _): Tokens.github
    default: "made-up-secret-0123456789"
    }
  }

  private static func value(_ plugin: PluginDescriptor, _ field: PluginField) -> JSONValue {
    switch field.kind {
    case .integer: 5
    case .boolean: true
    case .choice(let words): .string(words.first ?? "")
    default:
      switch field.name {
      case "endpoint": .string(plugin.endpoint?.standard ?? plugin.endpoint?.example ?? "")
      case "companyId": "7"
      default: .string(field.name + "1")
      }
    }
  }

  /// The file, and the variables it refers to.
  private static func file(_ given: Case) throws -> (JSONValue, [String: String]) {
    let plugin = try #require(PluginRegistry.standard[given.plugin])
    let method = given.method.flatMap { name in plugin.authMethods.first { $0.name == name } }
    var entry: JSONObject = ["plugin": .string(plugin.id), "name": "one"]
    var variables: [String: String] = [:]
    if plugin.storesAuthMethod, let method { entry["authMethod"] = .string(method.name) }
    for field in plugin.fields where !["name", "authMethod"].contains(field.name) {
      let isMethods =
        field.name == method?.secretField || method?.identityFields.contains(field.name) == true
      let isRequired =
        switch field.requirement {
        case .always: true
        case .with(let name): name == method?.name
        case .optional: false
        }
      guard isMethods || isRequired else { continue }
      let derivation = plugin.endpoint?.derivation
      if field.name == "endpoint", derivation != nil, derivation?.authMethod == method?.name {
        continue
      }
      if field.kind == .json {
        variables["HEADER"] = "made-up-secret-0123456789"
        entry[field.name] = [["key": "X-Gateway", "value": "env:HEADER"]]
      } else if field.isSecret {
        let variable = "S_" + field.name.uppercased()
        variables[variable] = secret(plugin, field)
        entry[field.name] = .string("env:" + variable)
      } else {
        entry[field.name] = value(plugin, field)
      }
    }
    if plugin.needsOrganizationOrEnterprise || plugin.requiresOrganization {
      if entry["organization"] == nil { entry["organization"] = "acme" }
    }
    if let rate = given.rate { entry["rateLimitPerHour"] = .integer(rate) }
    return (["version": 1, "connections": [.object(entry)]], variables)
  }

  @Test(arguments: cases)
  func `plan after apply is empty, and so is that of its export`(_ given: Case) async throws {
    let (document, variables) = try Self.file(given)
    try await ShellFixture.with(seed: .empty, era: given.era) { direct in
      let place = direct.with(variables)
      let names = try await place.run("plugins --json").records()
        .compactMap { $0["plugin"] as? String }
      guard names.contains(given.plugin) else { return }
      // Jira's OAuth2 came with the newer server, which alone can make such a connection.
      if given.method == "OAuth2", given.era == .may2026 { return }
      try place.folder.write("c.yaml", YAML.write(document))
      // DevLake gives the key of a webhook once: it has to have a place.
      let issues = try !#require(PluginRegistry.standard[given.plugin]).issuedSecret.isEmpty
      let keeping = issues ? " --secret-file key" : ""
      let applied = await place.run("apply c.yaml --yes --no-test" + keeping)
      #expect(applied.exitCode == .success, "\(YAML.write(document))\n\(applied.everything)")
      let plan = await place.run("plan c.yaml --exit-code")
      #expect(plan.exitCode == .success, "\(plan.everything)")
      let export = await place.run("export > e.yaml")
      #expect(export.exitCode == .success, "\(export.everything)")
      let again = await place.run("plan e.yaml --exit-code")
      #expect(
        again.exitCode == .success,
        "\(place.folder.text("e.yaml") ?? "")\n\(again.everything)"
      )
    }
  }
}
