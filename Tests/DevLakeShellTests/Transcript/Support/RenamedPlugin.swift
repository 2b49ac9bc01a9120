import DevLakeKit

/// A DevLake one of whose plugins has a name the catalogue lacks.
struct RenamedPlugin: HTTPTransport {
  let behind: any HTTPTransport
  let name: String
  /// The plugin of the simulated DevLake that plays it.
  let original: String

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    var inner = request
    inner.url = request.url
      .replacing("/plugins/\(original)/", with: "/plugins/none/")
      .replacing("/plugins/\(name)/", with: "/plugins/\(original)/")
    var response = try await behind.send(inner, within: limit)
    if request.url.hasSuffix("/plugins") {
      let text = String(decoding: response.body, as: UTF8.self)
      response.body = Array(text.replacing("\"\(original)\"", with: "\"\(name)\"").utf8)
    }
    return response
  }
}
