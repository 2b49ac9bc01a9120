import DevLakeKit

extension DiagnosticRenderer {
  /// One JSON object on a line, for `--output json` and `ndjson`; what a diagnostic lacks is left out.
  ///
  ///     {"error":{"code":"usage","message":"…","source":{"name":"a.lake","line":3,…}}}
  mutating func renderJSON(_ diagnostic: Diagnostic) -> String {
    var body: JSONObject = [
      "code": .string(diagnostic.code.rawValue), "message": .string(diagnostic.message),
    ]
    if let detail = diagnostic.detail { body["detail"] = .string(detail) }
    if let help = diagnostic.help { body["help"] = .string(help) }
    if let source = diagnostic.source {
      var place: JSONObject = ["name": .string(source.name)]
      if let span = diagnostic.span {
        let found = lineTable(of: source).place(of: span)
        place["line"] = .integer(found.line)
        place["column"] = .integer(found.column)
        place["endColumn"] = .integer(found.endColumn)
      }
      body["source"] = .object(place)
    }
    return JSONValue.object([diagnostic.severity.rawValue: .object(body)]).text + "\n"
  }
}
