/// Something a person can ask the shell to do.
protocol Command: Sendable {
  var signature: Signature { get }

  /// What is wrong with values of a call that its text tells, beyond what the signature does.
  func mistakes(in call: Call) -> [Failure]

  /// Does it, and returns what to show; a command never prints.
  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult
}

extension Command {
  func mistakes(in call: Call) -> [Failure] { [] }
}

/// What a command came to.
struct CommandResult: Sendable {
  var output: Output
  var exitCode = ExitCode.success
  /// What went wrong although there is a result, for `${error.…}`; the output tells it already.
  var error: Diagnostic?

  /// Whether the result itself tells what failed; where it does not, that is said besides.
  var showsFailure = true

  /// Whether a test that failed has kept everything as it was.
  var isUntouched = false

  /// What is said after the result, such as how to fix what failed.
  var notes: [String] = []

  /// What a person who looks may want to know although nothing is wrong.
  var remarks: [String] = []

  init(_ output: Output, exitCode: ExitCode = .success, error: Diagnostic? = nil) {
    self.output = output
    self.exitCode = exitCode
    self.error = error
  }

  static let nothing = CommandResult(.nothing)
}

/// A command that runs other commands, and so needs what runs them.
protocol ScriptCommand: Command {
  /// Does it; what the inner commands give back goes where results go.
  func run(
    _ call: Call,
    with interpreter: Interpreter,
    in frame: Frame
  ) async throws(Failure) -> ExitCode
}

extension ScriptCommand {
  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    throw .usage(
      "'\(signature.name)' can be used only in a script or at the prompt",
      at: call.whole
    )
  }
}
