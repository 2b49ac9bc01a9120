import DevLakeKit

/// A DevLake one of whose plugins has a name the catalogue lacks.
struct RenamedPlugin: HTTPTransport {
  let behind: any HTTPTransport
  let name: String
  /// The plugin of the simulated DevLake that plays it.
  let original: String
  /// Fields that have other names, by those of the plugin that plays it.
  var fields: [String: String] = [:]

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    var inner = request
    inner.url = request.url
      .replacing("/plugins/\(original)/", with: "/plugins/none/")
      .replacing("/plugins/\(name)/", with: "/plugins/\(original)/")
    for (field, other) in fields {
      inner.body = inner.body.map { Self.renaming($0, from: other, to: field) }
    }
    var response = try await behind.send(inner, within: limit)
    if request.url.hasSuffix("/plugins") {
      let text = String(decoding: response.body, as: UTF8.self)
      response.body = Array(text.replacing("\"\(original)\"", with: "\"\(name)\"").utf8)
    }
    for (field, other) in fields {
      response.body = Self.renaming(response.body, from: field, to: other)
    }
    return response
  }

  private static func renaming(_ body: [UInt8], from name: String, to other: String) -> [UInt8] {
    let text = String(decoding: body, as: UTF8.self)
    return Array(text.replacing("\"\(name)\":", with: "\"\(other)\":").utf8)
  }
}
