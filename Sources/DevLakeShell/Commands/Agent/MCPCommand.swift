import DevLakeKit

/// Serves reading commands to a program that speaks the Model Context Protocol: `devlake-shell mcp`.
struct MCPCommand: ScriptCommand {
  let signature = Signature(
    name: "mcp",
    abstract:
      "Serve reading commands to an agent, by the Model Context Protocol on stdin and stdout",
    discussion: """
      Speaks revision 2026-07-28, and with clients that begin with 'initialize' 2025-11-25 and \
      2025-06-18. The tools are the commands that only read; they take no URL, no path and no secret, \
      and which DevLake is asked is said before 'mcp': --url, --instance, or instances.yaml. A plan \
      takes the text of a connections file; references in it are not followed. Nothing that changes \
      a DevLake can be sent. Ends with its input.
      """,
    examples: [
      .init(
        input: "devlake-shell --instance staging mcp",
        purpose: "as an agent's settings have it"
      )
    ],
    topic: .shell
  )

  func run(
    _ call: Call,
    with interpreter: Interpreter,
    in frame: Frame
  ) async throws(Failure) -> ExitCode {
    guard let readLines = interpreter.session.world.readLines, frame.namesVerdicts == false else {
      throw .usage(
        "'mcp' reads standard input and must be the only command",
        at: call.whole,
        help: "run it as: devlake-shell mcp"
      )
    }
    return await AgentServer(interpreter: interpreter).serve(readLines)
  }
}
