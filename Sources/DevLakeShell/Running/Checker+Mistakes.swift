import DevLakeKit
import ShellLanguage

/// Mistakes that are found before a script runs where its text tells, and else when it runs.
extension Checker {
  static func taken(_ name: Located<String>, _ source: SourceText) -> Failure {
    usage("'\(name.value)' is set by the shell", at: name.span, source, help: "choose another name")
  }

  static func untrue(_ value: Value, _ word: Word, _ source: SourceText) -> Failure {
    usage(
      "a condition is true or false, not \(value.kindName)",
      at: word.span,
      source,
      help: "compare it: == != < <= > >= ~"
    )
  }

  static func incomparable(
    _ comparison: ValueComparison,
    at span: SourceSpan,
    _ source: SourceText
  ) -> Failure {
    usage(comparison.mistake, at: span, source)
  }

  /// Blocks and files in one another; more would run into the end of the stack.
  static let maximumDepth = 2 * Parser.maximumDepth

  /// Refuses a file that is running already, or too many in one another.
  static func refuseEndless(
    _ path: String,
    _ entry: ScriptLibrary.Entry,
    _ file: ArgumentValue,
    in frame: Frame,
    depth: Int = 0
  ) throws(Failure) {
    if frame.running.contains(entry.identity) {
      throw .usage("'\(path)' would include itself", at: file)
    }
    if depth + frame.inclusions.count > maximumDepth {
      throw .usage("blocks and files are more than \(maximumDepth) levels deep", at: file)
    }
  }

  private static func usage(
    _ message: String,
    at span: SourceSpan,
    _ source: SourceText,
    help: String? = nil
  ) -> Failure {
    Failure(
      Diagnostic(code: .usage, message: message, span: span, source: source, help: help),
      exitCode: .usage
    )
  }
}
