import DevLakeKit

/// The elements of a list as JSON, one a line; any other value on one line.
struct NDJSONRenderer: Renderer {
  func render(_ output: Output, for medium: Medium) -> String {
    var text = ""
    for element in output.dataWithFailures.array ?? [output.data] {
      text += element.text
      text += "\n"
    }
    return text
  }
}
