/// A way into the program for statements that are one a line.
enum Door: String, CaseIterable, Sendable {
  /// Each statement is a call of the program.
  case arguments
  case lines
  case file
  case dashFile
  case standardInput

  /// Runs the statements; the status is that of the last call.
  func run(_ statements: [String], on fixture: ProgramFixture) async throws -> BuiltProgram.Outcome
  {
    let script = statements.joined(separator: "\n") + "\n"
    switch self {
    case .lines: return try await fixture.run(["-c", script])
    case .file:
      try fixture.write("script.lake", script)
      return try await fixture.run(["-f", "script.lake"])
    case .dashFile: return try await fixture.run(["-f", "-"], input: script)
    case .standardInput: return try await fixture.run([], input: script)
    case .arguments:
      var (stdout, stderr, status) = ("", "", CInt(0))
      for statement in statements {
        let one = try await fixture.run(statement.split(separator: " ").map(String.init))
        stdout += one.stdout
        stderr += one.stderr
        status = one.status
      }
      return BuiltProgram.Outcome(stdout: stdout, stderr: stderr, status: status)
    }
  }
}
