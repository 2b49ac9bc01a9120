import ShellLanguage

/// A command a script has defined: `def rotate-team TEAM { … }`.
///
/// It takes its parameters and says what its statements say. `$1` and `$args` in it are those of the
/// script that defines it.
struct DefinedCommand: Sendable {
  let signature: Signature
  let definition: Definition
  /// The script it is in.
  let source: SourceText
  let arguments: [String]
  let inclusions: [Diagnostic.Inclusion]
  let running: [String]
}
