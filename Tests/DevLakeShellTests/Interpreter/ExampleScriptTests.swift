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
    look: @escaping @Sendable (String) throws -> Void = { _ in }
  ) async throws -> ScriptHarness.Outcome {
    var files = files
    files["example.lake"] = try Self.script(name)
    let harness = ScriptHarness(environment: environment, files: files, seed: seed)
    let check = try await harness.run(["--check", "-f", "example.lake"])
    #expect(check == ScriptHarness.Outcome(output: "", messages: "", code: 0))
    let lines = await TextLines("")
    return try await harness.run(
      ["-f", "example.lake"] + arguments,
      lines: lines,
      inspecting: look
    ).outcome
  }

  @Test("The nightly health check names the connection that fails, and only that")
  func checksHealth() async throws {
    let outcome = try await run("nightly-health")
    #expect(outcome.code == 1)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.output)")
    #expect(lines.first?.hasPrefix("jenkins/") == true)
    let healthy = try await run("nightly-health", seed: .empty)
    #expect(healthy.code == 0)
    #expect(healthy.output == "all connections work\n")
  }

  @Test("The quarterly rotation gives each connection the token Vault keeps for it")
  func rotates() async throws {
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
  }

  @Test("The onboarding creates what the list names, once")
  func onboards() async throws {
    let teams = """
      [{"name":"Core team","plugin":"gitlab","org":"core","variable":"CORE_TOKEN"},
       {"name":"Data & co","plugin":"jenkins-x","org":"data","variable":"DATA_TOKEN"}]
      """
    let outcome = try await run(
      "onboarding",
      files: ["teams.json": teams.replacing("jenkins-x", with: "gitlab")],
      environment: [
        "CORE_TOKEN": "glpat-0123456789abcdefghij", "DATA_TOKEN": "glpat-abcdefghij0123456789",
      ]
    )
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.requests.filter { $0 == "POST /plugins/gitlab/connections" }.count == 2)
    #expect(!(outcome.output + outcome.messages).contains("glpat-"))
  }

  @Test("The report is a CSV file with a line for each connection")
  func reports() async throws {
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

  @Test("Moving makes the same connections elsewhere, once")
  func moves() async throws {
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
    try await Simulator.with { new in
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
