import DevLakeKit
import LineEditing

/// Records as rows of equal length, for formats that know only text.
///
/// The header holds the fields the command names, then every other one in the order it first
/// appears; what is not a record is under `value`.
struct Grid {
  private(set) var header: [String]
  private(set) var rows: [[String]]

  init(_ output: Output, for medium: Medium) {
    let (records, columns) = output.rows
    var header = columns
    var seen = Set(header)
    for record in records {
      for field in record.object?.keys ?? ["value"] where seen.insert(field).inserted {
        header.append(field)
      }
    }
    self.header = header
    self.rows = records.map { record in
      let object = record.object ?? ["value": record]
      return header.map { field in
        let found = object[field]?.fieldText ?? ""
        let text = output.isSafe ? Self.safe(found) : found
        return medium.isTerminal ? TerminalText.sanitized(text, keeping: ["\n", "\t"]) : text
      }
    }
  }
}

extension Grid {
  /// The text behind an apostrophe where a spreadsheet would take it for a formula; numbers stay.
  fileprivate static func safe(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first),
      Double(text) == nil
    else { return text }
    return "'" + text
  }
}

extension JSONValue {
  /// The value as a field of a row: strings bare, `null` empty, lists and records as JSON.
  var fieldText: String {
    switch self {
    case .null: ""
    case .string(let text): text
    default: text
    }
  }
}
