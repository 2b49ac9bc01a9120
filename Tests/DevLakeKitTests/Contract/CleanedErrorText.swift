import Foundation

/// The headline and the reasons in an error text of DevLake, whose layers, stack frames and type
/// names are left out.
struct CleanedErrorText: Equatable {
  /// The headline, then the reasons.
  let parts: [String]

  init(_ message: String) {
    let text = message.components(separatedBy: "\nError types:")[0]
    var parts: [String] = []
    for layer in Self.layers(of: text) {
      var part = layer.components(separatedBy: "\n  -- stack trace:")[0]
      if part.isEmpty || part == "attached stack trace" { continue }
      part = part.replacing("\n  | ", with: "\n")
      part = part.replacing(#/ \(\d\d\d\)$/#, with: "")
      if parts.last != part { parts.append(part) }
    }
    self.parts = parts
  }

  private static func layers(of text: String) -> [String] {
    var layers: [String] = []
    var start = text.startIndex
    for match in text.matches(of: #/(?:^|\n)Wraps: \(\d+\) ?/#) {
      layers.append(String(text[start..<match.range.lowerBound]))
      start = match.range.upperBound
    }
    return layers + [String(text[start...])]
  }
}
