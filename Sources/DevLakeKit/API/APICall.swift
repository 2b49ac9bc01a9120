/// One call of DevLake's API.
struct APICall: Sendable {
  var method: String
  /// The route, its variable parts percent-encoded.
  var path: String
  /// The query without `?`.
  var query: String?
  var body: RequestBody?
  /// Which limit it has.
  var limit = Limit.request

  /// Whether it tests a connection, which changes nothing.
  var isTest: Bool { limit == .test }

  /// What decides how long a call may take.
  enum Limit: Sendable {
    case request
    /// It tests a connection: an error status is the service's.
    case test
    /// It deletes a scope, and DevLake all the data collected for it.
    case scopeDeletion
  }

  /// Whether it may be sent once more after `error`.
  func mayBeRepeated(after error: TransportError) -> Bool {
    switch method {
    case "GET": error.isWorthRepeating
    case "POST": isTest && error.isLost
    default: false
    }
  }

  static func get(_ path: String, query: String? = nil) -> APICall {
    APICall(method: "GET", path: path, query: query)
  }

  /// `GET /plugins`, for messages.
  var label: String { "\(method) \(path)" }

  var target: String { query.map { "\(path)?\($0)" } ?? path }

  var headers: [(name: String, value: String)] {
    // DevLake's core routes ignore a body of any other type (measured).
    body == nil ? [] : [("Content-Type", "application/json")]
  }
}

extension Substring {
  /// A segment of a path as a server reads it: with its `%41` taken back.
  var pathDecoded: String {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
