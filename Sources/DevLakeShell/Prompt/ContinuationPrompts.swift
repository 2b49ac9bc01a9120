import ShellLanguage

/// What is before the second row of an entry and the following ones: what is still open there.
///
///     devlake> for c in $(list) {
///        {…   echo "two
///        "…   rows"
///        {… }
enum ContinuationPrompts {
  /// Entries of more rows show a plain prompt: each row is read from the start of the entry.
  private static let mostRows = 60

  /// The prompts, all of the same width.
  static func make(for text: String, ellipsis: String) -> [String] {
    let plain = "    \(ellipsis) "
    var rows = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard rows.count <= mostRows else { return [plain] }
    rows.removeLast()
    return rows.map { row in
      let before = String(text[..<row.endIndex]) + "\n"
      let parsed = Parser.parse(SourceText(name: DiagnosticRenderer.prompt, text: before))
      guard let open = parsed.incompleteness, open != .operand else { return plain }
      return "   \(open.rawValue)\(ellipsis) "
    }
  }
}
