import DevLakeKit

/// What a text a script reads holds.
enum DataFormat: String, CaseIterable {
  case lines
  case csv
  case json
  case ndjson
  case yaml
  case text

  static let names = allCases.map(\.rawValue)

  static let option = Signature.Option(
    name: "as",
    kind: .choice(names),
    placeholder: "FORMAT",
    help: names.joined(separator: ", ")
  )

  /// What `--as` says.
  init?(of call: Call) {
    guard let named = call.text("as") else { return nil }
    self.init(rawValue: named)
  }

  /// What the ending of a file's name says.
  init?(ending path: String) {
    guard let point = path.lastIndex(of: ".") else { return nil }
    switch path[path.index(after: point)...].lowercased() {
    case "csv": self = .csv
    case "json": self = .json
    case "ndjson", "jsonl": self = .ndjson
    case "yaml", "yml": self = .yaml
    default: return nil
    }
  }

  /// The data of a text, as a command's result.
  func result(
    of text: String,
    from name: String,
    at given: ArgumentValue,
    in session: Session
  ) throws(Failure) -> CommandResult {
    let text =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    do throws(DataMistake) {
      let data = try data(of: text, in: session)
      switch self {
      case .text: return CommandResult(Output(echoing: [.data(data)]))
      case .lines:
        let lines = (data.array ?? []).compactMap(\.string)
        var output = Output(data: data, view: .text(lines.joined(separator: "\n")))
        if lines.isEmpty { output.view = .none }
        output.isBare = true
        return CommandResult(output)
      case .csv, .json, .ndjson, .yaml:
        let isTable = (data.array ?? [data]).allSatisfy { $0.object != nil }
        return CommandResult(Output(data: data, view: isTable ? .records : .json))
      }
    } catch {
      let place = error.line.map { ", line \($0)" } ?? ""
      throw .invalid("\(name)\(place): \(error.reason)", at: given, help: error.help)
    }
  }

  private func data(of text: String, in session: Session) throws(DataMistake) -> JSONValue {
    switch self {
    case .text:
      for end in ["\r\n", "\n"] where text.hasSuffix(end) {
        return .string(String(text.dropLast()))
      }
      return .string(text)
    case .lines: return .array(Self.lines(of: text).map { .string(String($0)) })
    case .csv: return try DelimitedRows(text).data(in: session)
    case .json: return try Self.json(text, line: nil)
    case .ndjson:
      var elements: [JSONValue] = []
      for (index, line) in Self.lines(of: text).enumerated()
      where line.contains(where: { !$0.isWhitespace }) {
        elements.append(try Self.json(String(line), line: index + 1))
      }
      return .array(elements)
    case .yaml:
      do throws(YAMLMistake) {
        return try YAML.parse(text)
      } catch {
        throw DataMistake(line: error.line, reason: "no YAML: \(error.reason)", help: nil)
      }
    }
  }

  /// The lines without their ends; the last may have none.
  private static func lines(of text: String) -> [Substring] {
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func json(_ text: String, line: Int?) throws(DataMistake) -> JSONValue {
    do throws(JSONError) {
      return try JSONValue(parsing: Array(text.utf8))
    } catch {
      let found = text.utf8.prefix(error.offset).count { $0 == 0x0A } + 1
      throw DataMistake(
        line: line ?? (text.isEmpty ? nil : found),
        reason: text.isEmpty ? "no JSON: it is empty" : "no JSON",
        help: "'--as text' takes any text"
      )
    }
  }
}

/// Why a text is not what it should be.
struct DataMistake: Error {
  /// The line of the text, from 1.
  var line: Int?
  var reason: String
  var help: String?
}

/// The rows of a CSV text as RFC 4180 has them, by the names of the header.
struct DelimitedRows {
  private let text: String

  init(_ text: String) { self.text = text }

  /// A list of records; a cell under a secret's name is a secret, an empty one the empty text.
  func data(in session: Session) throws(DataMistake) -> JSONValue {
    var rows = try rows()
    guard !rows.isEmpty else { return .array([]) }
    let header = rows.removeFirst()
    for (index, name) in header.fields.enumerated() {
      guard !name.isEmpty else {
        throw DataMistake(line: 1, reason: "column \(index + 1) of the header has no name")
      }
      guard header.fields.firstIndex(of: name) == index else {
        throw DataMistake(line: 1, reason: "two columns are named '\(name)'")
      }
    }
    let isSecret = header.fields.map(SecretFields.isSecret)
    var records: [JSONValue] = []
    for row in rows {
      guard row.fields.count == header.fields.count else {
        throw DataMistake(
          line: row.line,
          reason: "\(row.fields.count) cells, but the header has \(header.fields.count)",
          help: "put a cell with a comma, a quote or a line end in quotes"
        )
      }
      var members: [(String, JSONValue)] = []
      for (index, field) in row.fields.enumerated() {
        let isReference = SecretFieldCell.isReference(field)
        let value: JSONValue =
          isSecret[index] && !field.isEmpty && !isReference
          ? session.hold(Secret(field)) : .string(field)
        members.append((header.fields[index], value))
      }
      records.append(.object(JSONObject(members)))
    }
    return .array(records)
  }

  private struct Row {
    var line: Int
    var fields: [String]
  }

  private func rows() throws(DataMistake) -> [Row] {
    var rows: [Row] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var line = 1
    var rowLine = 1
    let bytes = Array(text.utf8)
    var index = 0
    var wasQuoted = false
    func isEnd(_ index: Int) -> Bool {
      index >= bytes.count || bytes[index] == 0x0A || bytes[index] == UInt8(ascii: ",")
        || (bytes[index] == 0x0D && (index + 1 >= bytes.count || bytes[index + 1] == 0x0A))
    }
    func endField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
      wasQuoted = false
    }
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\"") where field.isEmpty && !wasQuoted:
        let start = line
        index += 1
        while true {
          guard index < bytes.count else {
            throw DataMistake(line: start, reason: "a quote that is never closed")
          }
          if bytes[index] == 0x0A { line += 1 }
          if bytes[index] == UInt8(ascii: "\"") {
            index += 1
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { break }
          }
          field.append(bytes[index])
          index += 1
        }
        wasQuoted = true
        guard isEnd(index) else {
          throw DataMistake(line: line, reason: "text follows the quote that closes a cell")
        }
      case UInt8(ascii: ","):
        endField()
        index += 1
        if index == bytes.count { wasQuoted = true }
      case 0x0D where isEnd(index): index += 1
      case 0x0A:
        // An empty line is not a row.
        if !fields.isEmpty || !field.isEmpty || wasQuoted {
          endField()
          rows.append(Row(line: rowLine, fields: fields))
          fields = []
        }
        index += 1
        line += 1
        rowLine = line
      case UInt8(ascii: "\""):
        throw DataMistake(
          line: line,
          reason: "a quote inside a cell",
          help: "put the whole cell in quotes, and write each quote inside it twice"
        )
      default:
        field.append(bytes[index])
        index += 1
      }
    }
    if !fields.isEmpty || !field.isEmpty || wasQuoted {
      endField()
      rows.append(Row(line: rowLine, fields: fields))
    }
    return rows
  }
}

/// A cell under a secret's name.
enum SecretFieldCell {
  /// Whether it names where the secret is, and is none itself.
  static func isReference(_ text: String) -> Bool {
    ["env:", "file:", "cmd:"].contains(where: text.hasPrefix) || text == "prompt" || text == "-"
  }
}
