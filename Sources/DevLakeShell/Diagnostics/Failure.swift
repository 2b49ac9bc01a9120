import ShellLanguage

/// Why a command has no result: what to tell the person, and the exit code.
struct Failure: Error, Sendable {
  var diagnostic: Diagnostic
  var exitCode: ExitCode
  /// Whether the person was told already, by what failed inside.
  var isReported = false
  /// Whether nobody can say if a change was made.
  var leavesUnknown = false
  /// Whether others were told before it: none of them is kept back then.
  var isOneOfSeveral = false
  /// The exit code of the program that failed, where it was one.
  var childCode: ExitCode?
  /// How the command itself wants its errors written; `nil`: as the session does.
  var format: OutputFormat?

  init(_ diagnostic: Diagnostic, exitCode: ExitCode) {
    self.diagnostic = diagnostic
    self.exitCode = exitCode
  }
}

extension Failure {
  /// A question that cannot be asked; `flags` would answer it.
  static func unasked(_ what: String, flags: [String]) -> Failure {
    Failure(
      Diagnostic(
        code: .refused,
        message: what,
        help: flags.isEmpty ? nil : "give \(flags.joined(separator: " and "))"
      ),
      exitCode: .unasked
    )
  }

  /// What failed inside has told why.
  static func reported(_ code: ExitCode) -> Failure {
    var failure = Failure(Diagnostic(code: .refused, message: "failed"), exitCode: code)
    failure.isReported = true
    return failure
  }

  /// The failure with this place, where it has none.
  func placed(at span: SourceSpan, in source: SourceText) -> Failure {
    guard diagnostic.span == nil else { return self }
    var failure = self
    failure.diagnostic.span = span
    failure.diagnostic.source = source
    return failure
  }

  /// The same with what it means for the job.
  func saying(_ consequence: String) -> Failure {
    var failure = self
    failure.diagnostic.message += "; \(consequence)"
    return failure
  }

  static let interrupted = Failure(
    Diagnostic(code: .interrupted, message: "interrupted"),
    exitCode: .interrupted
  )
}
