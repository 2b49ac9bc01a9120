import DevLakeKit

/// The comment lines around an export, by which one that was cut is known.
///
/// YAML itself can be cut at the end of almost any line and still be whole, and `apply --prune` would
/// delete what is missing.
enum ExportMarks {
  private static let beginning = "# exported by devlake-shell; the last line counts them"
  private static let end = "# end of the export: "

  static func around(_ yaml: String, _ count: Int) -> String {
    let text = yaml.isEmpty || yaml.hasSuffix("\n") ? yaml : yaml + "\n"
    return "\(beginning)\n\(text)\(end)\(count) connection\(count == 1 ? "" : "s")\n"
  }

  /// Whether a text began as an export and does not end as one.
  static func isCut(_ text: String) -> Bool {
    guard text.hasPrefix(beginning) else { return false }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    let last = lines.last { !$0.allSatisfy(\.isWhitespace) } ?? ""
    return !last.hasPrefix(end)
  }
}
