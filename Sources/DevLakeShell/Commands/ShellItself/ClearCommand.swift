import DevLakeKit

/// Empties the screen: `clear`.
struct ClearCommand: Command {
  let signature = Signature(
    name: "clear",
    abstract: "Empty the screen",
    discussion: "Ctrl-L does the same and keeps the line.",
    examples: [.init(input: "clear", purpose: "the prompt is on the first row")],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    session.conversation.clearScreen()
    return .nothing
  }
}
