/// Compares the scopes of all connections: what is collected twice, and what blueprints name in vain.
public struct ScopeExamination: Sendable {
  /// A connection with its scopes; `nil`: DevLake does not tell them.
  public struct Entry: Sendable {
    let connection: Connection
    let plugin: PluginDescriptor
    let scopes: [JSONObject]?

    /// Creates an entry from what ``Examination`` has read.
    public init(_ connection: Connection, _ plugin: PluginDescriptor, _ scopes: [JSONObject]?) {
      self.connection = connection
      self.plugin = plugin
      self.scopes = scopes
    }
  }

  private let entries: [Entry]
  private let blueprints: [BlueprintUse]
  private let isComplete: Bool

  /// Creates an examination of the connections and blueprints DevLake has.
  ///
  /// - Parameters:
  ///   - entries: The connections with their scopes.
  ///   - blueprints: All of them; empty where DevLake does not tell.
  ///   - isComplete: Whether `entries` are all connections there are.
  public init(_ entries: [Entry], blueprints: [BlueprintUse], isComplete: Bool) {
    self.entries = entries
    self.blueprints = blueprints
    self.isComplete = isComplete
  }

  /// What is to be said.
  public func findings() -> [Finding] { duplicates() + broken() }

  /// The same repository or board of the same service, collected by several connections: its numbers
  /// count twice in every dashboard.
  private func duplicates() -> [Finding] {
    var owners: [String: [(entry: Entry, name: String)]] = [:]
    var order: [String] = []
    for entry in entries {
      let service =
        entry.connection.endpoint.map(Self.service)
        ?? entry.connection.organization.map { $0.lowercased() } ?? ""
      for scope in entry.scopes ?? [] {
        guard let id = scope.scopeID(entry.plugin) else { continue }
        let key = "\(entry.plugin.id) \(service) \(id)"
        if owners[key] == nil { order.append(key) }
        owners[key, default: []].append((entry, scope.scopeName(entry.plugin)))
      }
    }
    // One finding for each pair of connections, however many scopes they share.
    var pairs: [(first: Entry, second: Entry, names: [String])] = []
    for key in order {
      guard let all = owners[key], all.count > 1 else { continue }
      for other in all.dropFirst() {
        let index = pairs.firstIndex {
          $0.first.connection.key == all[0].entry.connection.key
            && $0.second.connection.key == other.entry.connection.key
        }
        if let index {
          pairs[index].names.append(other.name)
        } else {
          pairs.append((all[0].entry, other.entry, [other.name]))
        }
      }
    }
    return pairs.map { first, second, names in
      let shown = names.prefix(3).map { "'\(ServerText.line($0))'" }.joined(separator: ", ")
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      return Finding(
        .duplicate,
        .warning,
        second.connection,
        "\(first.connection.key) \"\(ServerText.line(first.connection.name))\" collects \(shown)\(more) "
          + "as well: everything in it counts twice"
      )
    }
  }

  /// What blueprints collect and nobody has: every run of theirs fails on it.
  private func broken() -> [Finding] {
    var findings: [Finding] = []
    for blueprint in blueprints {
      for use in blueprint.connections {
        guard let entry = entries.first(where: { $0.connection.key == use.key }) else {
          // A plan's task may name a plugin that has no connections of its own.
          if isComplete, PluginRegistry.standard[use.key.plugin] != nil {
            findings.append(gone(use.key, blueprint))
          }
          continue
        }
        guard let scopes = entry.scopes, entry.plugin.scopeIdField != nil else { continue }
        let there = Set(scopes.compactMap { $0.scopeID(entry.plugin) })
        let missing = (use.scopes ?? []).filter { !there.contains($0) }
        guard !missing.isEmpty else { continue }
        let names = missing.map { "'\(ServerText.line($0))'" }.joined(separator: ", ")
        findings.append(
          Finding(
            .brokenScope,
            .error,
            entry.connection,
            "\(blueprint.title) collects its scope\(missing.count == 1 ? "" : "s") \(names), which "
              + "\(missing.count == 1 ? "is" : "are") gone: every run fails",
            remedy: remedy(for: blueprint) { key, scope in key == use.key && missing.contains(scope)
            }
          )
        )
      }
    }
    return findings
  }

  private func gone(_ key: ConnectionKey, _ blueprint: BlueprintUse) -> Finding {
    var finding = Finding(
      .brokenScope,
      .error,
      plugin: key.plugin,
      "\(blueprint.title) collects from \(key), which is gone: every run fails",
      remedy: remedy(for: blueprint) { other, _ in other == key }
    )
    finding.id = key.id
    return finding
  }

  /// The PATCH that takes something out of a NORMAL blueprint and leaves the rest as it is.
  private func remedy(
    for blueprint: BlueprintUse,
    without isBroken: (ConnectionKey, String) -> Bool
  ) -> Remedy? {
    var entries: [JSONValue] = []
    var isChanged = false
    for entry in blueprint.entries {
      guard var object = entry.object, let plugin = entry["pluginName"]?.string,
        let id = entry["connectionId"]?.int
      else { return nil }
      let key = ConnectionKey(plugin: plugin, id: id)
      let scopes = entry["scopes"]?.array ?? []
      let kept = scopes.filter { scope in
        let name = scope["scopeId"].flatMap { $0.string ?? $0.int.map(String.init) } ?? ""
        return !isBroken(key, name)
      }
      isChanged = isChanged || kept.count < scopes.count
      // DevLake refuses a connection without scopes.
      if kept.isEmpty { continue }
      object["scopes"] = .array(kept)
      entries.append(.object(object))
    }
    guard isChanged else { return nil }
    return .patchBlueprint(blueprint.id, .object(["connections": .array(entries)]))
  }

  /// A service's address without what is written in several ways.
  private static func service(_ endpoint: String) -> String {
    var text = endpoint.lowercased()
    for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
      text = String(text.dropFirst(scheme.count))
    }
    while text.hasSuffix("/") { text = String(text.dropLast()) }
    return text
  }
}
