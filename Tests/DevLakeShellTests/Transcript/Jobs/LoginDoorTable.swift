import DevLakeSimulator
import Foundation
import Testing

/// Which request gets through which login door: the table of the facts, copied as it stands beside
/// this file.
struct LoginDoorTable {
  /// One request of a row at one door.
  struct Cell: Sendable, CustomTestStringConvertible {
    let door: LoginDoor
    let request: Request
    /// What DevLake answered.
    let status: Int

    var testDescription: String { "\(door.rawValue): \(request.name)" }
  }

  /// A request as the row describes it, and what does the same with the shell.
  struct Request: Sendable {
    let name: String
    var method = "GET"
    var path = "/plugins"
    var headers: [(name: String, value: String)] = []
    /// What makes the shell send such requests; `nil` where it never does.
    var options: [String]?
    /// Where the table tells two statuses, whether the request gets the second.
    var isSecond = false
  }

  static let goodKey = "good-key-made-up-0123456789"
  static let narrowKey = "narrow-key-made-up-012345678"
  static let endedKey = "ended-key-made-up-0123456789"

  /// The rows' names in the table and what is asked; a row that is not here is a mistake.
  static let rows: [String: [Request]] = [
    // How the server was started, which the other rows follow from.
    "AUTH_ENABLED unset": [],
    "/ping /version /health /ready /auth/methods /auth/userinfo": [
      "/ping", "/version", "/health", "/ready", "/auth/methods", "/auth/userinfo",
    ].map { Request(name: $0, path: $0) },
    "/proceed-db-migration, nobody": [
      Request(name: "migration, nobody", path: "/proceed-db-migration")
    ],
    "any other route, known or not, nobody": [
      Request(name: "nobody", options: []),
      Request(name: "unknown route, nobody", path: "/no/such/route", isSecond: true),
    ],
    "Basic, any password": [
      Request(
        name: "Basic",
        headers: [("Authorization", "Basic YTpi")],
        options: ["--user", "a", "--password", "text:b"]
      )
    ],
    "X-Forwarded-User alone / wrong X-Forwarded-User-Secret": [
      forwarded("forwarded user alone", secret: nil),
      forwarded("forwarded user, wrong secret", secret: "not-the-secret"),
    ],
    "both right": [forwarded("forwarded user", secret: LoginDoor.forwardedSecret)],
    "Bearer KEY without /rest": [
      Request(name: "key without /rest", headers: [("Authorization", "Bearer \(goodKey)")])
    ],
    "/rest, good key": [keyed("good key", goodKey)],
    "/rest, wrong or expired key, path outside": [
      keyed("wrong key", "not-a-key-at-all-0123456789"), keyed("expired key", endedKey),
      keyed("path outside", narrowKey),
    ],
    "/rest without, not Bearer": [
      Request(name: "/rest without", path: "/rest/plugins"),
      Request(name: "/rest, not Bearer", path: "/rest/plugins", headers: [("Authorization", "x")]),
    ],
    "POST /api-keys with a key through /rest": [
      Request(
        name: "a key makes a key",
        method: "POST",
        path: "/rest/api-keys",
        headers: [("Authorization", "Bearer \(goodKey)")]
      )
    ],
    // The recording has it: the key is made by creating the webhook.
    "webhook's own key, own route through /rest": [],
    "/push/* without key": [Request(name: "/push", path: "/push/commits")],
    "/auth/login without OIDC": [Request(name: "/auth/login", path: "/auth/login")],
  ]

  private static func keyed(_ name: String, _ key: String) -> Request {
    Request(
      name: name,
      path: "/rest/plugins",
      headers: [("Authorization", "Bearer \(key)")],
      options: ["--api-key", "text:\(key)"]
    )
  }

  private static func forwarded(_ name: String, secret: String?) -> Request {
    let pairs =
      [("X-Forwarded-User", "octo")] + (secret.map { [("X-Forwarded-User-Secret", $0)] } ?? [])
    return Request(
      name: name,
      headers: pairs.map { (name: $0.0, value: $0.1) },
      options: pairs.flatMap { ["--header", "\($0.0): \($0.1)"] }
    )
  }

  /// The doors by the table's columns.
  private static let doors: [LoginDoor] = [.on, .onWithoutSecret, .june, .off]

  /// The rows' names as the table has them; empty when it cannot be read, which a test notices.
  static var names: [String] { lines.compactMap(\.first) }

  /// The cells that tell a status.
  static let cells: [Cell] = lines.flatMap { line -> [Cell] in
    guard let name = line.first, let requests = rows[name], line.count > 1 else { return [] }
    let first = line[1]
    return zip(doors, line.dropFirst()).flatMap { door, text -> [Cell] in
      let statuses = statuses(in: text == "same" ? first : text)
      return requests.compactMap { request in
        guard let status = request.isSecond ? statuses.last : statuses.first else { return nil }
        return Cell(door: door, request: request, status: status)
      }
    }
  }

  /// `**401 `unauthorized`**`: 401, `200/404`: both.
  private static func statuses(in text: String) -> [Int] {
    let head = text.replacing("*", with: "").prefix { $0.isNumber || $0 == "/" }
    return head.split(separator: "/").compactMap { Int($0) }
  }

  private static var lines: [[String]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "login-2026-09.md")
    // What cannot be read gives no rows.
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst(2).map { line in
      line.dropFirst().split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
  }
}
