import DevLakeKit
import ShellLanguage

/// Hides the secrets of source lines in many diagnostics: each line is looked through once.
struct LineSecrets {
  let scanner: SecretScanner
  private var source: SourceText?
  private var bytes: [UInt8] = []
  private var line = 0..<0
  private var secrets: [SourceSpan] = []

  init(_ scanner: SecretScanner) { self.scanner = scanner }

  /// The diagnostic with the secrets of its source line hidden, in the line and in its sentences.
  mutating func hiding(in diagnostic: Diagnostic) -> Diagnostic {
    guard let source = diagnostic.source, let span = diagnostic.span else { return diagnostic }
    find(span, in: source)
    var diagnostic = diagnostic
    for secret in near(span) {
      diagnostic.hidden.append(secret)
      let text = String(decoding: bytes[secret.lower..<secret.upper], as: UTF8.self)
      let bare = text.filter { $0 != "'" && $0 != "\"" }
      guard bare.utf8.count >= 4 else { continue }
      diagnostic.message = diagnostic.message.replacing(bare, with: Secret.placeholder)
      diagnostic.help = diagnostic.help?.replacing(bare, with: Secret.placeholder)
    }
    return diagnostic
  }

  /// Those of the line; of a line with very many those around the place, which alone are drawn and
  /// spoken of.
  private func near(_ span: SourceSpan) -> ArraySlice<SourceSpan> {
    guard secrets.count > Self.many else { return secrets[...] }
    let reach = 16_384
    let first = secrets.partitioningIndex { $0.upper >= span.lower - reach }
    let end = secrets.partitioningIndex { $0.lower > span.upper + reach }
    return secrets[first..<max(first, end)]
  }

  /// As many as are looked at for each of the mistakes of a line.
  private static let many = 500

  /// Finds the line of a place, and its secrets, unless it is that of the place before.
  private mutating func find(_ span: SourceSpan, in source: SourceText) {
    if self.source != source {
      self.source = source
      bytes = Array(source.text.utf8)
      line = 0..<0
      secrets = []
    }
    let place = min(max(0, span.lower), bytes.count)
    if !line.isEmpty, line.contains(place) { return }
    let newline = UInt8(ascii: "\n")
    let start = bytes[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(of: newline) ?? bytes.count
    line = start..<end + 1
    secrets = scanner.spans(in: String(decoding: bytes[start..<end], as: UTF8.self)).map {
      SourceSpan(lower: $0.lower + start, upper: $0.upper + start)
    }.sorted { $0.lower < $1.lower }
  }
}

extension Array where Element == SourceSpan {
  /// The first place that is what is asked for, as all behind it are.
  fileprivate func partitioningIndex(where isBehind: (SourceSpan) -> Bool) -> Int {
    var (first, end) = (0, count)
    while first < end {
      let middle = (first + end) / 2
      if isBehind(self[middle]) { end = middle } else { first = middle + 1 }
    }
    return first
  }
}
