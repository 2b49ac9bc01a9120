/// Ends the shell or the script: `exit`, `exit 3`.
struct ExitCommand: Command {
  let signature: Signature

  init(name: String) {
    signature = Signature(
      name: name,
      abstract: "Leave the shell with an exit code",
      arguments: [.init(name: "N", kind: .integer(0...255), isRequired: false)],
      examples: [.init(input: name, purpose: "ends the shell")],
      topic: .shell
    )
  }

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let code = call.argument("N").flatMap { Int32($0.text) }
    session.requestExit(ExitRequest(code: code.map(ExitCode.init(rawValue:))))
    return .nothing
  }
}
