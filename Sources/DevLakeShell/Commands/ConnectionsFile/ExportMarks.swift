import DevLakeKit

/// The comment lines around an export, by which one that was cut is known.
///
/// YAML itself can be cut at the end of almost any line and still be whole, and `apply --prune` would
/// delete what is missing. JSON that is cut is none: its last bracket is the mark.
enum ExportMarks {
  private static let beginning = "# exported by devlake-shell; the last line counts them"
  private static let end = "# end of the export: "

  /// - Parameter missing: The plugins whose connections could not be listed.
  static func around(_ yaml: String, _ count: Int, missing: [String] = []) -> String {
    let text = yaml.isEmpty || yaml.hasSuffix("\n") ? yaml : yaml + "\n"
    let gaps = missing.map { "# incomplete: the connections of \($0) could not be listed\n" }
    return "\(beginning)\n\(gaps.joined())\(text)\(end)"
      + "\(count) connection\(count == 1 ? "" : "s")\n"
  }

  /// Whether a text began as an export and does not end as one.
  static func isCut(_ text: String) -> Bool {
    let lines = text.split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    // Before it may stand what an editor, or a result before it, has left.
    let isExport = lines.prefix { $0.hasPrefix("#") || $0.hasPrefix("-") }
      .contains { $0.hasPrefix(beginning) }
    return isExport && lines.last?.hasPrefix(end) != true
  }
}
