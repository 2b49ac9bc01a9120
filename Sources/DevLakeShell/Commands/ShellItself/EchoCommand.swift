import DevLakeKit

/// Writes its words: `echo "$team is next"`.
struct EchoCommand: Command {
  let signature = Signature(
    name: "echo",
    abstract: "Print words; a secret is printed as ***",
    arguments: [.init(name: "WORD", kind: .anything, isRequired: false, isRepeated: true)],
    examples: [.init(input: "echo done", purpose: "writes done")],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    CommandResult(Output(echoing: call.all(argument: "WORD").map { $0.value ?? .data(.null) }))
  }
}
