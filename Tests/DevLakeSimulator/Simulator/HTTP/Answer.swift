import DevLakeKit

/// What the simulated DevLake answers to one request.
struct Answer: Sendable {
  var status: Int
  /// `nil` for answers without a body, which DevLake sends without a content type.
  var contentType: String?
  var headers: [(name: String, value: String)] = []
  var body: [UInt8]
  /// How long the upstream of a connection test took.
  var delay: Duration = .zero
  /// Whether the answer never comes, as when the upstream of a test hangs.
  var hangs = false

  /// A JSON answer.
  static func json(_ value: JSONValue, status: Int = 200) -> Answer {
    .json(bytes: Array(value.text.utf8), status: status)
  }

  /// A JSON answer that is already text.
  static func json(bytes: [UInt8], status: Int = 200) -> Answer {
    Answer(status: status, contentType: "application/json; charset=utf-8", body: bytes)
  }

  /// gin's answer to what it has no route for.
  static let unknownRoute = Answer(
    status: 404,
    contentType: "text/plain",
    body: Array("404 page not found".utf8)
  )

  /// What is left of a request whose handler panicked.
  static let panic = Answer.empty(500)

  /// A status and nothing else.
  static func empty(_ status: Int) -> Answer { Answer(status: status, contentType: nil, body: []) }

  /// DevLake's answer when it has nothing to tell but success.
  static let success = Answer.envelope()

  /// An `ApiBody` that reports success, with members after the usual five.
  static func envelope(
    status: Int = 200,
    message: String = "success",
    adding members: [(String, JSONValue)] = []
  ) -> Answer {
    .json(
      .object(
        JSONObject(
          [
            ("code", 0), ("success", true), ("message", .string(message)), ("causes", nil),
            ("data", nil),
          ] + members
        )
      ),
      status: status
    )
  }

  /// gin's redirect of a path with a slash too many.
  static func moved(to path: String) -> Answer {
    Answer(
      status: 301,
      contentType: "text/html; charset=utf-8",
      headers: [("Location", path)],
      body: Array("<a href=\"\(path)\">Moved Permanently</a>.\n\n".utf8)
    )
  }
}
