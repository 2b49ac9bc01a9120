import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

@Suite struct ExampleScriptTests {
  /// `scripts/examples/NAME.lake` of this repository.
  static func script(_ name: String) throws -> String {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { url.deleteLastPathComponent() }
    return try String(
      contentsOf: url.appendingPathComponent("scripts/examples/\(name).lake"),
      encoding: .utf8
    )
  }

  private func run(
    _ name: String,
    _ arguments: [String] = [],
    files: [String: String] = [:],
    environment: [String: String] = [:],
    seed: Seed = .demo,
    url: String? = nil,
    look: @escaping @Sendable (String) throws -> Void = { _ in }
  ) async throws -> ScriptHarness.Outcome {
    var files = files
    files["example.lake"] = try Self.script(name)
    let harness = ScriptHarness(environment: environment, files: files, seed: seed)
    let check = try await harness.run(["--check", "-f", "example.lake"])
    #expect(check == ScriptHarness.Outcome(output: "", messages: "", code: 0))
    let lines = await TextLines("")
    return try await harness.run(
      (url.map { ["--url", $0] } ?? []) + ["-q", "-f", "example.lake"] + arguments,
      lines: lines,
      inspecting: look
    ).outcome
  }

  @Test func `the nightly health check names the connection that fails, and only that`()
    async throws
  {
    let outcome = try await run("nightly-health")
    #expect(outcome.code == 4)
    #expect(outcome.messages.isEmpty, "\(outcome.messages)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.output)")
    #expect(lines.first?.hasPrefix("jenkins/") == true)
    let healthy = try await run("nightly-health", seed: .empty)
    #expect(healthy.code == 0)
    #expect(healthy.output == "all connections work\n")
    let lost = try await run("nightly-health", url: "http://127.0.0.1:1")
    #expect(lost.code == 3)
    #expect(lost.output.isEmpty)
    #expect(lost.messages.contains("error:"))
  }

  @Test func `a mail goes out only when something is wrong, and an outage is no clean bill`()
    async throws
  {
    let mail = "#!/bin/sh\necho \"$@\" > mail.txt; cat >> mail.txt\n"
    let files = ["bin/mail": mail]
    let outcome = try await run("mail-when-wrong", ["ops@example.com"], files: files) { folder in
      let text = try String(contentsOfFile: folder + "/mail.txt", encoding: .utf8)
      #expect(text.hasPrefix("-s DevLake: connections need a look ops@example.com\n"), "\(text)")
      #expect(text.contains("jenkins/2: "), "\(text)")
    }
    #expect(outcome.code == 1, "\(outcome.messages)")
    let lost = try await run("mail-when-wrong", files: files, url: "http://127.0.0.1:1")
    #expect(lost.code == 3)
    #expect(lost.output.contains("127.0.0.1:1"), "\(lost.output)\(lost.messages)")
  }

  @Test func `connections that lead to the same endpoint are named once a pair`() async throws {
    let outcome = try await run("duplicates", ["github"])
    #expect(outcome.code == 1, "\(outcome.messages)")
    #expect(outcome.output.hasPrefix("github/1 and github/2 use "), "\(outcome.output)")
    let none = try await run("duplicates", ["pagerduty"])
    #expect(none.code == 0, "\(none.messages)")
    #expect(none.output.isEmpty)
  }

  @Test func `1Password's field becomes the token of each connection that is selected`()
    async throws
  {
    let op = "#!/bin/sh\ncase \"$2\" in *my-org*) printf 'ghp_%036d' 7;; *) exit 1;; esac\n"
    let outcome = try await run(
      "rotation-1password",
      ["DevLake", "GitHub - my-org"],
      files: ["bin/op": op]
    )
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(
      outcome.requests.filter { $0.hasPrefix("PATCH ") } == ["PATCH /plugins/github/connections/1"]
    )
    let failing = try await run(
      "rotation-1password",
      ["DevLake"],
      files: ["bin/op": "#!/bin/sh\nexit 1\n"]
    )
    #expect(failing.code != 0)
    #expect(failing.requests.allSatisfy { !$0.hasPrefix("PATCH ") })
    #expect(failing.messages.contains("error:"))
  }

