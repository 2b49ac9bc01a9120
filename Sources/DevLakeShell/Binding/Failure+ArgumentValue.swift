import DevLakeKit
import ShellLanguage

/// Failures with the place of the value that is to blame.
extension Failure {
  /// What was typed cannot be done as it stands; the place is where it was typed.
  static func usage(
    _ message: String,
    at given: ArgumentValue? = nil,
    help: String? = nil
  ) -> Failure {
    blaming(given, .usage, message, help, .usage)
  }

  /// A value that cannot be right.
  static func invalid(
    _ message: String,
    at given: ArgumentValue? = nil,
    help: String? = nil
  ) -> Failure {
    blaming(given, .invalid, message, help, .usage)
  }

  /// Nothing of that name or number is there.
  static func notFound(
    _ message: String,
    at given: ArgumentValue? = nil,
    help: String? = nil
  ) -> Failure {
    blaming(given, .notFound, message, help, .failure)
  }

  /// It is there already, or something stands against it.
  static func conflict(
    _ message: String,
    at given: ArgumentValue? = nil,
    help: String? = nil
  ) -> Failure {
    blaming(given, .conflict, message, help, .failure)
  }

  private static func blaming(
    _ given: ArgumentValue?,
    _ code: Diagnostic.Code,
    _ message: String,
    _ help: String?,
    _ exitCode: ExitCode
  ) -> Failure {
    let diagnostic = Diagnostic(
      code: code,
      message: message,
      span: given?.span,
      source: given?.source,
      help: help
    )
    return Failure(diagnostic, exitCode: exitCode)
  }

  /// The failure with the place of a value, where there is one.
  func placed(at given: ArgumentValue?) -> Failure {
    given.map { placed(at: $0.span, in: $0.source) } ?? self
  }

  /// The failure with the text of a place not drawn, where that is more than the name of a place.
  func hiding(_ place: ArgumentValue) -> Failure {
    guard !SecretReference.isPlain(place.text) else { return self }
    var failure = self
    failure.diagnostic.hidden.append(place.span)
    return failure
  }

  /// What `--restricted` refuses.
  static func restricted(_ what: String, at span: SourceSpan, _ source: SourceText) -> Failure {
    Failure(
      Diagnostic(
        code: .refused,
        message: "\(what) is not allowed with --restricted",
        span: span,
        source: source
      ),
      exitCode: .usage
    )
  }
}

extension SecretReference {
  /// Whether a reference may be shown: it names a variable or a file, and is neither a secret nor a
  /// command, into which people write secrets.
  ///
  /// Where blanks follow, another field was meant: a file may be separated by tabs.
  static func isPlain(_ text: String) -> Bool {
    if text.hasPrefix("env:") {
      return text.dropFirst(4).allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")
      }
    }
    return text.hasPrefix("file:") && !text.contains(where: \.isWhitespace)
  }
}
