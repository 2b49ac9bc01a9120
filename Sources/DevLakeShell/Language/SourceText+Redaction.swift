extension SourceText {
  /// What is in the history where a secret stood.
  package static let redacted = "<redacted>"

  /// The text with each of the places replaced by ``redacted``, for the history.
  ///
  /// Places may overlap and come in any order. Parts of them outside the text are ignored.
  package func redacting(_ spans: [SourceSpan]) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var position = 0
    var isRedacting = false
    for span in spans.sorted(by: { $0.lower < $1.lower }) {
      let lower = min(max(span.lower, 0), bytes.count)
      let upper = min(span.upper, bytes.count)
      guard upper > lower, upper > position else { continue }
      // A place that overlaps the one before only makes it longer.
      if lower >= position || !isRedacting {
        result += bytes[position..<max(lower, position)]
        result += Array(Self.redacted.utf8)
      }
      isRedacting = true
      position = upper
    }
    result += bytes[position...]
    return String(decoding: result, as: UTF8.self)
  }
}
