import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// That the log tells every change and attempt, and is read with care.
struct AuditTests {
  private static let log = "state/devlake-shell/audit.ndjson"

  @Test func `every change and every attempt is a record of its form`() async throws {
    try await ShellFixture.with(seed: .demo) { direct in
      let place = direct.with(["USER": "ada"])
      for command in [
        "create --plugin circleci --name new --token text:fresh-one --proxy http://u:pw9@p:1",
        "create --plugin circleci --name other --token text:BAD", "update gitlab/1 --name lab",
        "rotate gitlab/1 --token text:BAD", "rotate gitlab/1 --token text:fresh-two",
        "delete github/1 --force", "delete circleci/2 --force",
      ] { _ = await place.run(command) }
      try #expect(
        place.auditLines() == [
          "circleci/2 created done", "circleci/- failed failed", "gitlab/1 updated done",
          "gitlab/1 failed failed", "gitlab/1 rotated done", "github/1 refused refused",
          "circleci/2 deleted done",
        ]
      )
      let keys: Set = [
        "time", "user", "instance", "command", "plugin", "id", "name", "action", "changes",
        "outcome",
      ]
      for record in try place.audit() {
        #expect(keys.isSubset(of: record.keys))
        #expect(record["instance"] as? String == place.simulator.url)
        #expect(record["user"] as? String == "ada")
      }
      for secret in ["fresh-one", "fresh-two", "BAD", "pw9"] {
        #expect(place.folder.text(Self.log)?.contains(secret) == false)
      }
      try #expect(place.folder.mode(Self.log) == 0o600)
    }
  }

  @Test func `a creation whose key is lost is in the log all the same`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("create --plugin webhook --name w --secret-file missing/key")
      let isThere = !place.simulator.connections("webhook").isEmpty
      try #expect(place.auditLines().contains("webhook/1 created done") == isThere)
      #expect(!shell.exitCode.isSuccess)
    }
  }

  @Test func `the table names the instance`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("update gitlab/1 --name lab")
      let shell = await place.run("audit")
      #expect(shell.stdout.contains("Instance"), "\(shell.stdout)")
      #expect(shell.stdout.contains(place.simulator.url), "\(shell.stdout)")
    }
  }

  private static let now = 1_795_737_600  // 2026-11-27T00:00:00Z

  private static let records = [
    ("2026-11-20T08:00:00Z", "ada", "github"), ("2026-11-25T08:00:00Z", "bob", "gitlab"),
    ("2026-11-26T23:00:00Z", "ada", "gitlab"),
  ]
  .map { time, user, plugin in
    """
    {"time":"\(time)","user":"\(user)","instance":"http://x","command":"rotate","plugin":"\(plugin)",\
    "id":1,"name":"n","action":"rotated","changes":[],"outcome":"done"}\n
    """
  }

  @Test(arguments: [
    ("audit", 3), ("audit --since 2026-11-25", 2), ("audit --since 2026-11-25T08:00:00Z", 2),
    ("audit --since 2026-11-25T10:00:00+02:00", 2), ("audit --since 2026-11-25T08:01", 1),
    ("audit --since 2h", 1), ("audit --since 90min", 1), ("audit --since 3d", 2),
    ("audit --since 1w", 3), ("audit --since 30s", 0), ("audit --plugin gitlab", 2),
    ("audit --user ada", 2), ("audit --user ada --plugin gitlab --since 7d", 1),
  ])
  func `the log is filtered`(_ command: String, _ count: Int) async throws {
    try await ShellFixture.with { direct in
      var place = direct
      place.now = Self.now
      try place.writeLog(Self.records.joined())
      let shell = await place.run(command + " --json")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(shell.records().count == count)
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test(arguments: ["yesterday", "2026-13-01", "7", "3 d", "2026-11", "9999999999999999999d"])
  func `a time nobody can read is a mistake`(_ since: String) async throws {
    try await ShellFixture.with { place in
      let shell = await place.run("audit --since '\(since)'")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("12h or 7d"))
    }
  }

  @Test func `lines that are no records are left out and said`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.writeLog(
        "\(Self.records[0])garbage\n{\"time\":1}\n[]\n\(Self.records[1])\(Self.records[2].prefix(40))"
      )
      let shell = await place.run("audit --json")
      try #expect(shell.records().count == 2)
      #expect(shell.exitCode == .success)
      #expect(
        shell.stderr.contains("4 lines that are no record, left out: lines 2, 3, 4, 6"),
        "\(shell.stderr)"
      )
      // The line that was cut does not take the next record with it.
      _ = await place.run("update gitlab/1 --name lab")
      try await #expect(place.run("audit --json").records().count == 3)
    }
  }

  @Test func `a log that cannot be written is said once and loses nothing else`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("state", "a file where the folder should be")
      let shell = await place.run(
        "rotate gitlab/1-2 --token text:fresh-one; update gitlab/1 --name x"
      )
      let unrecorded = "when secrets were set and expire is not recorded"
      #expect(shell.stderr.ranges(of: unrecorded).count <= 2, "\(shell.stderr)")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.ranges(of: "changes are not recorded in the audit log").count == 1)
      #expect(
        place.simulator.connections("gitlab").map { $0["token"] } == ["fresh-one", "fresh-one"]
      )
    }
  }
}

extension ShellFixture {
  fileprivate func writeLog(_ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("state/devlake-shell"),
      withIntermediateDirectories: true
    )
    try folder.write("state/devlake-shell/audit.ndjson", text)
  }
}
