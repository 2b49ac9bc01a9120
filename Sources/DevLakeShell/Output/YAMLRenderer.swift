import DevLakeKit

/// The data as one YAML document in block style.
struct YAMLRenderer: Renderer {
  /// What is between two documents.
  static let separator = "---\n"

  func render(_ output: Output, for medium: Medium) -> String {
    output.yaml ?? YAML.write(output.data)
  }
}
