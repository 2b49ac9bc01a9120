/// Names of a plugin's connections that people and databases confuse.
public enum NameExamination {
  /// What is to be said of the names of some connections of any plugins.
  ///
  /// PostgreSQL tells `Ci` from `ci` and from `ci `; MySQL, by its settings, does not.
  public static func findings(_ connections: [Connection]) -> [Finding] {
    var findings: [Finding] = []
    for (index, connection) in connections.enumerated() {
      if let bare = blanks(around: connection.name) {
        let taken = connections.contains {
          $0.key.plugin == connection.key.plugin && $0.name == bare
        }
        findings.append(
          finding(
            connection,
            "the name begins or ends with a blank",
            fix: bare.isEmpty || taken ? "NAME" : quoted(bare)
          )
        )
      }
      let twin = connections[..<index].first {
        $0.key.plugin == connection.key.plugin && $0.name != connection.name
          && $0.name.lowercased() == connection.name.lowercased()
      }
      if let twin {
        findings.append(
          finding(
            connection,
            "the name differs from that of \(twin.key) by case alone",
            fix: "NAME"
          )
        )
      }
    }
    return findings
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
