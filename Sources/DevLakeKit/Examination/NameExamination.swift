/// Names of a plugin's connections that people and databases confuse.
package enum NameExamination {
  /// What is to be said of the names of some connections of any plugins.
  ///
  /// PostgreSQL tells `Ci` from `ci` and from `ci `; MySQL, by its settings, does not.
  package static func findings(_ connections: [Connection]) -> [Finding] {
    var findings: [Finding] = []
    let names = Set(connections.map { Name(plugin: $0.key.plugin, text: $0.name) })
    var seen: [Name: [Connection]] = [:]
    for connection in connections {
      let plugin = connection.key.plugin
      if let bare = blanks(around: connection.name) {
        let taken = names.contains(Name(plugin: plugin, text: bare))
        findings.append(
          finding(
            connection,
            "the name starts or ends with a space",
            fix: bare.isEmpty || taken ? "NAME" : quoted(bare)
          )
        )
      }
      let folded = Name(plugin: plugin, text: connection.name.lowercased())
      let twin = seen[folded]?.first { $0.name != connection.name }
      seen[folded, default: []].append(connection)
      if let twin {
        findings.append(
          finding(
            connection,
            "the name differs from that of \(twin.key) only in case",
            fix: "NAME"
          )
        )
      }
    }
    return findings
  }

  /// What is compared; a thousand connections are no million comparisons.
  private struct Name: Hashable {
    let plugin: String
    let text: String
  }

  private static func blanks(around name: String) -> String? {
    let bare = String(name.trimmingBlanks)
    return bare == name ? nil : bare
  }

  private static func finding(_ connection: Connection, _ text: String, fix name: String) -> Finding
  {
    Finding(
      .name,
      .warning,
      connection,
      text,
      fix: "update \(connection.key) --name \(name)"
    )
  }

  /// A name as the shell reads it as one word.
  private static func quoted(_ name: String) -> String {
    let line = ServerText.line(name)
    return line.contains("'") ? "NAME" : "'\(line)'"
  }
}
