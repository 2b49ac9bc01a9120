import DevLakeKit
import Foundation
import Testing

@testable import DevLakeShell

/// What a shell wrote, asked and came to.
struct Transcript: Sendable {
  let stdout: String
  let stderr: String
  let exitCode: ExitCode
  let questions: [String]
  /// What Tab could make of an answer, by question.
  var offers: [String: [String]] = [:]

  /// Both streams and the questions: everything a person could have seen.
  var everything: String { stdout + stderr + questions.joined(separator: "\n") }

  /// Standard output as one JSON text, read by a parser that is not ours.
  func json() throws -> Any {
    try JSONSerialization.jsonObject(with: Data(stdout.utf8), options: .fragmentsAllowed)
  }

  /// Standard output as a JSON list of records.
  func records() throws -> [[String: Any]] { try #require(try json() as? [[String: Any]]) }

  /// The only record of standard output.
  func record() throws -> [String: Any] {
    let records = try records()
    #expect(records.count == 1)
    return try #require(records.first)
  }

  /// The error object on standard error; other lines there are notes.
  func error() throws -> [String: Any] {
    let lines = stderr.split(separator: "\n").filter { $0.hasPrefix("{\"error\":") }
    let line = try #require(lines.last)
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return try #require(object?["error"] as? [String: Any])
  }
}
