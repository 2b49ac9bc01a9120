import DevLakeKit

/// Waits: `sleep 5`.
struct SleepCommand: Command {
  let signature = Signature(
    name: "sleep",
    abstract: "Wait for some seconds",
    arguments: [.init(name: "SECONDS", kind: .pause)],
    examples: [.init(input: "sleep 0.1", purpose: "waits a tenth of a second")],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard let given = call.argument("SECONDS"), let seconds = Double(given.text) else {
      throw .usage("'sleep' needs SECONDS", at: call.whole)
    }
    do {
      try await session.world.pause(.seconds(seconds))
    } catch {
      throw .interrupted
    }
    return .nothing
  }
}
