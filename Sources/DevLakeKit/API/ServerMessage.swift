/// DevLake's error text, made readable.
///
/// DevLake sends its Go error chain, with or without stack frames, as one text. The rules are those
/// measured on all recorded error bodies of both kinds (1286 of them); they give the same result
/// with `ENABLE_STACKTRACE` on and off.
public struct ServerMessage: Sendable, Equatable {
  /// What happened, as DevLake's outermost layer says it.
  public let headline: String
  /// What the layers below say, outermost first.
  public let reasons: [String]
  /// The status DevLake noted behind the headline, `… (429)`: often the service's.
  public let status: Int?

  /// Cleans `text`, the `message` of an error body.
  public init(_ text: String) {
    let marker = "\nError types:"
    let chain = text.ranges(of: marker).first.map { text[..<$0.lowerBound] } ?? text[...]
    var parts: [String] = []
    for piece in Self.layers(of: chain) {
      let part = Self.clean(piece)
      if !part.isEmpty, part != parts.last { parts.append(part) }
    }
    headline = parts.first ?? ""
    status = Self.notedStatus(chain)
    reasons = Array(parts.dropFirst())
  }

  /// The same with more behind its headline.
  func saying(_ more: String) -> ServerMessage { ServerMessage(headline + more, status, reasons) }

  private init(_ headline: String, _ status: Int?, _ reasons: [String]) {
    (self.headline, self.status, self.reasons) = (headline, status, reasons)
  }

  /// The headline and, where it says more, the reason below it, on one line.
  public var line: String {
    let shown = [headline] + reasons.prefix(1)
    let texts = shown.map { $0.split(separator: "\n").joined(separator: "; ") }
    return texts.filter { !$0.isEmpty }.joined(separator: ": ")
  }

  /// Splits at `Wraps: (N)` at a line's start.
  private static func layers(of text: Substring) -> [Substring] {
    var layers: [Substring] = []
    var start = text.startIndex
    for match in text.ranges(of: "Wraps: (") {
      let isLineStart =
        match.lowerBound == text.startIndex || text[text.index(before: match.lowerBound)] == "\n"
      let digits = text[match.upperBound...].prefix { $0.isASCII && $0.isNumber }
      let close = digits.endIndex
      guard isLineStart, !digits.isEmpty, close < text.endIndex, text[close] == ")" else {
        continue
      }
      layers.append(text[start..<match.lowerBound])
      var next = text.index(after: close)
      if next < text.endIndex, text[next] == " " { next = text.index(after: next) }
      start = next
    }
    layers.append(text[start...])
    return layers
  }

  /// The number in ` (429)` at the end of the first line.
  private static func notedStatus(_ chain: Substring) -> Int? {
    let line = chain.prefix { $0 != "\n" }
    guard line.hasSuffix(")"), let open = line.lastIndex(of: "(") else { return nil }
    let digits = line[line.index(after: open)...].dropLast()
    return digits.count == 3 ? Int(digits) : nil
  }

  private static func clean(_ layer: Substring) -> String {
    var text = layer
    if text.hasSuffix("\n") { text = text.dropLast() }
    if let frames = text.ranges(of: "\n  -- stack trace:").first {
      text = text[..<frames.lowerBound]
    }
    var part = String(text)
    if part == "attached stack trace" { return "" }
    if part.hasPrefix("attached stack trace\n") {
      part = String(part.dropFirst("attached stack trace\n".count))
    }
    part = part.replacing("\n  | ", with: "\n")
    part = String(part.trimmingBlanks)
    // " (500)" repeats the status of the layer.
    if part.hasSuffix(")"), let open = part.lastIndex(of: "("),
      part[part.index(after: open)...].dropLast().count == 3,
      part[part.index(after: open)...].dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
      open > part.startIndex, part[part.index(before: open)] == " "
    {
      part = String(part[..<part.index(before: open)].trimmingBlanks)
    }
    return part
  }
}
