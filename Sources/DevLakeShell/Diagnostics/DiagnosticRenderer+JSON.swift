import DevLakeKit
import ShellLanguage

extension DiagnosticRenderer {
  /// One JSON object on a line, for `--output json` and `ndjson`; what a diagnostic lacks is left out.
  ///
  ///     {"error":{"code":"usage","message":"…","source":{"name":"a.lake","line":3,…}}}
  ///
  /// What an included file led to has the includes, the innermost first, as `source.includedFrom`.
  mutating func renderJSON(_ diagnostic: Diagnostic) -> String {
    var body: JSONObject = [
      "code": .string(diagnostic.code.rawValue), "message": .string(diagnostic.message),
    ]
    if let detail = diagnostic.detail { body["detail"] = .string(detail) }
    if let help = diagnostic.help { body["help"] = .string(help) }
    if let source = diagnostic.source {
      let table = lineTable(of: source)
      var place = Self.json(source.name, diagnostic.span.map(table.place(of:)))
      if !diagnostic.includeChain.isEmpty {
        place["includedFrom"] = .array(
          diagnostic.includeChain.map { inclusion in
            let place = LineTable(inclusion.source).place(of: inclusion.span)
            return .object(Self.json(inclusion.source.name, place))
          }
        )
      }
      body["source"] = .object(place)
    }
    return JSONValue.object([diagnostic.severity.rawValue: .object(body)]).text + "\n"
  }

  private static func json(_ name: String, _ place: LineTable.Place?) -> JSONObject {
    var object: JSONObject = ["name": .string(name)]
    if let place {
      object["line"] = .integer(place.line)
      object["column"] = .integer(place.column)
      object["endColumn"] = .integer(place.endColumn)
    }
    return object
  }
}
