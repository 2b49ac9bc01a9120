import DevLakeKit

/// Forgets what was seen of DevLake: `refresh`.
struct RefreshCommand: Command {
  let signature = Signature(
    name: "refresh",
    abstract: "Read the connections again, for names and completion",
    examples: [.init(input: "refresh", purpose: "after someone else changed connections")],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    session.inventory.drop()
    session.journal.rereads()
    let inventory = try await session.survey()
    session.conversation.note("   \(inventory.connections.count) connections")
    for (plugin, error) in inventory.failures {
      session.conversation.warn("\(plugin.id): \(error.description)")
    }
    return CommandResult(.nothing, exitCode: inventory.failures.isEmpty ? .success : .partial)
  }
}
