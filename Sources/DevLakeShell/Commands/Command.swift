/// Something a person can ask the shell to do.
protocol Command: Sendable {
  var signature: Signature { get }

  /// Does it, and returns what to show; a command never prints.
  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult
}

/// What a command came to.
struct CommandResult: Sendable {
  var output: Output
  var exitCode = ExitCode.success
  /// What went wrong although there is a result, for `${error.…}`; the output tells it already.
  var error: Diagnostic?

  /// What is said after the result, such as how to mend what failed.
  var notes: [String] = []

  init(_ output: Output, exitCode: ExitCode = .success, error: Diagnostic? = nil) {
    self.output = output
    self.exitCode = exitCode
    self.error = error
  }

  static let nothing = CommandResult(.nothing)
}
