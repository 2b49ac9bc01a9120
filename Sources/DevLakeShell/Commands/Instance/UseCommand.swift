import DevLakeKit

/// Selects a plugin for what follows: `use github`.
struct UseCommand: Command {
  let signature = Signature(
    name: "use",
    abstract: "Select a plugin, or none",
    discussion: "Then 'list', '3' and 'all' mean its connections.",
    arguments: [.init(name: "PLUGIN", kind: .plugin, isRequired: false)],
    examples: [.init(input: "use github", purpose: "from now on IDs are those of GitHub")],
    topic: .instance
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard let given = call.argument("PLUGIN") else {
      session.select(nil)
      return .nothing
    }
    let plugin = session.plugin(given.text)
    // The catalog's plugins need no question; any other the server must know.
    if !plugin.isKnown { _ = try await session.connections(of: plugin, at: given) }
    session.select(plugin)
    return .nothing
  }
}
