import LineEditing
import ShellLanguage

/// Draws diagnostics with the place they are about.
///
///     rotate.lake:3:5-10: error: no plugin named 'githbu'
///       use githbu
///           ^~~~~~
///     help: did you mean 'github'?
///
/// What was typed at the prompt is still on the screen: file and line are left out, and an entry of
/// one word is not drawn again. The lines of a source are found once, so keep the renderer when there
/// are many diagnostics.
struct DiagnosticRenderer {
  /// The name of a source whose text was typed at the prompt.
  static let prompt = "<terminal>"
  /// Longer source lines are cut where there is no terminal to ask for its width.
  private static let longestLine = 120

  let medium: Medium
  /// Whether the whole answer of a server follows, as `--verbose` wants.
  let showsDetail: Bool
  private var table: LineTable?

  init(for medium: Medium = .file, showsDetail: Bool = false) {
    self.medium = medium
    self.showsDetail = showsDetail
  }

  /// Lines for people, each with its line end.
  mutating func render(_ diagnostic: Diagnostic) -> String {
    var (text, start) = ("", "")
    var excerpt: Excerpt?
    if let source = diagnostic.source, let span = diagnostic.span {
      let table = lineTable(of: source)
      let place = table.place(of: span)
      if source.name != Self.prompt {
        start = "\(clean(source.name)):\(place.text): "
        text += styled(start, .bold)
      }
      if !diagnostic.isBrief, Self.isWorthDrawing(source) {
        excerpt = Excerpt(
          of: place,
          in: table,
          hiding: diagnostic.hidden,
          limit: max(20, (medium.width ?? Self.longestLine) - 2 - 2 * medium.ellipsis.count),
          ellipsis: medium.ellipsis
        )
      }
    }
    let severity = "\(diagnostic.severity.rawValue): "
    text += styled(severity, diagnostic.severity.style)
    text += rows(of: diagnostic.message, behind: start + severity)
    if let excerpt {
      text += "  \(excerpt.line)\n  "
      text += styled(excerpt.marks, diagnostic.severity.style) + "\n"
    }
    text += chain(of: diagnostic)
    if let help = diagnostic.help {
      text += styled("help: ", .cyan) + rows(of: help, behind: "help: ")
    }
    if showsDetail, let detail = diagnostic.detail { text += block(detail) }
    return text
  }

  /// At the prompt, one word needs no second look; anywhere else the place does.
  private static func isWorthDrawing(_ source: SourceText) -> Bool {
    guard source.name == prompt else { return true }
    return source.text.split(whereSeparator: \.isWhitespace).count > 1
  }

  mutating func lineTable(of source: SourceText) -> LineTable {
    if let table, table.source == source { return table }
    let new = LineTable(source)
    table = new
    return new
  }

  /// Not cached: an including file seldom has more than a few lines before its `include`.
  private func chain(of diagnostic: Diagnostic) -> String {
    diagnostic.includeChain.filter { $0.source.name != Self.prompt }.map { inclusion in
      let place = LineTable(inclusion.source).place(of: inclusion.span)
      return styled("\(clean(inclusion.source.name)):\(place.text): ", .bold)
        + "note: included from here\n"
    }.joined()
  }

  private func block(_ detail: String) -> String {
    let text = TerminalText.sanitized(detail, keeping: ["\n"])
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
  }

  /// The text broken at words, below where it begins, or near the edge where that is far to the right.
  private func rows(of text: String, behind start: String) -> String {
    let text = clean(text)
    guard let width = medium.width else { return text + "\n" }
    let column = DisplayWidth.cells(of: start)
    let whole = String(repeating: " ", count: column) + text
    let rows = TextRows.rows(whole, width: width, hang: column <= width / 4 ? column : 4)
    // A first word that does not fit is on the next row, as the terminal would break it.
    return String(rows.joined(separator: "\n").dropFirst(column)) + "\n"
  }

  private func clean(_ text: String) -> String { medium.line(text) }

  private func styled(_ text: String, _ style: TextStyle) -> String {
    style.applied(to: text, isOn: medium.hasColor)
  }
}

extension Diagnostic.Severity {
  fileprivate var style: TextStyle {
    switch self {
    case .error: .red
    case .warning: .yellow
    case .note: .cyan
    }
  }
}
