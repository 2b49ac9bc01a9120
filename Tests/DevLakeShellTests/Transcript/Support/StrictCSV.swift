import Testing

/// A reader of RFC 4180 that takes nothing else: every record as long as the header.
enum StrictCSV {
  struct Mistake: Error { let text: String }

  /// The records by the names of the header.
  static func records(_ text: String) throws -> [[String: String]] {
    guard text.hasSuffix("\n") else { throw Mistake(text: "no line end at the end") }
    var rows = try rows(of: text)
    let header = try #require(rows.isEmpty ? nil : rows.removeFirst())
    return try rows.map { row in
      guard row.count == header.count else { throw Mistake(text: "\(row) for \(header)") }
      return Dictionary(zip(header, row)) { $1 }
    }
  }

  private static func rows(of text: String) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      row.append(try field(&rest))
      switch rest.popFirst() {
      case ",": continue
      case "\n":
        rows.append(row)
        row = []
      case let other: throw Mistake(text: "\(String(describing: other)) after a field")
      }
    }
    return rows
  }

  private static func field(_ rest: inout Substring) throws -> String {
    guard rest.first == "\"" else {
      let field = rest.prefix { $0 != "," && $0 != "\n" }
      guard !field.contains("\"") else { throw Mistake(text: "a quote inside '\(field)'") }
      rest = rest.dropFirst(field.count)
      return String(field)
    }
    rest.removeFirst()
    var field = ""
    while let character = rest.popFirst() {
      if character != "\"" {
        field.append(character)
      } else if rest.first == "\"" {
        field.append(character)
        rest.removeFirst()
      } else {
        return field
      }
    }
    throw Mistake(text: "an open quote")
  }
}
