import DevLakeKit

/// Writes connections as a file for `plan` and `apply`: `export > connections.yaml`.
struct ExportCommand: Command {
  let signature = Signature(
    name: "export",
    abstract: "Write connections to a file for 'plan' and 'apply'",
    discussion: """
      YAML unless another format is asked for, ordered by plugin and name, without what DevLake \
      would have by itself. DevLake never tells a secret: each is a reference to a variable of its \
      own, env:DEVLAKE_<PLUGIN>_<NAME>_<FIELD>, which you may replace by file: or cmd:. A name with \
      other characters than ASCII letters, digits and blanks has six digits of its SHA-256 behind \
      it, so that no variable depends on what other connections there are.
      """,
    arguments: [.selectors],
    options: [.plugin, .condition, .instances],
    examples: [
      .init(input: "export > connections.yaml", purpose: "all connections, for git"),
      .init(input: "export --plugin github", purpose: "those of one plugin"),
    ]
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let export = try Self.export(try await connections(call, session), session)
    let count = export.document["connections"]?.array?.count ?? 0
    // What is incomplete says so itself.
    let yaml = ExportMarks.around(
      YAML.write(export.document),
      count,
      missing: session.findings.gaps.map(\.plugin)
    )
    session.conversation.note(Self.note(export.variables.count))
    for omission in export.omissions {
      session.conversation.warn(
        "'\(ServerText.line(omission.field))' of \(omission.connection) is left out: DevLake hides "
          + "what is in it; set it where the file is applied"
      )
    }
    warn(about: yaml, session)
    var output = Output(data: export.document, view: .text(String(yaml.dropLast())))
    output.yaml = yaml
    output.inner = .init(field: "connections", columns: ["plugin", "name", "endpoint"])
    return CommandResult(output)
  }

  static func export(
    _ connections: [Connection],
    _ session: Session
  ) throws(Failure) -> ConnectionsFile.Export {
    var ends: [ConnectionKey: CalendarDay] = [:]
    for connection in connections {
      let life = session.life(of: connection)
      // What DevLake itself keeps is not a wish of the file's.
      if life.source == .recorded { ends[connection.key] = life.expires }
    }
    do throws(ExportCollision) {
      return try ConnectionsFile.export(connections, ends: ends)
    } catch {
      let names = [error.first, error.second].map { connection in
        "\(connection.key) \"\(ServerText.line(connection.name))\""
      }
      throw .conflict(
        "\(names[0]) and \(names[1]) would both refer to $\(error.variable); nothing was exported",
        help: "use one of them another name, or export them one by one"
      )
    }
  }

  private func connections(
    _ call: Call,
    _ session: Session
  ) async throws(Failure) -> [Connection] {
    let isSelected = !call.all(argument: "SEL").isEmpty || call.option("where") != nil
    if isSelected {
      return try await Selection(session: session, call: call).targets(needsDetails: true)
        .compactMap(\.connection)
    }
    let plugin = call.option("plugin").map { session.plugin($0.text) } ?? session.selectedPlugin
    if let plugin {
      return try await session.connections(of: plugin, at: call.option("plugin"))
    }
    return try await session.everyConnection(toleratesGaps: true)
  }

  private static func note(_ count: Int) -> String {
    switch count {
    case 0: "   🔑 no secrets are referred to"
    case 1: "   🔑 1 secret is referred to as env:DEVLAKE_…; set it where the file is applied"
    default:
      "   🔑 \(count) secrets are referred to as env:DEVLAKE_…; set them where the file is applied"
    }
  }

  /// DevLake may have connections no file can ask for, such as two names that differ by blanks only.
  private func warn(about yaml: String, _ session: Session) {
    guard let file = try? ConnectionsFile(parsing: yaml) else { return }  // it was just written
    for mistake in file.mistakes where mistake.weight == .error {
      session.conversation.warn(
        "'apply' refuses line \(mistake.place.line) of this: \(mistake.message)"
      )
    }
  }
}
