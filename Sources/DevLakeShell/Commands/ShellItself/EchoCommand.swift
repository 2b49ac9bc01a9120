import DevLakeKit

/// Writes its words: `echo "$team is next"`.
struct EchoCommand: Command {
  let signature = Signature(
    name: "echo",
    abstract: "Write words; a secret is written as ***",
    arguments: [.init(name: "WORD", kind: .anything, isRequired: false, isRepeated: true)],
    examples: [.init(input: "echo done", purpose: "writes done")],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let words = call.all(argument: "WORD")
    let text = words.map { $0.value?.text ?? Secret.placeholder }.joined(separator: " ")
    if words.count == 1, case .data(let data)? = words[0].value, data.string == nil {
      return CommandResult(Output(data: data, view: .lines([text])))
    }
    return CommandResult(
      Output(
        data: .string(text),
        view: .lines(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      )
    )
  }
}
