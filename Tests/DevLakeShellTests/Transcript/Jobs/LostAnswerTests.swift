import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a write whose answer is lost is looked up, told rightly and never sent twice.
struct LostAnswerTests {
  private static let create = "create --plugin circleci --name ci --token text:fresh --no-test"

  private func writes(_ place: ShellFixture, _ method: String) -> Int {
    place.writes.filter { $0.hasPrefix(method) }.count
  }

  @Test(arguments: ["lost", "after:reset", "cut:3", "after:status:502:busy", "after:html"])
  func `a creation that arrived is told as one`(_ fault: String) async throws {
    try await ShellFixture.with(faults: ["POST /plugins/circleci/connections=\(fault)"]) { place in
      let shell = await place.run(Self.create)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stdout == "   ✅ Created CircleCI connection (ID=1)\n")
      #expect(shell.stderr.contains("answer was lost"))
      #expect(place.simulator.connections("circleci").count == 1)
      #expect(writes(place, "POST") == 1)
      try #expect(place.remembered().count == 1)
    }
  }

  @Test(arguments: ["close", "reset", "status:502:busy", "html"])
  func `a creation that never arrived is told as none`(_ fault: String) async throws {
    try await ShellFixture.with(faults: ["POST /plugins/circleci/connections=\(fault)"]) { place in
      let shell = await place.run(Self.create)
      #expect(!shell.exitCode.isSuccess)
      #expect(shell.stdout.isEmpty)
      #expect(shell.stderr.contains("nothing was created"), "\(shell.stderr)")
      #expect(place.simulator.connections("circleci").isEmpty)
      #expect(writes(place, "POST") == 1)
      #expect(place.folder.text(".devlake-local.json") == nil)
    }
  }

  @Test func `a creation nobody can look up is told as unknown`() async throws {
    let faults = [
      "POST /plugins/circleci/connections=lost", "GET /plugins/circleci/connections#2+=close",
    ]
    try await ShellFixture.with(faults: faults) { place in
      let shell = await place.run(Self.create)
      #expect(!shell.exitCode.isSuccess)
      #expect(shell.stderr.contains("it is unknown whether the connection was created"))
      #expect(shell.stderr.contains("list --plugin circleci"))
      #expect(writes(place, "POST") == 1)
    }
  }

  @Test(arguments: RotationCase.all)
  func `a rotation that arrived is told as one`(_ rotation: RotationCase) async throws {
    let fault = "PATCH /plugins/\(rotation.plugin)/connections/1=lost"
    try await ShellFixture.with(connection: rotation.connection, faults: [fault]) { place in
      let shell = await place.with(["NEW": rotation.new])
        .run("rotate \(rotation.plugin)/1 --token env:NEW")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("answer was lost"))
      try #expect(place.stored(rotation.plugin)[rotation.field] == .string(rotation.new))
      #expect(writes(place, "PATCH") == 1)
    }
  }

  @Test func `a rotation that never arrived changes nothing and says so`() async throws {
    try await ShellFixture.with(
      seed: .demo,
      faults: ["PATCH /plugins/gitlab/connections/1=close"]
    ) { place in
      let before = try place.stored("gitlab")
      let shell = await place.run("rotate gitlab/1 --token text:fresh")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("nothing was changed"))
      try #expect(place.stored("gitlab") == before)
      #expect(writes(place, "PATCH") == 1)
    }
  }

  /// What is done, by which request, and what is said of it.
  static let unanswered: [(command: String, method: String, says: String)] = [
    (
      "rotate gitlab/1 --token text:fresh", "PATCH",
      "gitlab/1: no answer within 2 s; it is not changed"
    ),
    ("create --plugin circleci --name ci --token text:x", "POST", "it is not created yet"),
    ("delete gitlab/2 --force", "DELETE", "gitlab/2 is not deleted yet"),
  ]

  @Test(arguments: unanswered)
  func `what was not waited for is never said to have failed`(
    _ command: String,
    _ method: String,
    _ says: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.transport = {
        Deaf(AsyncHTTPTransport(options: $0), method: method)
      }
      let shell = await place.run(command)
      #expect(!shell.exitCode.isSuccess)
      #expect(shell.everything.contains(says), "\(shell.everything)")
      #expect(shell.everything.contains("but may still be"))
      #expect(shell.stderr.contains("check with '"), "\(shell.stderr)")
    }
  }

  /// A way to DevLake on which no answer to one kind of write comes in time.
  private struct Deaf: HTTPTransport {
    let behind: any HTTPTransport
    let method: String

    init(_ behind: any HTTPTransport, method: String) {
      self.behind = behind
      self.method = method
    }

    func send(
      _ request: HTTPRequest,
      within limit: Duration
    ) async throws(TransportError) -> HTTPResponse {
      if request.method == method, !request.url.hasSuffix("/test") {
        throw .timedOut(after: .seconds(2))
      }
      return try await behind.send(request, within: limit)
    }
  }

  @Test func `a rotation nobody can look up is told as unknown`() async throws {
    let faults = [
      "PATCH /plugins/gitlab/connections/1=lost", "GET /plugins/gitlab/connections/1#3+=close",
    ]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      let shell = await place.run("rotate gitlab/1 --token text:fresh")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("it is unknown whether it was changed"))
    }
  }

  @Test func `a deletion that arrived is told as one`() async throws {
    try await ShellFixture.with(
      seed: .demo,
      faults: ["DELETE /plugins/gitlab/connections/2=lost"]
    ) { place in
      let shell = await place.run("delete gitlab/2 --force")
      #expect(shell.exitCode == .success)
      #expect(shell.stdout == "✅ Deleted gitlab/2 \"GitLab - mirror\"\n")
      #expect(shell.stderr.contains("answer was lost"))
      #expect(place.simulator.connections("gitlab").count == 1)
      #expect(writes(place, "DELETE") == 1)
    }
  }

  @Test func `a deletion that never arrived is no deletion`() async throws {
    try await ShellFixture.with(
      seed: .demo,
      faults: ["DELETE /plugins/gitlab/connections/2=close"]
    ) { place in
      let shell = await place.run("delete gitlab/2 --force")
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.contains("gitlab/2 was not deleted"))
      #expect(place.simulator.connections("gitlab").count == 2)
      #expect(writes(place, "DELETE") == 1)
    }
  }

  @Test func `a name somebody else took meanwhile is told as that`() async throws {
    // The first list does not have the name yet, as the other administrator is about to take it.
    let stale = "GET /plugins/circleci/connections#1=status:200:[]"
    let taken: JSONObject = ["plugin": "circleci", "name": "ci", "token": "theirs"]
    try await ShellFixture.with(connection: taken, faults: [stale]) { place in
      let shell = await place.run(Self.create)
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("a connection named \"ci\" exists now"))
      #expect(place.simulator.connections("circleci").map { $0["token"] } == ["theirs"])
      #expect(writes(place, "POST") == 1)
    }
  }

  @Test func `an existing name is no failure where that is wanted`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(
        "create --plugin gitlab --org my-group --if-not-exists --json --token text:x"
      )
      #expect(shell.exitCode == .success)
      try #expect(shell.record()["action"] as? String == "skipped")
      #expect(place.writes.isEmpty)
    }
  }
}
