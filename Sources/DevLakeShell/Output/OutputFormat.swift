/// The formats `--output` accepts.
enum OutputFormat: String, CaseIterable, Sendable {
  case table
  case vertical
  case json
  case ndjson
  case csv
  case tsv
  case yaml
}

extension OutputFormat {
  /// Whether errors are written as JSON objects, too.
  var isJSON: Bool { self == .json || self == .ndjson }

  /// Whether standard output holds the data alone, without sentences for people.
  var isForMachines: Bool { self != .table && self != .vertical }
}

extension OutputFormat {
  /// The format that words ask for which may not be understood otherwise; the last one counts.
  init?(written words: [String]) {
    var found: OutputFormat?
    for (index, word) in words.prefix(while: { $0 != "--" }).enumerated() {
      let following = words.dropFirst(index + 1).first
      switch word {
      case "--json": found = .json
      case "-o", "--output": found = following.flatMap(OutputFormat.init(rawValue:)) ?? found
      default:
        guard word.hasPrefix("--output=") || word.hasPrefix("-o=") else { continue }
        found =
          word.firstIndex(of: "=")
          .flatMap { OutputFormat(rawValue: String(word[$0...].dropFirst())) } ?? found
      }
    }
    guard let found else { return nil }
    self = found
  }
}
