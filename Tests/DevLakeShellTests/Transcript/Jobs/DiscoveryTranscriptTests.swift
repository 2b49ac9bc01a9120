import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// How DevLake is found, and what is said when it is not.
struct DiscoveryTranscriptTests {
  private static let refused = "http://127.0.0.1:1"

  private func source(_ shell: Transcript) throws -> String? {
    (try shell.json() as? [String: Any])?["source"] as? String
  }

  @Test func `the option stands before the variable and the state file`() async throws {
    try await ShellFixture.with { place in
      let lost = place.with(["DEVLAKE_URL": Self.refused])
      let shell = await lost.run("status", ["--url", place.simulator.url, "--json"])
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(source(shell) == "--url")
      let own = await lost.run("status --url \(place.simulator.url) --json")
      try #expect(source(own) == "--url")
      let variable = await place.run("status --json")
      try #expect(source(variable) == "$DEVLAKE_URL")
    }
  }

  @Test func `state files are read, azure first, and one that is away is passed over`()
    async throws
  {
    try await ShellFixture.with { place in
      let free = place.with(["DEVLAKE_URL": ""])
      let text = #"{"endpoints": {"backend": "\#(place.simulator.url)"}}"#
      try place.folder.write(".devlake-local.json", text)
      let local = await free.run("status --json")
      try #expect(source(local)?.hasSuffix(".devlake-local.json") == true)
      try place.folder.write(
        ".devlake-azure.json",
        #"{"endpoints": {"backend": "\#(Self.refused)"}}"#
      )
      let passed = await free.run("status --json")
      #expect(passed.exitCode == .success)
      try #expect(source(passed)?.hasSuffix(".devlake-local.json") == true)
      #expect(passed.stderr.contains(".devlake-azure.json"))
      try place.folder.write(".devlake-azure.json", text)
      let azure = await free.run("status --json")
      try #expect(source(azure)?.hasSuffix(".devlake-azure.json") == true)
    }
  }

  @Test func `a state file beyond this machine is confirmed before anything is sent`()
    async throws
  {
    try await ShellFixture.with { place in
      try place.folder.write(
        ".devlake-local.json",
        #"{"endpoints": {"backend": "http://devlake.example.invalid"}}"#
      )
      let free = place.with(["DEVLAKE_URL": ""])
      let alone = await free.run("list")
      #expect(alone.exitCode == .unasked)
      #expect(alone.stderr.contains("--url http://devlake.example.invalid"))
      let asked = await free.run("list", answers: ["no"])
      #expect(asked.exitCode == .unasked)
      #expect(asked.questions.count == 1)
    }
  }

  @Test func `the API below config-ui's address is found by itself`() async throws {
    try await ShellFixture.with(seed: .demo) { direct in
      var place = direct
      place.transport = { ConfigUI(behind: AsyncHTTPTransport(options: $0)) }
      let shell = await place.run("status --json")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      let url = (try shell.json() as? [String: Any])?["url"] as? String
      #expect(url == place.simulator.url + "/api")
      let list = await place.run("list")
      #expect(list.stdout.contains("GitHub - my-org"))
    }
  }

  /// What answers, and what is said of it.
  static let troubles: [(fault: String, code: String, says: [String])] = [
    ("*=html", "unreachable", ["a web page came back"]),
    ("*=status:401", "unauthorized", ["401"]),
    ("*=status:403", "unauthorized", ["403"]),
    ("*=migrating", "unreachable", ["migration", "connect --migrate"]),
    ("*=garbage", "unreachable", []),
    ("*=refuse", "unreachable", []),
    ("*=close", "unreachable", []),
    ("*=reset", "unreachable", []),
  ]

