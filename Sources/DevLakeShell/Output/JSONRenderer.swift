import DevLakeKit

/// The data as one JSON text, indented by two.
struct JSONRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String {
    JSONWriter.write(output.dataWithFailures, isIndented: true) + "\n"
  }
}
