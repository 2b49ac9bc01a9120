import Testing

@testable import DevLakeShell
@testable import ShellLanguage

/// A source whose places are written into it: `use ⟦githbu⟧`, secrets as `⟪…⟫`.
struct MarkedSource {
  let source: SourceText
  let spans: [SourceSpan]
  let hidden: [SourceSpan]

  init(_ marked: String, name: String = "a.lake") {
    var text = ""
    var open: [Character: Int] = [:]
    var spans: [SourceSpan] = []
    var hidden: [SourceSpan] = []
    for character in marked {
      let offset = text.utf8.count
      switch character {
      case "⟦", "⟪": open[character] = offset
      case "⟧": spans.append(SourceSpan(lower: open["⟦"] ?? 0, upper: offset))
      case "⟫": hidden.append(SourceSpan(lower: open["⟪"] ?? 0, upper: offset))
      default: text.append(character)
      }
    }
    self.source = SourceText(name: name, text: text)
    self.spans = spans
    self.hidden = hidden
  }

  /// An error about the first marked place.
  func error(_ message: String = "m", help: String? = nil) -> Diagnostic {
    Diagnostic(message: message, span: spans.first, source: source, help: help, hidden: hidden)
  }
}
