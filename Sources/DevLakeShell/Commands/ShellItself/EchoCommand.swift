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
    CommandResult(Self.output(of: call.all(argument: "WORD").map { $0.value ?? .data(.null) }))
  }

  /// Values as a result: one alone is itself, several are a text of them.
  static func output(of values: [Value]) -> Output {
    let text = values.map { $0.text ?? Secret.placeholder }.joined(separator: " ")
    var output = Output(data: .string(text), view: .text(text))
    if values.count == 1, case .data(let data) = values[0], data.string == nil {
      output.data = data
    }
    output.isBare = true
    return output
  }
}
