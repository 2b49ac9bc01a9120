/// One request as DevLake's router sees it.
struct Request: Sendable {
  let method: String
  /// The path as sent: percent-encoded, without the query.
  var path: String
  /// The query as sent, without the question mark.
  let query: String
  let headers: [(name: String, value: String)]
  let body: [UInt8]
  /// Who made the API key that let it in.
  var keyHolder: DevLake.Caller?

  init(
    method: String,
    uri: String,
    headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts[0])
    query = parts.count > 1 ? String(parts[1]) : ""
    self.headers = headers
    self.body = body
  }

  /// The value of the first header of that name, whatever its case.
  func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }

  /// The value of a query parameter, decoded.
  func parameter(_ name: String) -> String? {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if PercentEncoding.decode(parts[0]) == name {
        return parts.count > 1 ? PercentEncoding.decode(parts[1]) : ""
      }
    }
    return nil
  }

  /// The parts of the path, each decoded, so that `%2F` stays inside a part.
  var segments: [String] { path.split(separator: "/").map(PercentEncoding.decode) }
}

/// Decodes `%2F` and the like.
enum PercentEncoding {
  static func decode(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
      {
        decoded.append(byte)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
