import DevLakeKit
import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// A shell that is killed at a random moment leaves no change without a line, and the next one, which
/// only reads, tells what was open and what became of it.
///
/// `scripts/kill-moments 500` tries as many moments; without it a share of them.
struct KilledMomentTests {
  private static let moments =
    ProcessInfo.processInfo.environment["KILL_MOMENTS"].flatMap(Int.init) ?? 96
  /// How many moments are tried side by side.
  private static let lanes = 4

  /// A command that writes.
  private struct Flow: Sendable {
    let name: String
    let words: [String]
    var file: String = ""
  }

  private static let flows = [
    Flow(
      name: "create",
      words: ["create", "--plugin", "gitlab", "--org", "g", "--name", "new", "--token", "env:NEW"]
    ),
    Flow(name: "update", words: ["update", "gitlab/1", "--name", "mine"]),
    Flow(name: "rotate", words: ["rotate", "gitlab/1", "--token", "env:NEW"]),
    Flow(
      name: "rotate --from",
      words: ["rotate", "--from", "input"],
      file: "gitlab,1,env:NEW\ngitlab,2,env:NEW\ncircleci,1,env:NEW\nsonarqube,1,env:NEW\n"
    ),
    Flow(
      name: "delete --cascade",
      words: ["delete", "github/1", "--cascade", "--force", "--expect", "1"]
    ),
    Flow(
      name: "apply",
      words: ["apply", "input", "--yes"],
      file: "version: 1\nconnections:\n"
        + (1...4).map { "- {plugin: gitlab, name: new \($0), token: 'env:NEW'}\n" }.joined()
    ),
    Flow(name: "api", words: ["api", "DELETE", "/plugins/gitlab/connections/2", "--yes"]),
  ]

  /// Commands that change nothing; any of them tells.
  private static let readers = [
    ["list", "--plugin", "gitlab"], ["status"], ["list"], ["api", "/version"],
    ["show", "gitlab/1"], ["export"], ["plugins"],
  ]

  /// What was seen of one killed shell.
  private struct Sight: Sendable {
    /// Whether it had not ended by itself.
    var wasKilled = false
    /// Whether it had written to DevLake.
    var hasWritten = false
    /// Whether a write was open.
    var wasOpen = false
  }

