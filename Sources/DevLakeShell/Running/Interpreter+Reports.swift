import DevLakeKit
import ShellLanguage

/// What the person is told.
extension Interpreter {
  /// Draws why a statement has no result, keeps it for `${error.…}`, and returns its code.
  @discardableResult
  func report(_ failure: Failure, in frame: Frame? = nil) -> ExitCode {
    if failure.isReported {
      // What failed inside has kept its own reason; where nothing did, this is it.
      if session.outcome.exitCode.isSuccess {
        session.outcome.fail(failure.childCode ?? failure.exitCode, failure.diagnostic)
      }
      return failure.exitCode
    }
    var diagnostic = failure.diagnostic
    if let frame, diagnostic.includeChain.isEmpty { diagnostic.includeChain = frame.inclusions }
    session.outcome.fail(failure.childCode ?? failure.exitCode, diagnostic)
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

  /// Draws diagnostics; secrets that are on the lines shown are hidden.
  func draw(_ diagnostics: [Diagnostic], as format: OutputFormat? = nil) {
    drawn.prepare(for: saying, showsDetail: session.settings.isVerbose, registry.signatures)
    let wantsJSON = (format ?? session.format).isJSON
    for diagnostic in diagnostics {
      var diagnostic = drawn.hiding(in: diagnostic)
      // Whoever presses Ctrl-C at the prompt knows what they have just typed.
      if diagnostic.code == .interrupted, diagnostic.source?.name == DiagnosticRenderer.prompt {
        diagnostic.span = nil
      }
      diagnostic = diagnostic.hiding(console.hiding)
      // Whoever has mistyped at the prompt reads it, however results are written.
      let isTyped = format == nil && diagnostic.source?.name == DiagnosticRenderer.prompt
      let writesJSON = wantsJSON && !(isTyped && diagnostic.code == .usage)
      console.writeMessage(drawn.text(of: diagnostic, asJSON: writesJSON))
    }
  }
}

/// Draws the diagnostics of a run, and keeps what the next one may need.
///
/// That is the lines of their source, where its secrets are, and which options take some: a script can
/// fail a hundred thousand times.
final class DrawnDiagnostics {
  private var lines: LineSecrets?
  private var renderer = DiagnosticRenderer()

  /// Call it before what is to be drawn: a terminal may have been resized.
  func prepare(for medium: Medium, showsDetail: Bool, _ registry: SignatureRegistry) {
    if lines == nil { lines = LineSecrets(SecretScanner(registry: registry)) }
    guard renderer.medium != medium || renderer.showsDetail != showsDetail else { return }
    renderer = DiagnosticRenderer(for: medium, showsDetail: showsDetail)
  }

  /// The diagnostic with the secrets of its source line hidden.
  func hiding(in diagnostic: Diagnostic) -> Diagnostic {
    lines?.hiding(in: diagnostic) ?? diagnostic
  }

  /// The diagnostic as it is written.
  func text(of diagnostic: Diagnostic, asJSON: Bool) -> String {
    asJSON ? renderer.renderJSON(diagnostic) : renderer.render(diagnostic)
  }
}
