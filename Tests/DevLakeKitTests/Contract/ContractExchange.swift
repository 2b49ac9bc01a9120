import DevLakeKit
import Foundation
import Testing

/// One line of a recording: what was sent to a real DevLake, and what came back.
struct ContractExchange: Sendable {
  /// A request as it was sent.
  struct Sent: Sendable {
    let method: String
    let path: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]?
  }

  /// An answer as it came.
  struct Received: Sendable {
    let status: Int
    let contentType: String?
    /// `nil` for an empty body.
    let body: JSONValue?
  }

  let name: String
  /// One request, or several sent at once.
  let requests: [Sent]
  let answers: [Received]
  /// The GET after requests sent at once.
  let final: Received?

  /// The exchanges of a recording, in order.
  static func all(of recording: String) throws -> [ContractExchange] {
    let text = try String(contentsOf: file("\(recording).jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      try ContractExchange(JSONValue(parsing: line.utf8))
    }
  }

  /// A file beside the recordings.
  static func file(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .appending(path: "DevLakeSimulator/Contract/\(name)")
  }

  private init(_ line: JSONValue) throws {
    name = try #require(line["case"]?.string)
    if let requests = line["requests"]?.array {
      self.requests = try requests.map(Self.sent)
    } else {
      let request = try Self.sent(#require(line["request"]))
      requests = Array(repeating: request, count: line["responses"]?.array?.count ?? 1)
    }
    answers = try (line["responses"]?.array ?? [#require(line["response"])]).map(Self.received)
    final = try line["final_get"].map(Self.received)
  }

  private static func sent(_ request: JSONValue) throws -> Sent {
    let headers = request["headers"]?.object?.members ?? []
    return Sent(
      method: try #require(request["method"]?.string),
      path: try #require(request["path"]?.string),
      headers: headers.map { (name: $0.key, value: $0.value.string ?? "") },
      body: body(request["body"])
    )
  }

  /// The bytes of a body: text that was no JSON stands as it was sent.
  private static func body(_ body: JSONValue?) -> [UInt8]? {
    switch body {
    case nil, .null?: nil
    case .string(let text)?:
      // The recorder read the byte order mark as three Latin-1 characters.
      text.hasPrefix("\u{EF}\u{BB}\u{BF}")
        ? [0xEF, 0xBB, 0xBF] + Array(text.unicodeScalars.dropFirst(3).map { UInt8($0.value) })
        : Array(text.utf8)
    case let value?:
      Array(whole(value.text).utf8)
    }
  }

  /// Puts back what the recorder cut out of the one body of 5 MB.
  private static func whole(_ text: String) -> String {
    guard text.contains("(cut here)") else { return text }
    let filling = String(repeating: "y", count: 5_000_000)
    return text.replacing("y * 5000000 (cut here)", with: filling)
  }

  private static func received(_ answer: JSONValue) throws -> Received {
    let body = answer["body"]
    return Received(
      status: try #require(answer["status"]?.int),
      contentType: answer["contentType"]?.string ?? answer["headers"]?["content-type"]?.string,
      body: body == .some(.null) ? nil : body
    )
  }
}
