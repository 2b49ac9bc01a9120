/// What the last command came to, for `status` and `${error.…}`.
struct LastOutcome {
  /// The code of the last command.
  private(set) var exitCode = ExitCode.success
  /// The last failure and its code; they stay when later commands succeed.
  private(set) var error: Diagnostic?
  private(set) var failureCode = ExitCode.success
  /// Whether the last failure was a result that tells it, and no error.
  private(set) var isVerdict = false
  /// What a result told that was no success, until the statement ends.
  private(set) var unsaidVerdict: UnsaidVerdict?

  /// A command has begun: what the one before told is said or forgotten.
  mutating func begin() { unsaidVerdict = nil }

  /// It succeeded.
  mutating func succeed() { exitCode = .success }

  /// It has no result.
  mutating func fail(_ code: ExitCode, _ diagnostic: Diagnostic?) {
    (exitCode, failureCode, error) = (code, code, diagnostic)
    (isVerdict, unsaidVerdict) = (false, nil)
  }

  /// Its result is not a success.
  mutating func judge(_ code: ExitCode, _ diagnostic: Diagnostic, _ verdict: UnsaidVerdict) {
    (exitCode, failureCode, error) = (code, code, diagnostic)
    (isVerdict, unsaidVerdict) = (true, verdict)
  }

  /// The verdict that is still to be told; it is told once.
  mutating func takeVerdict() -> UnsaidVerdict? {
    defer { unsaidVerdict = nil }
    return unsaidVerdict
  }
}

/// A verdict that may have to be told: that of a command whose result is not a success.
struct UnsaidVerdict {
  var diagnostic: Diagnostic
  var format: OutputFormat
  /// Whether the result tells it.
  var isInResult: Bool
  /// Whether a person or program has seen that result.
  var wasShown: Bool
}
