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