  @Test func `the quarterly rotation gives each connection the token Vault keeps for it`()
    async throws
  {
    // A stand-in for Vault: the token tells which one was asked for.
    let vault = """
      #!/bin/sh
      [ "$1 $2 $3" = 'kv get -field=token' ] || exit 1
      printf 'ghp_%036d' "${4##*-}"
      """
    let outcome = try await run("quarterly-rotation", files: ["bin/vault": vault])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.output.hasSuffix("all tokens of github are new\n"))
    #expect(!(outcome.output + outcome.messages).contains("ghp_0000"))
    let patches = outcome.requests.filter { $0.hasPrefix("PATCH ") }
    #expect(
      patches == ["PATCH /plugins/github/connections/1", "PATCH /plugins/github/connections/2"]
    )
    let half = try await run(
      "quarterly-rotation",
      files: ["bin/vault": vault.replacing("printf", with: "case $4 in *-1) exit 1;; esac; printf")]
    )
    #expect(half.code == 4)
    #expect(half.output.contains("github/1 keeps its token"))
    #expect(
      half.requests.filter { $0.hasPrefix("PATCH ") } == ["PATCH /plugins/github/connections/2"]
    )
  }

  @Test func `the onboarding creates what the list names, once`() async throws {
    let teams = """
      plugin,name,org,endpoint,token
      gitlab,Core team,core,,env:CORE_TOKEN
      gitlab,"Data & co, all",data,,env:DATA_TOKEN
      """
    let outcome = try await run(
      "onboarding",
      files: ["teams.csv": teams],
      environment: [
        "CORE_TOKEN": "glpat-0123456789abcdefghij", "DATA_TOKEN": "glpat-abcdefghij0123456789",
      ]
    )
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.requests.filter { $0 == "POST /plugins/gitlab/connections" }.count == 2)
    #expect(!(outcome.output + outcome.messages).contains("glpat-"))
    let wrong = try await run(
      "onboarding",
      files: ["teams.csv": teams.replacing("gitlab,\"Data", with: "githbu,\"Data")],
      environment: ["CORE_TOKEN": "glpat-0123456789abcdefghij"]
    )
    #expect(wrong.code == 2)
    #expect(wrong.messages.contains("teams.csv:3:1-6: error:"), "\(wrong.messages)")
    #expect(wrong.requests.allSatisfy { $0.hasPrefix("GET ") }, "\(wrong.requests)")
  }

  @Test func `the report is a CSV file with a line for each connection`() async throws {
    let outcome = try await run("report-csv", ["all.csv"]) { folder in
      let text = try String(contentsOfFile: folder + "/all.csv", encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines.count == 15)
      #expect(lines.first?.hasPrefix("plugin,id,name") == true)
    }
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.output.hasPrefix("all.csv:\n"))
    #expect(outcome.output.contains("2 github\n"))
  }

  @Test func `moving makes the same connections elsewhere, once`() async throws {
    let seed: JSONValue = [
      "connections": [
        [
          "plugin": "gitlab", "name": "Core", "endpoint": "https://gitlab.com/api/v4/",
          "token": "old", "proxy": "http://proxy:3128",
        ],
        [
          "plugin": "jenkins", "name": "CI", "endpoint": "https://ci.example.com/",
          "username": "ci", "password": "old",
        ],
      ]
    ]
    try await Simulator.with(era: .may2026) { new in
      for round in 1...2 {
        let outcome = try await run(
          "moving",
          [new.url],
          environment: [
            "DEVLAKE_GITLAB_CORE_TOKEN": "glpat-0123456789abcdefghij",
            "DEVLAKE_JENKINS_CI_PASSWORD": "canary-of-jenkins",
          ],
          seed: .json(seed)
        )
        #expect(outcome.code == 0, "\(round): \(outcome.messages)")
        #expect(!(outcome.output + outcome.messages).contains("canary"))
      }
      let made = new.requests.filter { $0.method == "POST" && $0.path.hasSuffix("/connections") }
      #expect(made.count == 2)
      #expect(new.connections("gitlab").map { $0["proxy"] } == ["http://proxy:3128"])
      #expect(new.connections("jenkins").map { $0["password"] } == ["canary-of-jenkins"])
    }
  }
}