  @Test(arguments: troubles.indices)
  func `what is not a DevLake that lets the shell in is exit 3`(_ index: Int) async throws {
    let (fault, code, says) = Self.troubles[index]
    try await ShellFixture.with(seed: .demo, faults: [fault]) { place in
      let shell = await place.run("list", ["--json"])
      #expect(shell.exitCode == .unreachable, "\(shell.stderr)")
      #expect(shell.stdout.isEmpty)
      try #expect(shell.error()["code"] as? String == code)
      for text in says { #expect(shell.stderr.contains(text), "\(shell.stderr)") }
      #expect(place.writes.isEmpty)
    }
  }

  /// What others answer at `/version`, and at `/plugins`.
  static let others: [(version: String, plugins: String?)] = [
    (#"{"commit":"ab12","database":"ok","version":"11.2.0"}"#, nil),
    (#"{"commit":"ab12","database":"ok","version":"11.2.0"}"#, "[]"),
    (#"{"version":"8.1","name":"search"}"#, #"[{"id":"grafana-piechart-panel","name":"Pie"}]"#),
    (#"{"version":"8.1","name":"search"}"#, #"{"message":"Unauthorized","statusCode":401}"#),
    (#"{"major":"1","minor":"31","gitVersion":"v1.31.0"}"#, nil),
    (#"{"version":1}"#, nil), (#"["version"]"#, nil), (#""v1.0.3""#, nil),
  ]

  @Test(arguments: others.indices)
  func `what tells a version and is no DevLake gets nothing but questions`(
    _ index: Int
  ) async throws {
    let (version, plugins) = Self.others[index]
    let faults =
      ["*/version=status:200:\(version)", "/api/**=status:404"]
      + ["/plugins=" + (plugins.map { "status:200:\($0)" } ?? "status:404"), "/**=status:404"]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      for line in ["status", "list", "create --plugin circleci --name new --token text:s3cret"] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .unreachable, "\(line): \(shell.everything)")
        #expect(shell.stderr.contains("not DevLake"), "\(line): \(shell.stderr)")
      }
      #expect(place.writes.isEmpty)
    }
  }

  @Test(arguments: [
    (nil, ""),
    ("status:401:{\"success\":false,\"message\":\"unauthorized\"}", "a login is required"),
    ("migrating", "migration"),
  ])
  func `a DevLake whose answer has more in it is one all the same`(
    _ plugins: String?,
    _ says: String
  ) async throws {
    let more = #"/version=status:200:{"version":"v9","commit":"ab12"}"#
    let faults = [more] + (plugins.map { ["/plugins=\($0)"] } ?? [])
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      let shell = await place.run("connect")
      #expect(shell.exitCode == (plugins == nil ? .success : .unreachable), "\(shell.everything)")
      #expect(says.isEmpty || shell.stderr.contains(says), "\(shell.stderr)")
      #expect(!shell.stderr.contains("not DevLake"), "\(shell.stderr)")
    }
  }

  @Test func `the version of a DevLake is one request`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("show gitlab/1")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      let paths = place.simulator.requests.map(\.path)
      // Side by side, in any order.
      #expect(paths.sorted() == ["/plugins/gitlab/connections/1", "/version"])
    }
  }

  @Test func `a closed port is exit 3 and names the address and who named it`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.with(["DEVLAKE_URL": Self.refused]).run("list")
      #expect(shell.exitCode == .unreachable)
      #expect(shell.stderr.contains("http://127.0.0.1:1 ($DEVLAKE_URL)"))
    }
  }

  @Test func `a pending migration is explained and run after a question`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      place.simulator.state = .migrationPending
      let list = await place.run("list")
      #expect(list.exitCode == .unreachable)
      #expect(list.stderr.contains("connect --migrate"))
      for (connect, help) in [
        ("connect", "run 'connect --migrate'"),
        ("connect \(place.simulator.url)", "run 'connect \(place.simulator.url) --migrate'"),
      ] {
        let refused = await place.run(connect)
        #expect(refused.exitCode == .unreachable)
        #expect(refused.stdout.isEmpty)
        #expect(refused.stderr.contains(help), "\(refused.stderr)")
      }
      let status = await place.run("status")
      #expect(status.stdout.contains("connect --migrate"))
      #expect(!status.stdout.contains("0 connections"))
      let alone = await place.run("connect --migrate")
      #expect(alone.exitCode == .unasked)
      let no = await place.run("connect --migrate", answers: ["no"])
      #expect(no.exitCode == .unasked)
      #expect(place.simulator.state == .migrationPending)
      let yes = await place.run("connect --migrate; list", answers: ["yes"])
      #expect(yes.exitCode == .success, "\(yes.stderr)")
      #expect(yes.stdout.contains("GitHub - my-org"))
    }
  }

  @Test func `a DevLake without its database lists nothing, and says so`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      place.simulator.state = .databaseDown
      let shell = await place.run("list", ["--json"])
      #expect(shell.exitCode == .unreachable)
      #expect(shell.stdout.isEmpty)
      #expect(shell.stderr.contains("database"))
    }
  }

  @Test(arguments: ["list", "plugins", "test all"])
  func `what has none of DevLake's routes is no empty DevLake`(_ command: String) async throws {
    let faults = [
      "GET /plugins=status:404:404 page not found",
      "GET /plugins/*/connections=status:404:404 page not found",
    ]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      let shell = await place.run(command)
      #expect(shell.exitCode == .unreachable)
      #expect(shell.stdout.isEmpty)
      #expect(shell.stderr.contains("has neither plugins nor connections (404)"), "\(shell.stderr)")
    }
  }

  @Test(arguments: ["status:500:oops", "status:200:{}", "empty500list"])
  func `a list that may lack a plugin is exit 4`(_ fault: String) async throws {
    try await ShellFixture.with(seed: .demo, faults: ["GET /plugins=\(fault)"]) { place in
      let shell = await place.run("list")
      #expect(shell.exitCode == .partial)
      #expect(shell.stdout.contains("GitHub - my-org"))
      #expect(shell.stderr.contains("warning: the list of plugins: "), "\(shell.stderr)")
    }
  }

  @Test(arguments: [ServiceState.migrationPending, .databaseDown])
  func `status of a DevLake that is not ready is exit 3 and counts nothing`(
    _ state: ServiceState
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      place.simulator.state = state
      let shell = await place.run("status")
      #expect(shell.exitCode == .unreachable)
      #expect(shell.stdout.hasPrefix("DevLake v1.0.3 at "))
      #expect(!shell.stdout.contains("0 connections"), "\(shell.stdout)")
      let reasons = shell.stderr.split(separator: "\n").filter { !$0.hasPrefix("help: ") }
      #expect(reasons.count <= 1, "\(shell.stderr)")
      let json = try await place.run("status --json").json() as? [String: Any]
      #expect(json?["connections"] is NSNull)
      #expect(json?["migrationPending"] as? Bool == (state == .migrationPending))
    }
  }

  @Test func `one plugin's broken list is told beside the others, exit 4`() async throws {
    try await ShellFixture.with(
      seed: .demo,
      faults: ["GET /plugins/jira/connections=status:500"]
    ) { place in
      let shell = await place.run("list")
      #expect(shell.exitCode == .partial)
      #expect(shell.stdout.contains("GitHub - my-org"))
      #expect(!shell.stdout.contains("jira"))
      #expect(shell.stderr.contains("jira: "))
      let json = await place.run("list", ["--json"])
      let failed = try json.records().filter { $0["error"] != nil }
      #expect(failed.map { $0["plugin"] as? String } == ["jira"])
    }
  }

  @Test func `nothing asks the network before it is needed`() async throws {
    try await ShellFixture.with { place in
      let shell = await place.run(
        "let a = 1; echo $a; history; help; help list; set; set output json"
      )
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      for words in [["--version"], ["--help"], ["--check", "-c", "list; delete github/1"]] {
        await #expect(place.run(arguments: words).exitCode == .success)
      }
      #expect(place.simulator.requests.isEmpty)
    }
  }
}
