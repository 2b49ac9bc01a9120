import DevLakeKit

/// Runs another script in the same scope: `include team.lake`.
struct IncludeCommand: ScriptCommand {
  let signature = Signature(
    name: "include",
    abstract: "Run another script, in the same scope",
    discussion: "The path is relative to the including file. The words after it are its $1, $2, …",
    arguments: [
      .init(name: "FILE", kind: .file),
      .init(name: "ARG", kind: .text, isRequired: false, isRepeated: true),
    ],
    examples: [
      .init(input: "include team.lake", purpose: "runs team.lake, which may set variables")
    ],
    topic: .shell,
    includesScript: true
  )

  func run(
    _ call: Call,
    with interpreter: Interpreter,
    in frame: Frame
  ) async throws(Failure) -> ExitCode {
    try await interpreter.include(call, in: frame)
  }
}
