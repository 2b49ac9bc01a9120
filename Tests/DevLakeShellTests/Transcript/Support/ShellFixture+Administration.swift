import DevLakeKit
import Foundation
import Testing

@testable import DevLakeShell

extension ShellFixture {
  /// The records of the audit log, oldest first, read by a parser that is not ours.
  ///
  /// - Parameter begun: Whether the lines stand among them that tell only that a write began.
  func audit(begun: Bool = false) throws -> [[String: Any]] {
    let text = folder.text("state/devlake-shell/audit.ndjson") ?? ""
    let records = try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    return begun
      ? records
      : records.filter {
        !["started", "verified"].contains($0["outcome"] as? String ?? "")
      }
  }

  /// What the audit log says of each attempt, as `gitlab/1 rotated done`.
  func auditLines() throws -> [String] {
    try audit().map { record in
      let id = (record["id"] as? Int).map(String.init) ?? "-"
      let words = ["action", "outcome"].map { record[$0] as? String ?? "?" }
      return "\(record["plugin"] as? String ?? "?")/\(id) \(words.joined(separator: " "))"
    }
  }

  /// The same place, where a fault's request is given up after a moment when the fault is a hang.
  func impatient(with rule: String) -> ShellFixture {
    guard rule.hasSuffix("=hang") else { return self }
    var place = self
    let transport = transport
    place.transport = { ShortDeadlineTransport(transport($0), String(rule.dropLast(5))) }
    return place
  }

  /// The same place, where something happens just before a request.
  func with(
    before method: String,
    _ suffix: String,
    number: Int = 1,
    _ happens: @escaping @Sendable () -> Void
  ) -> ShellFixture {
    var place = self
    let transport = transport
    place.transport = { options in
      InterleavingTransport(transport(options), before: method, suffix, number: number, happens)
    }
    return place
  }
}
