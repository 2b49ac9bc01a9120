import DevLakeKit

/// The options of `create` and `update` that set fields of a connection, made from the catalog.
enum FieldOptions {
  /// Options every plugin has, or that mean more than one field.
  static let fixed: [Signature.Option] = [
    .plugin,
    .init(
      name: "org",
      kind: .text,
      placeholder: "ORG",
      help: "organization, group or workspace (names the connection)"
    ),
    .init(
      name: "enterprise",
      kind: .text,
      placeholder: "SLUG",
      help: "GitHub enterprise (Copilot)"
    ),
    .init(name: "name", kind: .text, placeholder: "NAME", help: "what the connection is called"),
    .init(
      name: "endpoint",
      kind: .text,
      placeholder: "URL",
      help: "address of the service's API"
    ),
    .init(
      name: "proxy",
      kind: .text,
      placeholder: "URL",
      help: "proxy DevLake uses to reach the service"
    ),
    .init(
      name: "token",
      kind: .secret,
      placeholder: "REF",
      help: "token or password: env:NAME, file:PATH, cmd:COMMAND, -, prompt, or itself"
    ),
    .expires,
    .init(name: "username", kind: .text, placeholder: "NAME", help: "user name"),
    .init(
      name: "rate-limit",
      kind: .text,
      placeholder: "N",
      help: "requests per hour; 0 is automatic, 'ui' what config-ui proposes"
    ),
    .init(
      name: "field",
      kind: .field,
      placeholder: "NAME=VALUE",
      help: "any field by DevLake's name (repeatable); @FILE for a JSON or YAML list or record",
      isRepeated: true
    ),
    .init(
      name: "header-secret",
      kind: .namedSecret,
      placeholder: "NAME=REF",
      help: "a header DevLake sends with its requests, and its secret value (repeatable)",
      isRepeated: true
    ),
  ]

  /// One option for each further field of the catalog.
  static let fromCatalogue: [Signature.Option] = {
    var options: [Signature.Option] = []
    var places: [String: Int] = [:]
    let taken = Set(fixed.map(\.name))
    for plugin in PluginRegistry.standard.plugins {
      for field in plugin.fields {
        guard let name = field.option, !taken.contains(name) else { continue }
        if let place = places[name] {
          join(&options[place], field)
          continue
        }
        places[name] = options.count
        options.append(
          .init(
            name: name,
            kind: kind(of: field),
            placeholder: placeholder(of: field),
            help: field.help
          )
        )
      }
    }
    return options
  }()

  static let all = fixed + fromCatalogue

  /// What several plugins have under one name takes what any of them does; which takes what is
  /// checked where the plugin is known.
  private static func join(_ option: inout Signature.Option, _ field: PluginField) {
    guard case .choice(let words) = field.kind else { return }
    let known: [String]
    switch option.kind {
    case .choice(let words), .pluginChoice(let words): known = words
    default: return
    }
    let all = known + words.filter { !known.contains($0) }
    option.kind = .pluginChoice(all)
    option.placeholder = all.joined(separator: "|")
  }

  private static func kind(of field: PluginField) -> ValueKind {
    if field.isSecret { return .secret }
    return switch field.kind {
    // What is on by default must be able to be turned off.
    case .boolean: field.standard == true ? .choice(["true", "false"]) : .flag
    case .integer: .integer(0...Int(Int32.max))
    case .choice(let words): .choice(words)
    case .text, .date, .pem, .json: .text
    }
  }

  private static func placeholder(of field: PluginField) -> String {
    if field.isSecret { return "REF" }
    return switch field.kind {
    case .boolean: field.standard == true ? "true|false" : ""
    case .integer: "N"
    case .choice(let words): words.joined(separator: "|")
    default: "VALUE"
    }
  }
}
