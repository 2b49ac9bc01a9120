import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// What the simulator holds, and what it tells about its requests.
@Suite("Simulator")
struct SimulatorTests {
  private func json(
    _ simulator: Simulator,
    _ method: String,
    _ path: String,
    _ body: String? = nil
  ) throws -> JSONValue {
    let reply = try SocketClient(simulator.url).send(
      method,
      path,
      headers: [(name: "Content-Type", value: "application/json")],
      body: body.map { Array($0.utf8) }
    )
    return try JSONValue(parsing: reply.body)
  }

  @Test func `the demo has fourteen connections, of which one fails its test`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      var failed: [String] = []
      var count = 0
      for entry in try #require(json(simulator, "GET", "/plugins").array) {
        let plugin = try #require(entry["plugin"]?.string)
        for row in simulator.connections(plugin) {
          count += 1
          let id = try #require(row["id"]?.int)
          let verdict = try json(simulator, "POST", "/plugins/\(plugin)/connections/\(id)/test")
          if verdict["success"] != true { failed.append("\(plugin)/\(id)") }
        }
      }
      #expect(count == 14)
      #expect(failed == ["jenkins/2"])
    }
  }

  @Test func `the demo's first GitHub connection is used by the blueprint of its project`()
    async throws
  {
    try await Simulator.with(seed: .demo) { simulator in
      let refused = try json(simulator, "DELETE", "/plugins/github/connections/1")
      #expect(refused["data"]?["blueprints"] == ["platform-Blueprint"])
      #expect(refused["data"]?["projects"] == ["platform"])
      let scopes = try json(simulator, "GET", "/plugins/github/connections/1/scopes")
      #expect(scopes["count"] == 1)
    }
  }

  @Test(
    arguments: [(Era.may2026, 38), (Era.september2026, 46)]
  )
  func `the plugins are those of the recorded servers, in no order`(
    _ era: Era,
    _ count: Int
  ) async throws {
    try await Simulator.with(era: era) { simulator in
      let lists = try (0..<3).map { _ in try json(simulator, "GET", "/plugins").array ?? [] }
      #expect(lists.allSatisfy { $0.count == count })
      #expect(Set(lists.map { $0.map(\.text) }).count > 1)
    }
  }

  @Test func `ids start at 1 and a failed insert uses one up`() async throws {
    try await Simulator.with { simulator in
      func create(_ name: String) throws -> JSONValue {
        try json(
          simulator,
          "POST",
          "/plugins/gitlab/connections",
          #"{"name":"\#(name)","endpoint":"https://gitlab.com/api/v4/","token":"glpat-1"}"#
        )
      }
      let answers = try ["a", "a", "b"].map(create)
      #expect(answers[0]["id"] == 1)
      #expect(answers[1]["success"] == false)
      #expect(answers[2]["id"] == 3)
    }
  }

  @Test func `the stored secret is the real one, the answer shows a mask`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      let shown = try json(simulator, "GET", "/plugins/gitlab/connections/1")["token"]?.string
      let stored = simulator.connections("gitlab").first?["token"]?.string
      #expect(stored?.hasPrefix("glpat-") == true)
      #expect(shown?.contains("***") == true)
    }
  }

  @Test func `the log has a line per request before the answer is complete`() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let simulator = try await Simulator.start(log: file.path)
    let before = Date().timeIntervalSince1970 * 1000
    _ = try json(simulator, "POST", "/projects?dry=1", #"{"name":"x"}"#)
    let text = try String(contentsOf: file, encoding: .utf8)
    let line = try JSONValue(parsing: text.dropLast().utf8)
    await simulator.stop()
    #expect(line.object?.keys == ["method", "path", "query", "body", "status", "start", "end"])
    #expect(line["method"] == "POST")
    #expect(line["path"] == "/projects")
    #expect(line["query"] == "dry=1")
    #expect(line["body"] == ["name": "x"])
    #expect(line["status"] == 201)
    let start = try #require(line["start"]?.double)
    let end = try #require(line["end"]?.double)
    #expect(start >= before && end >= start)
  }

  @Test func `a seed file's connections, state and keys are taken over as they are`() async throws {
    let seed: JSONValue = [
      "version": "v9", "state": "migration-pending",
      "connections": [["plugin": "jira", "id": 7, "name": "J", "token": "t"]],
      "pipelines": [["name": "p", "status": "TASK_RUNNING"]],
    ]
    try await Simulator.with(seed: .json(seed)) { simulator in
      #expect(try json(simulator, "GET", "/version")["version"] == "v9")
      #expect(try SocketClient(simulator.url).send("GET", "/plugins").status == 428)
      #expect(try json(simulator, "GET", "/proceed-db-migration")["success"] == true)
      #expect(try json(simulator, "GET", "/plugins/jira/connections/7")["name"] == "J")
      let refused = try json(simulator, "DELETE", "/plugins/jira/connections/7")
      #expect(refused["message"]?.string?.contains("pipeline is running") == true)
    }
  }

  @Test(
    arguments: [
      ([], "no JSON object"),
      (["connections": [["plugin": "nope"]]], "no plugin 'nope'"),
      (["state": "asleep"], "no state 'asleep'"),
    ] as [(JSONValue, String)]
  )
  func `a seed that is none says why`(_ seed: JSONValue, _ message: String) async throws {
    let error = await #expect(throws: SimulatorError.self) {
      try await Simulator.start(seed: .json(seed))
    }
    #expect(error?.description.contains(message) == true)
  }

  @Test func `without its database DevLake lists nothing under status 500`() async throws {
    try await Simulator.with(seed: .demo) { simulator in
      simulator.state = .databaseDown
      let reply = try SocketClient(simulator.url).send("GET", "/plugins/github/connections")
      #expect(reply.status == 500)
      #expect(reply.text == "[]")
    }
  }

  @Test func `the demo of 2026 has one connection of each new plugin beside the fourteen`()
    async throws
  {
    try await Simulator.with(seed: .demo2026) { simulator in
      let new = [
        "claude_code", "clickup", "cursor", "grafana_irm", "incidentio", "kiro", "linear", "rootly",
        "tempo",
      ]
      for plugin in new { #expect(simulator.connections(plugin).count == 1, "\(plugin)") }
      #expect(simulator.connections("jira").count == 2)
      for plugin in new + ["jira"] {
        let id = simulator.connections(plugin).count
        let verdict = try json(simulator, "POST", "/plugins/\(plugin)/connections/\(id)/test")
        #expect(verdict["success"]?.bool ?? (verdict["accounts"] != nil), "\(plugin): \(verdict)")
      }
    }
  }
}
