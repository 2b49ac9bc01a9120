import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// `api`: any route, with the care every other command takes.
struct APITests {
  private static let token = "glpat-Canary4242Canary"

  @Test func `an answer is shown as JSON, and GET may be left out`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      for line in ["api GET /version", "api get /version", "api /version"] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .success, "\(shell.stderr)")
        #expect(shell.stdout == "{\n  \"version\": \"v1.0.3\"\n}\n")
      }
      let plugins = await place.run("api '/blueprints?page=1&pageSize=1' -o ndjson")
      #expect(plugins.stdout.split(separator: "\n").count == 1)
      #expect(place.simulator.requests.last?.query == "page=1&pageSize=1")
      let ping = await place.run("api /ping")
      #expect(ping.stdout == "no content (status 200)\n")
    }
  }

  @Test func `secrets of the answer are stars, in a plan's URLs, too`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let connection = await place.run("api /plugins/gitlab/connections/1")
      #expect(connection.stdout.contains(#""token": "***""#))
      let body = #"[{"plan":[[{"options":{"url":"http://git:ghp_Canary@h/r"}}]]}]"#
      try place.setFaults("GET /blueprints=status:200:\(body)")
      let plan = await place.run("api /blueprints", ["-v"])
      #expect(plan.stdout.contains("http://***@h/r"))
      #expect(!plan.everything.contains("Canary"))
      try place.setFaults(
        "GET /blueprints=status:500:{\"code\":0,\"success\":false,\"message\":\"no \(Self.token)\",\"token\":\"\(Self.token)\"}"
      )
      let failure = await place.run("api GET /blueprints", ["-v"])
      #expect(failure.exitCode == .failure)
      #expect(failure.stderr.contains(#""token":"***""#))
    }
  }

  @Test func `raw writes what came to a file of its owner's alone`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("api /plugins/gitlab/connections/1 --raw new.json --json")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      let record = try #require(try shell.json() as? [String: Any])
      #expect(record["file"] as? String == "new.json")
      let text = try #require(place.folder.text("new.json"))
      #expect(record["bytes"] as? Int == text.utf8.count)
      #expect(text.contains(#""token":"gl"#))
      #expect(try place.folder.mode("new.json") == 0o600)
      let wrong = await place.run("api /plugins/gitlab/connections/99 --raw wrong.json")
      #expect(wrong.exitCode == .failure)
      #expect(place.folder.text("wrong.json")?.contains("not found") == true)
    }
  }

  @Test func `raw replaces nothing, writes through no link and into no folder; nothing is sent`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("target", "kept", mode: 0o644)
      try FileManager.default.createSymbolicLink(
        atPath: place.folder.path("link"),
        withDestinationPath: place.folder.path("target")
      )
      for (name, reason) in [
        ("target", "/target' exists"), ("link", "/link' exists"), (".", "exists"),
        ("no/such", "no such file"),
      ] {
        let shell = await place.run("api POST /projects '{\"name\":\"p\"}' --raw \(name)")
        #expect(shell.exitCode == .usage)
        #expect(shell.stderr.contains(reason), "\(shell.stderr)")
      }
      #expect(place.folder.text("target") == "kept")
      #expect(try place.folder.mode("target") == 0o644)
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a body comes as words, from a file, from standard input or out of a variable`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("body.json", #"{"name":"from-file"}"#)
      _ = await place.run(
        #"api POST /projects '{"name":"from-words"}'; api POST /projects @body.json"#
      )
      _ = await place.run(
        words: "api",
        "POST",
        "/projects",
        "-",
        input: "{\"name\":\n\"from-input\"}"
      )
      _ = await place.run(
        #"let p = $(api /projects/from-file); api PATCH /projects/from-words ${p}"#
      )
      let bodies = place.simulator.requests.filter {
        $0.path.hasPrefix("/projects") && $0.method != "GET"
      }
      #expect(
        bodies.map { $0.body["name"]?.string } == [
          "from-words", "from-file", "from-input", "from-file",
        ]
      )
    }
  }

  @Test func `a secret of the body comes by reference, and shows nowhere`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": Self.token])
      let lines = [
        "api PATCH /plugins/gitlab/connections/1 --secret token=env:NEW",
        "let --secret t = env:NEW; api PATCH /plugins/gitlab/connections/1 '{\"proxy\":\"\"}' "
          + "--secret token=$t",
        "api PATCH /plugins/gitlab/connections/1 --secret token=env:NEW --dry-run",
        "api PATCH /plugins/gitlab/connections/1 '{\"token\":\"\(Self.token)\"}' --dry-run --json",
        "api PATCH /plugins/gitlab/connections/1 '{\"token\":\"\(Self.token)\"' --dry-run",
        "api PATCH /plugins/nope/connections/1 --secret token=text:\(Self.token)",
      ]
      for line in lines {
        let shell = await place.run(line, ["-v"])
        #expect(!shell.everything.contains("Canary"), "\(shell.everything)")
      }
      try #expect(place.stored("gitlab")["token"]?.string == Self.token)
      #expect(place.writes.count == 3)
      try #expect(!place.folder.everything().contains("Canary"))
    }
  }

  @Test(
    arguments: [
      ("api /x", ExitCode.failure, 404, "no such route"),
      ("api /plugins/github/connections/99", .failure, 404, "not found"),
      ("api DELETE /plugins/github/connections/1 --yes", .failure, 409, "referenced by blueprints"),
      ("api POST /plugins/github/connections '{}'", .failure, 400, "required"),
    ]
  )
  func `an error status is a failure in DevLake's cleaned words`(
    _ line: String,
    _ code: ExitCode,
    _ status: Int,
    _ says: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("try { \(line) } else { echo ${error.status} ${error.message} }")
      #expect(shell.stdout.hasPrefix("\(status) "), "\(shell.everything)")
      #expect(shell.stdout.contains(says))
      #expect(!shell.stdout.contains("Wraps"))
      #expect(await place.run(line).exitCode == code)
    }
  }

  @Test(
    arguments: [
      ("status:401:{\"success\":false,\"message\":\"unauthorized\"}", ExitCode.unreachable),
      ("status:403:{\"success\":false,\"message\":\"api key is invalid\"}", .unreachable),
      ("status:401:{\"code\":0,\"success\":false,\"message\":\"bad token\"}", .failure),
      ("status:401:{\"message\":\"401 Unauthorized\"}", .failure), ("migrating", .unreachable),
      ("empty500list", .unreachable), ("status:502", .failure), ("html", .unreachable),
      ("garbage", .success),
    ]
  )
  func `DevLake's own refusals are told from those of a service`(
    _ fault: String,
    _ code: ExitCode
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("GET /plugins/**=\(fault)")
      let shell = await place.run("api /plugins/gitlab/connections/1/proxy/rest/user")
      #expect(shell.exitCode == code, "\(shell.everything)")
    }
  }

  @Test func `a text is shown harmless for a terminal`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("GET /plugins=status:200:one\u{1B}[31m\ntwo http://a:b@c")
      var terminal = place
      terminal.results = Medium(isTerminal: true)
      let shell = await terminal.run("api /plugins")
      #expect(shell.stdout == "one\ntwo http://***@c\n")
      // A file gets what DevLake sent.
      let file = await place.run("api /plugins")
      #expect(file.stdout == "one\u{1B}[31m\ntwo http://***@c\n", "\(file.stdout.debugDescription)")
    }
  }

  @Test func `what destroys is asked about, and off a terminal refused`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let delete = "api DELETE /plugins/gitlab/connections/2"
      let refused = await place.run("\(delete); api /proceed-db-migration")
      #expect(refused.exitCode == .unasked)
      #expect(refused.stderr.contains("--yes"))
      #expect(await place.run("api /proceed-db-migration").exitCode == .unasked)
      #expect(await place.run(delete, answers: ["no"]).exitCode == .unasked)
      #expect(place.simulator.requests.allSatisfy { $0.path == "/version" })
      #expect(await place.run(delete, answers: ["yes"]).exitCode == .success)
      #expect(
        await place.run("api DELETE /plugins/gitlab/connections/1 --yes").exitCode == .success
      )
      #expect(place.simulator.connections("gitlab").isEmpty)
    }
  }

  @Test func `a write whose answer is lost is sent once and told so`() async throws {
    try await ShellFixture.with(seed: .demo, faults: ["POST /projects=lost"]) { place in
      let shell = await place.run(#"api POST /projects '{"name":"p"}'"#)
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("it is unknown whether it was done"))
      #expect(place.writes == ["POST /projects"])
      let audit = try await place.run("audit --json").record()
      #expect(audit["outcome"] as? String == "unknown")
      #expect((audit["message"] as? String)?.contains("it is unknown whether") == true)
    }
  }

  @Test func `a change and a refusal stand in the audit log, a test does not`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run(#"api PATCH /plugins/gitlab/connections/1 '{"name":"x"}'"#)
      _ = await place.run("api POST /plugins/gitlab/connections/1/test")
      _ = await place.run("api DELETE /plugins/github/connections/1 --yes")
      let records = try await place.run("audit --json").records()
      #expect(records.count == 2)
      #expect(records.last?["outcome"] as? String == "refused")
      let record = try #require(records.first)
      #expect(record["plugin"] as? String == "gitlab")
      #expect(record["id"] as? Int == 1)
      #expect(record["action"] as? String == "updated")
      #expect(record["command"] as? String == "api PATCH")
    }
  }

  @Test func `a list of lines is checked before it is sent`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(
        #"api GTE /x; api PATCH /x '{"a":'; api version; api http://other/x; api GET /x '{}'"#
      )
      #expect(shell.exitCode == .usage)
      for text in ["did you mean 'GET'?", "BODY is not JSON", "begins with '/'", "is not a URL"] {
        #expect(shell.stderr.contains(text), "\(shell.stderr)")
      }
      #expect(shell.stderr.matches(of: /error:/).count == 4)
      #expect(place.simulator.requests.isEmpty)
    }
  }
}