  @Test func `no moment leaves a change without a line`() async throws {
    let lengths = try await measured()
    let sights = try await withThrowingTaskGroup(of: [Sight].self) { group in
      for lane in 0..<Self.lanes {
        group.addTask {
          var sights: [Sight] = []
          for number in stride(from: lane, to: Self.moments, by: Self.lanes) {
            let index = number % Self.flows.count
            // From its beginning to its end, which the other lanes make later than it is alone.
            let moment = lengths[index] * Double.random(in: 0...3)
            sights.append(try await kill(Self.flows[index], after: moment, number))
          }
          return sights
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(sights.count == Self.moments)
    let killed = sights.count(where: \.wasKilled)
    let open = sights.count(where: \.wasOpen)
    print(
      "\(sights.count) moments: \(killed) killed, \(sights.count(where: \.hasWritten)) had written, "
        + "\(open) with a write open"
    )
    // Else the test has shown nothing.
    #expect(killed > Self.moments / 10)
    #expect(open > 0)
  }

  private func with(_ flow: Flow, _ body: (ProgramFixture) async throws -> Void) async throws {
    try await ProgramFixture.with(latency: .milliseconds(12), inMemory: true) { fixture in
      fixture.environment["NEW"] = "squ_0123456789abcdefghij"
      try fixture.write("input", flow.file)
      try await body(fixture)
    }
  }

  private func measured() async throws -> [Duration] {
    var lengths: [Duration] = []
    for flow in Self.flows {
      try await with(flow) { fixture in
        let start = ContinuousClock.now
        let end = try await fixture.run(flow.words)
        lengths.append(ContinuousClock.now - start)
        #expect(end.status == 0, "\(flow.name): \(end.stdout)\(end.stderr)")
        #expect(!writes(fixture).isEmpty, "\(flow.name) writes nothing")
        #expect(unlined(fixture).isEmpty, "\(flow.name): \(unlined(fixture))")
      }
    }
    return lengths
  }

  private func kill(_ flow: Flow, after moment: Duration, _ number: Int) async throws -> Sight {
    var sight = Sight()
    try await with(flow) { fixture in
      let running = try BuiltProgram.start(
        flow.words,
        environment: fixture.environment,
        folder: fixture.folder
      )
      try await Task.sleep(for: moment)
      running.send(SIGKILL)
      sight.wasKilled = await running.end().status == 128 + SIGKILL
      let open = attempts(fixture).filter { $0.value == "started" }.map(\.key)
      sight.wasOpen = !open.isEmpty

      let reader = Self.readers[number % Self.readers.count]
      let next = try await fixture.run(reader)
      let place: Comment = """
        \(flow.name) killed after \(moment), then '\(reader.joined(separator: " "))': \
        \(next.stderr) \(lines(fixture).map { "\($0)" }.joined(separator: "\n"))
        """
      #expect(next.status == 0, place)
      sight.hasWritten = !writes(fixture).isEmpty
      #expect(unlined(fixture).isEmpty, place)
      #expect(next.stderr.ranges(of: "was interrupted while it changed").count == open.count, place)
      #expect(!attempts(fixture).values.contains("started"), place)
      for line in lines(fixture) where isLookedUp(line) { #expect(isTrue(line, fixture), place) }
      // It is told once.
      if !open.isEmpty {
        let told = try await fixture.run(["status"]).stderr
        #expect(!told.contains("was interrupted while"), place)
      }
    }
    return sight
  }

  private func lines(_ fixture: ProgramFixture) -> [JSONValue] {
    let text = fixture.text(".local/state/devlake-shell/audit.ndjson") ?? ""
    return text.split(separator: "\n").compactMap { try? JSONValue(parsing: $0.utf8) }
  }

  /// How each write stands in the log.
  private func attempts(_ fixture: ProgramFixture) -> [String: String] {
    var outcomes: [String: String] = [:]
    for line in lines(fixture) {
      guard let attempt = line["attempt"]?.string else { continue }
      outcomes[attempt] = line["outcome"]?.string
    }
    return outcomes
  }

  /// What DevLake was asked to change.
  private func writes(_ fixture: ProgramFixture) -> [String] {
    fixture.simulator.requests.filter { $0.method != "GET" && !$0.path.hasSuffix("/test") }
      .map { "\($0.method) \($0.path)" }
  }

  /// The writes that came to DevLake more often than the log says that they began.
  private func unlined(_ fixture: ProgramFixture) -> [String] {
    let begun = lines(fixture).filter { $0["outcome"] == "started" }.map { line -> String in
      if let request = line["request"]?.string { return request }
      let list = "/plugins/\(line["plugin"]?.string ?? "")/connections"
      return line["id"]?.int.map { "PATCH \(list)/\($0)" } ?? "POST \(list)"
    }
    return writes(fixture).filter { write in
      writes(fixture).count { $0 == write } > begun.count { $0 == write }
    }
  }

  private func isLookedUp(_ line: JSONValue) -> Bool {
    line["message"]?.string?.hasPrefix("looked up later") == true
  }

  /// Whether what a look-up said of a write is how DevLake has it.
  private func isTrue(_ line: JSONValue, _ fixture: ProgramFixture) -> Bool {
    let plugin = line["plugin"]?.string ?? ""
    let rows = fixture.simulator.connections(plugin)
    let row = rows.first { $0["id"] == line["id"] }
    let isDone: Bool
    switch line["action"]?.string {
    case "created": isDone = rows.contains { $0["name"] == line["name"] }
    case "deleted": isDone = row == nil
    case "rotated":
      // Nobody can see a secret: at most that the row was not written to.
      return line["outcome"] == "unknown"
        || (line["outcome"] == "failed" && row?["token"]?.string != "squ_0123456789abcdefghij")
    default:
      guard let change = line["changes"]?.array?.first else {
        return line["outcome"] == "unknown" || isStepTrue(line, fixture)
      }
      isDone = row?[change["field"]?.string ?? ""] == change["after"]
    }
    return line["outcome"] == (isDone ? "done" : "failed")
  }

  /// A step of a deletion: the blueprint, then the scope.
  private func isStepTrue(_ line: JSONValue, _ fixture: ProgramFixture) -> Bool {
    let connection = line["id"]?.int ?? 0
    let isDone =
      line["message"]?.string?.contains("blueprint") == true
      ? fixture.simulator.blueprints.allSatisfy { blueprint in
        blueprint["connections"]?.array?.allSatisfy {
          $0["connectionId"]?.int != connection || $0["pluginName"] != line["plugin"]
        } ?? true
      } : fixture.simulator.scopes(line["plugin"]?.string ?? "", connection).isEmpty
    return line["outcome"] == (isDone ? "done" : "failed")
  }
}
