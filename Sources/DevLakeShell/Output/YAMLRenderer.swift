import DevLakeKit

/// The data as one YAML document in block style.
struct YAMLRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String { YAML.write(output.data) }
}
