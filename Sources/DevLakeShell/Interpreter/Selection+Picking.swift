import DevLakeKit

extension Selection {
  /// What the command works on; where no word says it, a person picks one connection.
  ///
  /// - Parameters:
  ///   - example: What to write instead, for where nobody can be asked.
  ///   - flags: What else is missing then, so that everything is named at once.
  func targetsOrPick(
    example: String,
    and flags: [String] = []
  ) async throws(Failure) -> [Target] {
    let found = try await targets()
    guard found.isEmpty else { return found }
    guard call.all(argument: "SEL").isEmpty, call.all(option: "where").isEmpty else {
      throw .notFound("no connection is selected", at: call.whole)
    }
    guard session.conversation.canAsk else { throw nothingSelected(example, flags) }
    return [try await pick()]
  }

  private func nothingSelected(_ example: String, _ others: [String]) -> Failure {
    let missing = ["plugin", "id"].filter { call.option($0) == nil }
    let known = call.option("plugin") != nil || session.selectedPlugin != nil
    let flags = (known ? ["id"] : missing).map { "--\($0) \($0.uppercased())" }
    var failure = Failure.unasked(
      "'\(call.signature.name)' needs a connection",
      flags: flags + others
    )
    failure.diagnostic.help = failure.diagnostic.help.map { "\($0), or a selector: \(example)" }
    return failure
  }

  /// Shows the connections in question and lets a person pick one.
  private func pick() async throws(Failure) -> Target {
    let plugin = call.option("plugin").map { session.plugin($0.text) } ?? session.selectedPlugin
    let connections: [Connection]
    if let plugin {
      connections = try await session.connections(of: plugin, at: call.option("plugin"))
    } else {
      connections = try await session.everyConnection()
    }
    guard !connections.isEmpty else {
      throw .notFound(
        "there is no connection to \(call.signature.name)",
        help: "'create' makes one"
      )
    }
    let menu = Menu(
      title: "Connection to \(call.signature.name)",
      items: connections.map {
        .init(label: "\($0.key) \"\($0.name)\"", names: ["\($0.key)", $0.name])
      }
    )
    guard let index = try await menu.choose(with: session.conversation) else {
      throw .unasked("no connection was chosen", flags: ["--plugin PLUGIN", "--id ID"])
    }
    return session.target(connections[index])
  }
}
