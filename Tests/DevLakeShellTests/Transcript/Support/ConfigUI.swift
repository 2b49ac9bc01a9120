import DevLakeKit

/// The way to DevLake through config-ui: its API stands below `/api`, all else is a page.
struct ConfigUI: HTTPTransport {
  let behind: any HTTPTransport

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    guard request.url.contains("/api/") else {
      return HTTPResponse(
        status: 200,
        headers: [("Content-Type", "text/html")],
        body: Array("<!doctype html><title>DevLake</title>".utf8)
      )
    }
    var inner = request
    inner.url = request.url.replacing("/api/", with: "/", maxReplacements: 1)
    return try await behind.send(inner, within: limit)
  }
}
