import LineEditing
import ShellLanguage

/// Tells how the parts of a line stand out while it is typed.
struct Highlighter {
  let session: Session
  let registry: SignatureRegistry

  func styles(of line: String) -> [LineStyle] {
    let source = SourceText(name: DiagnosticRenderer.prompt, text: line)
    return Parser.marks(in: source).compactMap { mark in
      look(of: mark.kind).map { LineStyle($0, mark.span.lower..<mark.span.upper) }
    }
  }

  private func look(of kind: LineMark.Kind) -> LineStyle.Look? {
    switch kind {
    case .command(let name): mayBeCommand(name) ? nil : .wrong
    case .option: .option
    case .quoted: .text
    case .variable: .value
    case .comment: .comment
    }
  }

  /// Whether it is a command, or the beginning of one: that one may still be typed, or is enough.
  private func mayBeCommand(_ name: String) -> Bool {
    let words = registry.names + session.definitions.keys + Self.others
    return words.contains { $0.hasPrefix(name) }
  }

  /// What may be there besides: words of the language, of the documents and of other shells.
  private static let others =
    ["let", "if", "for", "while", "def", "try", "else", "not", "configure"]
    + SignatureRegistry.typedWords.keys
}
