import DevLakeKit

/// A way to DevLake on which every answer gets another content type.
struct Relabelled: HTTPTransport {
  let behind: any HTTPTransport
  let contentType: String

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    var response = try await behind.send(request, within: limit)
    response.headers.removeAll { $0.name.lowercased() == "content-type" }
    response.headers.append((name: "Content-Type", value: contentType))
    return response
  }
}
