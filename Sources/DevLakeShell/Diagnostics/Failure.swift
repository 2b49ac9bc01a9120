import DevLakeKit
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
  /// What was typed cannot be done as it stands; the place is where it was typed.
  static func usage(_ message: String, at given: Given? = nil, help: String? = nil) -> Failure {
    Failure(
      Diagnostic(
        code: .usage,
        message: message,
        span: given?.span,
        source: given?.source,
        help: help
      ),
      exitCode: .usage
    )
  }

  /// A value that cannot be right.
  static func invalid(_ message: String, at given: Given? = nil, help: String? = nil) -> Failure {
    Failure(
      Diagnostic(
        code: .invalid,
        message: message,
        span: given?.span,
        source: given?.source,
        help: help
      ),
      exitCode: .usage
    )
  }

  /// Nothing of that name or number is there.
  static func notFound(_ message: String, at given: Given? = nil, help: String? = nil) -> Failure {
    Failure(
      Diagnostic(
        code: .notFound,
        message: message,
        span: given?.span,
        source: given?.source,
        help: help
      ),
      exitCode: .failure
    )
  }

  /// It is there already, or something stands against it.
  static func conflict(_ message: String, at given: Given? = nil, help: String? = nil) -> Failure {
    Failure(
      Diagnostic(
        code: .conflict,
        message: message,
        span: given?.span,
        source: given?.source,
        help: help
      ),
      exitCode: .failure
    )
  }

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

  /// The failure with the place of a value, where there is one.
  func placed(at given: Given?) -> Failure {
    given.map { placed(at: $0.span, in: $0.source) } ?? self
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

  /// The job went wrong between here and DevLake.
  init(_ error: APIError, doing what: String? = nil) {
    let prefix = what.map { "\($0): " } ?? ""
    self.init(
      Diagnostic(
        code: error.code,
        message: prefix + error.description,
        help: error.help,
        detail: [error.call, error.detail].compactMap(\.self).joined(separator: "\n")
      ),
      exitCode: error.exitCode
    )
    diagnostic.status = error.status
  }
}

extension APIError {
  /// The slug scripts see.
  var code: Diagnostic.Code {
    switch kind {
    case .transport(.cancelled): .interrupted
    case .transport(.timedOut): .timeout
    case .transport(.readOnly): .refused
    case .transport, .migration, .databaseAway, .foreign, .gateway: .unreachable
    case .unauthorized: .unauthorized
    case .noRoute: .notFound
    case .refused(status: 404, _, _): .notFound
    case .refused(status: 409, _, _): .conflict
    case .refused(status: 400, _, _): .invalid
    case .refused, .brokenDown, .unexpected: .refused
    }
  }

  /// The exit code of a command that ends with this.
  var exitCode: ExitCode {
    switch kind {
    case .transport(.cancelled): .interrupted
    case .transport(.timedOut): .timeout
    case .transport(.readOnly): .unasked
    case .transport(.lost), .transport(.garbled), .transport(.tooLarge), .transport(.encoded),
      .transport(.failed):
      .failure
    case .transport, .unauthorized, .migration, .foreign, .gateway, .databaseAway: .unreachable
    case .refused, .noRoute, .brokenDown, .unexpected: .failure
    }
  }
}
