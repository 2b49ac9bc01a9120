import ShellLanguage

/// One message to the person, with the place in the input it is about.
struct Diagnostic: Error, Sendable, Equatable {
  /// How much it matters.
  enum Severity: String, Sendable {
    case error
    case warning
    case note
  }

  /// What went wrong, for scripts: the closed list behind `${error.code}`.
  enum Code: String, CaseIterable, Sendable {
    case notFound = "not-found"
    case refused
    case unauthorized
    case unreachable
    case timeout
    case conflict
    case invalid
    case usage
    case testFailed = "test-failed"
    case interrupted
    case unknown
  }

  /// The place of an `include` that led to the source of a diagnostic.
  struct Inclusion: Sendable, Equatable {
    var source: SourceText
    var span: SourceSpan
  }

  var severity: Severity
  var code: Code
  /// Lower case, no full stop, names in single quotes.
  var message: String
  /// The place it is about; `nil` when it is about no part of the input.
  var span: SourceSpan?
  /// Where ``span`` and ``hidden`` count.
  var source: SourceText?
  /// What to try next, in one sentence.
  var help: String?
  /// The whole text of a server's answer or a system's error, shown by `--verbose`.
  var detail: String?
  /// The status of the HTTP answer it came from, for `${error.status}`.
  var status: Int?
  /// The includes that led to ``source``, the innermost first.
  var includeChain: [Inclusion]
  /// Places of secrets, which are never drawn.
  var hidden: [SourceSpan]
  /// Whether its place is named, and the line not drawn.
  var isBrief = false
  /// The word that is not a plugin of the catalog and near one; the server may have it all the same.
  var unknownPlugin: String?

  init(
    _ severity: Severity = .error,
    code: Code = .usage,
    message: String,
    span: SourceSpan? = nil,
    source: SourceText? = nil,
    help: String? = nil,
    detail: String? = nil,
    includeChain: [Inclusion] = [],
    hidden: [SourceSpan] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.span = span
    self.source = source
    self.help = help
    self.detail = detail
    self.includeChain = includeChain
    self.hidden = hidden
  }
}

extension Diagnostic {
  /// The same with what `hide` leaves of its texts.
  func hiding(_ hide: (String) -> String) -> Diagnostic {
    var diagnostic = self
    diagnostic.message = hide(message)
    diagnostic.help = help.map(hide)
    return diagnostic
  }
}
