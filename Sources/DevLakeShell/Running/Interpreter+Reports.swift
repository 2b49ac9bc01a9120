import DevLakeKit
import ShellLanguage

/// What the person is told.
extension Interpreter {
  /// Draws why a statement has no result, keeps it for `${error.…}`, and returns its code.
  @discardableResult
  func report(_ failure: Failure, in frame: Frame? = nil) -> ExitCode {
    guard !failure.isReported else { return failure.exitCode }
    var diagnostic = failure.diagnostic
    if let frame, diagnostic.includeChain.isEmpty { diagnostic.includeChain = frame.inclusions }
    session.lastExitCode = failure.childCode ?? failure.exitCode
    session.lastFailureCode = failure.childCode ?? failure.exitCode
    session.lastError = diagnostic
    session.lastFailureIsVerdict = false
    session.unsaidVerdict = nil
    if frame?.isSilent != true || failure.exitCode == .interrupted || failure.isOneOfSeveral {
      draw([diagnostic], as: failure.format)
    }
    return failure.exitCode
  }

  /// Draws what a check found worth a word: a missing file of a script that is only checked, and what
  /// people at a terminal may have meant otherwise.
  func drawWarnings(of checker: Checker) {
    if checker.checksOnly || messages.isTerminal { draw(checker.warnings) }
    if messages.isTerminal { draw(checker.remarks) }
  }

  /// Draws diagnostics; secrets that stand on the lines shown are hidden.
  func draw(_ diagnostics: [Diagnostic], as format: OutputFormat? = nil) {
    var renderer = DiagnosticRenderer(for: saying, showsDetail: session.settings.isVerbose)
    let wantsJSON = (format ?? session.settings.format).isJSON
    var lines = LineSecrets(SecretScanner(registry: registry.signatures))
    for diagnostic in diagnostics {
      var diagnostic = lines.hiding(in: diagnostic)
      // Whoever presses Ctrl-C at the prompt knows what they have just typed.
      if diagnostic.code == .interrupted, diagnostic.source?.name == DiagnosticRenderer.prompt {
        diagnostic.span = nil
      }
      diagnostic = diagnostic.hiding(console.hiding)
      // Whoever has mistyped at the prompt reads it, however results are written.
      let isTyped = format == nil && diagnostic.source?.name == DiagnosticRenderer.prompt
      let writesJSON = wantsJSON && !(isTyped && diagnostic.code == .usage)
      console.writeMessage(
        writesJSON ? renderer.renderJSON(diagnostic) : renderer.render(diagnostic)
      )
    }
  }
}
