import DevLakeKit

/// A DevLake whose connections have fields the catalogue lacks.
struct ExtraFieldsTransport: HTTPTransport {
  let behind: any HTTPTransport
  /// What each connection of an answer shows besides.
  let fields: JSONObject

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    var response = try await behind.send(request, within: limit)
    guard request.url.contains("/connections"), !request.url.hasSuffix("/test"),
      let json = try? JSONValue(parsing: response.body)
    else { return response }
    response.body = Array(added(to: json).text.utf8)
    return response
  }

  private func added(to value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(added))
    case .object(var object) where object["id"] != nil:
      for member in fields.members { object[member.key] = member.value }
      return .object(object)
    default: return value
    }
  }
}
