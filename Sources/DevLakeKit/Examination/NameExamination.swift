/// Names of a plugin's connections that people and databases confuse.
package enum NameExamination {
  /// What is to be said of the names of some connections of any plugins.
  ///
  /// PostgreSQL tells `Ci` from `ci` and from `ci `; MySQL, by its settings, does not.
  package static func findings(_ connections: [Connection]) -> [Finding] {
    var findings: [Finding] = []
    var seen: [Name: [Connection]] = [:]
    for connection in connections {
      if connection.name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
        findings.append(
          finding(
            connection,
            "the name contains control characters, which no connections file can have",
            connections
          )
        )
      } else if String(connection.name.trimmingBlanks) != connection.name {
        findings.append(
          finding(connection, "the name starts or ends with a space", connections)
        )
      }
      let folded = Name(plugin: connection.key.plugin, text: connection.name.lowercased())
      let twin = seen[folded]?.first { $0.name != connection.name }
      seen[folded, default: []].append(connection)
      if let twin {
        let text = "the name differs from that of \(twin.key) only in case"
        findings.append(finding(connection, text, connections))
      }
    }
    return findings
  }

  /// What is compared; a thousand connections are no million comparisons.
  private struct Name: Hashable {
    let plugin: String
    let text: String
  }

  private static func finding(
    _ connection: Connection,
    _ text: String,
    _ all: [Connection]
  ) -> Finding {
    let others = all.filter {
      $0.key.plugin == connection.key.plugin && $0.key != connection.key
    }
    .map(\.name)
    return Finding(
      .name,
      .warning,
      connection,
      text,
      remedy: free(connection.name, beside: others).map {
        .set(connection.key, field: "name", value: $0)
      } ?? .edit(connection.key)
    )
  }

  /// A name like `name` that no other is taken for; `nil`: there is none.
  private static func free(_ name: String, beside others: [String]) -> String? {
    let bare = String(ServerText.line(name).trimmingBlanks)
    guard !bare.isEmpty else { return nil }
    func isFree(_ text: String) -> Bool {
      text.unicodeScalars.count <= ConnectionName.maximumLength
        && !others.contains {
          ConnectionName.collides($0, text) || ConnectionName.resembles($0, text)
        }
    }
    return ([bare] + (2...99).map { "\(bare) (\($0))" }).first(where: isFree)
  }
}
