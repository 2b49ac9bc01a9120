/// Turns what a command gave back into text.
protocol Renderer: Sendable {
  /// Whole lines, each with its line end, or nothing at all.
  func render(_ output: Output, for medium: Medium) -> String
}

extension OutputFormat {
  /// The one place a format is tied to its renderer; a new case does not compile until it has one.
  var renderer: any Renderer {
    switch self {
    case .table: TableRenderer()
    case .vertical: VerticalRenderer()
    case .json: JSONRenderer()
    case .ndjson: NDJSONRenderer()
    case .csv: CSVRenderer()
    case .tsv: TSVRenderer()
    case .yaml: YAMLRenderer()
    }
  }

  /// The text of an output in this format.
  func render(_ output: Output, for medium: Medium = .file) -> String {
    output.isNothing ? "" : renderer.render(output, for: medium)
  }
}
