import DevLakeKit
import ShellLanguage

extension Remedy {
  /// The command that does it, as it stands; it asks for what only a person knows.
  var command: String {
    switch self {
    case .edit(let key): "update \(key)"
    case .set(let key, let field, let value): Self.update(key, field, value)
    case .rotate(let key): "rotate \(key)"
    case .renew(let key, let settings):
      "update \(key)" + settings.map { Self.option($0, of: key) }.joined() + " --token REF"
    case .replace(let plugin): "create --plugin \(plugin)"
    case .delete(let key, let isUnreadable): "delete \(key)" + (isUnreadable ? " --force" : "")
    case .test(let key, let limit):
      "test \(key)" + (limit.map { " --timeout \($0.components.seconds)" } ?? "")
    case .replaceKey(let path):
      "keys create NAME --path \(Quoting.quoted(path)) --secret-file FILE"
    case .deleteKey(let id): "keys delete \(id)"
    case .migrate: "connect --migrate"
    case .awaitMigration: "watch --until-ok 5 status"
    case .patchBlueprint(let id, let body):
      "api PATCH /blueprints/\(id) \(Quoting.quoted(body.text))"
    }
  }

  /// A field that is set, as an option; what only a person knows is in capitals.
  private static func option(_ setting: ServiceDeadline.Setting, of key: ConnectionKey) -> String {
    let plugin = PluginRegistry.standard.descriptor(for: key.plugin)
    let field = plugin.field(setting.field)
    let isOrganization = setting.field == plugin.organizationField
    guard let option = isOrganization ? "org" : field?.option else {
      return " --field " + Quoting.quote("\(setting.field)=\(setting.value ?? setting.placeholder)")
    }
    if setting.value == "true" { return " --\(option)" }
    return " --\(option) " + (setting.value.map(Quoting.quote) ?? setting.placeholder)
  }

  /// A value that one cannot type is asked for.
  private static func update(_ key: ConnectionKey, _ field: String, _ value: String) -> String {
    guard !value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      return "update \(key)"
    }
    let plugin = PluginRegistry.standard.descriptor(for: key.plugin)
    guard let option = plugin.field(field)?.option else {
      return "update \(key) --field \(Quoting.quote("\(field)=\(value)"))"
    }
    // A name is always quoted, so that a space at its end would be seen.
    let word = field == "name" ? Quoting.quoted(value) : Quoting.quote(value)
    return "update \(key) --\(option) \(word)"
  }
}
