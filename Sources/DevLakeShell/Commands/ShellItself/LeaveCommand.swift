import DevLakeKit

/// Leaves a loop or a definition before its end: `break`, `continue`, `return`.
struct LeaveCommand: ScriptCommand {
  let signature: Signature
  private let what: Leaving

  static let leavingLoop = LeaveCommand(
    .loop,
    "break",
    "Leave the enclosing loop",
    [],
    .init(input: "for x in 1 2 3 { if $x == 2 { break }; echo $x }", purpose: "writes 1")
  )

  static let leavingRound = LeaveCommand(
    .round,
    "continue",
    "Continue with the next iteration of the enclosing loop",
    [],
    .init(input: "for x in 1 2 3 { if $x == 2 { continue }; echo $x }", purpose: "writes 1 and 3")
  )

  static let leavingDefinition = LeaveCommand(
    .definition,
    "return",
    "Leave the enclosing definition with one more result",
    [.init(name: "WORD", kind: .anything, isRequired: false)],
    .init(input: "def double N { return $(( $N * 2 )) }; double 21", purpose: "writes 42")
  )

  private init(
    _ what: Leaving,
    _ name: String,
    _ abstract: String,
    _ arguments: [Signature.Argument],
    _ example: Signature.Example
  ) {
    self.what = what
    signature = Signature(
      name: name,
      abstract: abstract,
      arguments: arguments,
      examples: [example],
      topic: .shell,
      leaves: what
    )
  }

  func run(
    _ call: Call,
    with interpreter: Interpreter,
    in frame: Frame
  ) async throws(Failure) -> ExitCode {
    if let value = call.argument("WORD")?.value {
      interpreter.show(Output(echoing: [value]), as: interpreter.format(of: call), in: frame)
    }
    interpreter.session.leave(what)
    return .success
  }
}
