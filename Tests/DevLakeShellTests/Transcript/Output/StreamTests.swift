import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// What goes to which stream, and in which form.
struct StreamTests {
  @Test(arguments: ["json", "ndjson"])
  func `an error is one object with a place`(_ format: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("echo hi; show github/99", ["--output", format])
      #expect(shell.exitCode == .failure)
      let error = try shell.error()
      #expect(error["code"] as? String == "not-found")
      #expect(error["message"] as? String == "no connection github/99")
      #expect(error["help"] is String)
      let source = try #require(error["source"] as? [String: Any])
      #expect(source["line"] as? Int == 1)
      #expect(source["column"] as? Int == 15)
      #expect(source["endColumn"] as? Int == 23)
      #expect(shell.stderr.split(separator: "\n").count == 1)
    }
  }

  @Test(arguments: [
    "show github/99 --json", "show github/99 -o ndjson", "list --plugin githbu --json",
  ])
  func `a command's own format is its errors' format, too`(_ command: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(arguments: command.split(separator: " ").map(String.init))
      #expect(!shell.exitCode.isSuccess)
      try #expect(!shell.error().isEmpty)
    }
  }

  @Test func `a warning is written as the command's result is`() async throws {
    let create =
      "create --plugin github --org o --username u --token text:\(Tokens.github) --dry-run"
    let warning = "--username has no meaning for GitHub"
    let json = #"{"warning":{"code":"invalid","message":"\#(warning)"}}"# + "\n"
    try await ShellFixture.with { place in
      await #expect(place.run(create + " --json").stderr == json)
      await #expect(
        place.run(create + " -o csv", ["-o", "json"]).stderr == "warning: \(warning)\n"
      )
      let script =
        "\(create); \(create) --json; set output ndjson; \(create); set output csv; \(create)"
      await #expect(
        place.run(script).stderr
          == "warning: \(warning)\n\(json)\(json)warning: \(warning)\n"
      )
    }
  }

  @Test func `machine formats keep sentences off standard output`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("rotate gitlab/1 --token text:n3wOne", ["-o", "json"])
      #expect(!shell.stdout.contains("✅"))
      #expect(shell.stderr.contains("🔑"))
      let quiet = await place.run("rotate gitlab/1 --token text:n3wOne", ["-q", "-o", "json"])
      #expect(quiet.stderr.isEmpty)
    }
  }

  @Test func `times are data and never in the text of a pipe`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let text = await place.run("test github/1")
      #expect(
        text.stdout == "✅ github/1 \"GitHub - my-org\": Connection test passed (login octocat)\n"
      )
      let record = try await place.run("test github/1 --json").record()
      #expect(record["elapsedMs"] is Int)
      #expect(record["login"] as? String == "octocat")
    }
  }

  @Test func `a text that would be obeyed by a spreadsheet's reader or a terminal stays data`()
    async throws
  {
    let odd: JSONObject = [
      "plugin": "circleci", "name": "a \"b\", c\u{1B}[31m", "token": "t",
      "endpoint": "https://circleci.com/api/",
    ]
    try await ShellFixture.with(connection: odd) { place in
      let csv = try StrictCSV.records(
        await place.run("list --plugin circleci", ["-o", "csv"]).stdout
      )
      #expect(csv.first?["name"] == "a \"b\", c\u{1B}[31m")
      let json = try await place.run("list --plugin circleci --json").record()
      #expect(json["name"] as? String == "a \"b\", c\u{1B}[31m")
      let error = await place.run("create --plugin circleci --name 'a \"b\", c' --token text:t")
      #expect(!error.everything.contains("\u{1B}"))
    }
  }

  @Test func `a condition that lacks a plugin's rows says so, and a failed test is an answer`()
    async throws
  {
    try await ShellFixture.with(
      seed: .demo,
      faults: ["GET /plugins/gitlab/connections=status:500"]
    ) { place in
      let sick = await place.run("if list { echo yes } else { echo no }; echo after", ["--quiet"])
      #expect(sick.stdout == "no\nafter\n")
      #expect(sick.stderr.contains("'list' failed: gitlab"), "\(sick.stderr)")
      let tested = await place.run("if test --plugin jenkins { echo yes } else { echo no }", ["-q"])
      #expect(tested.stdout == "no\n")
      #expect(tested.stderr.isEmpty, "\(tested.stderr)")
      let tried = await place.run("try { if list { echo yes } } else { }", ["-q"])
      #expect(tried.stderr.isEmpty, "\(tried.stderr)")
    }
  }
}
