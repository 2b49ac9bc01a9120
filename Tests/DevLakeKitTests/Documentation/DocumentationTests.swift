import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// The documentation's example is the code that is compiled and run here.
@Suite("Documentation")
struct DocumentationTests {
  /// Runs `body` with a folder for a log, and gives it what the log says: `rotated done`.
  private func withLog(
    _ body: (_ folder: String, _ lines: () throws -> [String]) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/example-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder) {
      try AuditLog(path: folder + "/audit.ndjson").contents().records.map {
        "\($0["action"]?.string ?? "") \($0["outcome"]?.string ?? "")"
      }
    }
  }

  private func text(_ path: String) throws -> String {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test func `the examples on the first page are the ones that are compiled`() throws {
    let page = try text("Sources/DevLakeKit/DevLakeKit.docc/DevLakeKit.md")
    let code = page.components(separatedBy: "```").filter { $0.hasPrefix("swift\n") }
      .map { $0.dropFirst("swift\n".count) }
    let source = try text("Tests/DevLakeKitTests/Documentation/DocumentationExample.swift")
    #expect(code.count == 5)
    #expect(source.hasSuffix(code.joined(separator: "\n")))
  }

  @Test func `the example of verdicts tests every connection`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      let verdicts = try await verdicts(at: simulator.url)
      #expect(verdicts.count == 14)
      #expect(verdicts[ConnectionKey(plugin: "github", id: 1)]?.outcome == .passed)
    }
  }

  @Test func `the example of a file changes what differs, and the second time nothing`()
    async throws
  {
    try await Simulator.with(seed: .demo) { simulator in
      try await withLog { log, lines in
        let client = try await DevLakeClient(url: ServerURL(simulator.url))
        let yaml = """
          version: 1
          connections:
            - plugin: jenkins
              name: CI of the north
              endpoint: https://ci.example.com/
              username: admin
              password: env:CI_PASSWORD
          """
        let first = try await apply(yaml, in: client, log: log)
        #expect(first.results.map(\.outcome.state) == [.done])
        #expect(simulator.connections("jenkins").contains { $0["name"] == "CI of the north" })
        let second = try await apply(yaml, in: client, log: log)
        #expect(second.results.map(\.outcome.state) == [.unchanged])
        // Without its secret a new connection is not made, and the plan says why.
        let changes = Changes(in: client)
        let plan = try await changes.plan(
          ConnectionsFile(
            parsing: yaml.replacing("of the north", with: "of the south").replacing(
              "CI_P",
              with: "P"
            )
          ),
          secrets: SecretResolver(sources: SecretSources(environment: [:], workingDirectory: "."))
        )
        #expect(plan.map(\.action) == [.unchanged])
        #expect(plan.first?.problems.isEmpty == false)
        let third = await changes.apply(plan)
        #expect(third.results.map(\.outcome.state) == [.unchanged])
        #expect(try lines() == ["created started", "created done"])
      }
    }
  }

  @Test func `the example of findings tells what is wrong`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      let client = try await DevLakeClient(url: ServerURL(simulator.url))
      let findings = try await problems(of: client, now: 1_790_000_000)
      #expect(!findings.isEmpty)
      #expect(findings.allSatisfy { $0.severity != .ok })
    }
  }

  @Test func `the example of a secret follows a reference`() async throws {
    let secret = try await secret("env:TOKEN", in: ["TOKEN": "ghp_x"])
    #expect(secret.reveal { $0 } == "ghp_x")
  }

  @Test func `the example rotates a token that passes, and leaves the old one where it does not`()
    async throws
  {
    try await Simulator.with(seed: .demo) { simulator in
      try await withLog { log, lines in
        let before = simulator.connections("github").first?["token"]
        let wrong = Secret("ghp_BAD" + String(repeating: "b", count: 33))
        let bad = try await rotate(1, to: wrong, at: simulator.url, log: log)
        #expect(bad.problem?.code == .testFailed)
        #expect(simulator.connections("github").first?["token"] == before)

        let token = "ghp_" + String(repeating: "n", count: 36)
        let outcome = try await rotate(1, to: Secret(token), at: simulator.url, log: log)
        #expect(outcome.state == .done)
        #expect(outcome.retest?.outcome == .passed)
        #expect(simulator.connections("github").first?["token"] == .string(token))
        #expect(
          try lines() == [
            "failed failed", "rotated started", "rotated done", "rotated verified",
          ]
        )
      }
    }
  }
}
