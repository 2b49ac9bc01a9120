import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// That programs can read what every command writes, in the shapes that are promised.
struct OutputShapeTests {
  @Test(arguments: OutputShape.all)
  func `json is one list of records with the promised keys`(_ shape: OutputShape) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(shape.command, ["--output", "json"])
      #expect(shell.exitCode == shape.exitCode, "\(shell.everything)")
      let records = try shell.records()
      #expect(records.count == shape.count)
      for record in records {
        for key in shape.keys { #expect(record[key] != nil, "\(key)") }
        if let id = record["id"] { #expect(id is Int || id is NSNull) }
      }
    }
  }

  @Test(arguments: OutputShape.all)
  func `ndjson is the same, a record a line`(_ shape: OutputShape) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(shape.command, ["--output", "ndjson"])
      #expect(shell.exitCode == shape.exitCode)
      let lines = shell.stdout.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == shape.count + 1)
      #expect(lines.last == "")
      for line in lines.dropLast() {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        let record = try #require(object as? [String: Any])
        for key in shape.keys { #expect(record[key] != nil, "\(key)") }
      }
    }
  }

  @Test(arguments: OutputShape.all)
  func `csv has a header, and every row is as long`(_ shape: OutputShape) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(shape.command, ["--output", "csv"])
      #expect(shell.exitCode == shape.exitCode)
      let records = try StrictCSV.records(shell.stdout)
      #expect(records.count == shape.count)
      for record in records {
        for key in shape.keys { #expect(record[key] != nil, "\(key)") }
      }
    }
  }

  @Test(arguments: OutputShape.all)
  func `no format shows a secret or a mask`(_ shape: OutputShape) async throws {
    for format in ["table", "json", "ndjson", "csv"] {
      try await ShellFixture.with(seed: .demo) { place in
        let shell = await place.run(shape.command, ["--output", format])
        for secret in ["Demo", "n3wOne", "BAD", "demo3f9a"] {
          #expect(!shell.everything.contains(secret), "\(format): \(secret)")
        }
        #expect(shell.everything.firstRange(of: "****") == nil)
      }
    }
  }

  @Test func `a change says field, before and after, secrets as stars`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let update = await place.run("update gitlab/1 --name other --rate-limit 7 --json")
      let changes = try #require(try update.record()["changes"] as? [[String: Any]])
      #expect(changes.map { $0["field"] as? String } == ["name", "rateLimitPerHour"])
      #expect(changes.first?["before"] as? String == "GitLab - my-group")
      #expect(changes.first?["after"] as? String == "other")
      #expect(changes.last?["after"] as? Int == 7)
      let rotation = try await place.run("rotate gitlab/1 --token text:n3wOne --json").record()
      #expect(rotation["action"] as? String == "rotated")
      let secret = try #require((rotation["changes"] as? [[String: Any]])?.first)
      #expect(secret["before"] as? String == "***")
      #expect(secret["after"] as? String == "***")
      #expect((rotation["test"] as? [String: Any])?["verdict"] as? String == "passed")
    }
  }

  @Test func `the actions are the promised words`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let words: [(String, String)] = [
        ("create --plugin circleci --name new --token text:n3wOne", "created"),
        ("update gitlab/1 --name other", "updated"), ("update gitlab/1 --name other", "unchanged"),
        ("rotate gitlab/1 --token text:n3wOne", "rotated"),
        ("rotate gitlab/1 --token text:BAD", "failed"), ("delete gitlab/2 --force", "deleted"),
        ("delete github/1 --force", "refused"),
        ("create --plugin circleci --name new --token text:x --if-not-exists", "skipped"),
      ]
      for (command, action) in words {
        let shell = await place.run(command + " --json")
        try #expect(shell.record()["action"] as? String == action, "\(command)")
      }
    }
  }

  @Test func `show gives every field of DevLake, secrets as stars`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let record = try await place.run("show github/1 --json").record()
      let stored = try place.stored("github")
      for member in stored.members where !["token", "secretKey"].contains(member.key) {
        #expect(record[member.key] != nil, "\(member.key)")
      }
      #expect(record["token"] as? String == "***")
    }
  }
}
