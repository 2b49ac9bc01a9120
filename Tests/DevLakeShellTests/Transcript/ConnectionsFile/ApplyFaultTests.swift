import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That whatever goes wrong at whichever step of `apply`, what is said and noted is what DevLake
/// holds, and a second run completes it.
struct ApplyFaultTests {
  /// A step of `apply`, as the rule of a fault names it.
  enum Step: String, CaseIterable, Sendable {
    case list = "GET /plugins/gitlab/connections"
    case testOfChange = "POST /plugins/github/connections/1/test#1"
    case testOfNew = "POST /plugins/gitlab/test"
    case lookBeforeChange = "GET /plugins/github/connections/1"
    case rotation = "PATCH /plugins/github/connections/1"
    case rename = "PATCH /plugins/github/connections/2"
    case update = "PATCH /plugins/gitlab/connections/1"
    case creation = "POST /plugins/gitlab/connections"
    case deletion = "DELETE /plugins/gitlab/connections/2"
    case testOfSaved = "POST /plugins/github/connections/1/test#2"

    /// Whether nothing is written when it goes wrong.
    var isBeforeWriting: Bool { [.list, .testOfChange, .testOfNew].contains(self) }
  }

  private static let faults = [
    "status:500", "status:500:", "status:400", "status:409", "status:401", "lost", "reset", "close",
    "hang", "after:hang", "html", "migrating", "refuse", "cut:20",
  ]

  /// The five changes: whether DevLake holds each, by how it is told.
  private func held(_ place: ShellFixture) -> [String: Bool] {
    let github = place.simulator.connections("github")
    let gitlab = place.simulator.connections("gitlab")
    return [
      "rotated": github.contains { $0["token"] == .string(Tokens.newGitHub) },
      "renamed": github.contains { $0["name"] == "GitHub - labs" },
      "updated": gitlab.contains { $0["proxy"] == "http://proxy:8080" },
      "created": gitlab.contains { $0["name"] == "GitLab - fresh" },
      "deleted": !gitlab.contains { $0["id"] == 2 },
    ]
  }

  private static let lines = [
    "rotated": "Rotated github/1", "renamed": "Updated github/2", "updated": "Updated gitlab/1",
    "created": "Created gitlab/", "deleted": "Deleted gitlab/2",
  ]

  /// What the audit log says was done.
  private func audited(_ place: ShellFixture) throws -> [String] {
    let text = place.folder.text("state/devlake-shell/audit.ndjson") ?? ""
    return try text.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
      .filter { $0["outcome"] == "done" }
      .map { record in
        "\(record["action"]?.string ?? "") \(record["plugin"]?.string ?? "")/\(record["id"]?.int ?? 0)"
      }
  }

  @Test(arguments: Step.allCases, faults)
  func `what is said and noted is what DevLake holds`(_ step: Step, _ fault: String) async throws {
    try await ShellFixture.with(seed: .demo, faults: ["\(step.rawValue)=\(fault)"]) { direct in
      let place = direct.with(ApplyTests.secrets)
      try place.folder.write("c.yaml", ApplyTests.file)
      let slow = fault.hasSuffix("hang") ? ["--timeout", "0.3"] : []
      let shell = await place.run("apply c.yaml --prune --yes", slow)
      let held = held(place)
      let context: Comment = "\(step) \(fault): \(shell.exitCode) \(shell.everything)"
      // A test whose connection broke is sent once more.
      let isRepeated = step == .testOfChange && ["reset", "close"].contains(fault)
      if step.isBeforeWriting, !isRepeated, !fault.hasPrefix("after"),
        !["lost", "cut:20"].contains(fault)
      {
        #expect(held.values.allSatisfy { !$0 }, context)
        #expect(!shell.exitCode.isSuccess, context)
      }
      let audited = try audited(place)
      for (change, isHeld) in held where !shell.everything.contains("it is unknown whether") {
        let words = try #require(Self.lines[change])
        let isTold = shell.stdout.contains("✅ " + words) || shell.stdout.contains("but the saved")
        // One that was saved and fails its test afterwards is told as that.
        #expect(isTold == isHeld || shell.stdout.contains("saved, but"), context)
        let action = words.lowercased().split(separator: " ")
        #expect(audited.contains { $0.hasPrefix("\(action[0]) \(action[1])") } == isHeld, context)
      }
      if shell.exitCode.isSuccess { #expect(held.values.allSatisfy { $0 }, context) }
      for secret in ApplyTests.secrets.values { #expect(!shell.everything.contains(secret)) }
      guard fault != "refuse" else { return }
      try await expectCompletion(place, context)
    }
  }

  /// Without the fault a second run does what is left, and a third finds nothing.
  private func expectCompletion(_ place: ShellFixture, _ context: Comment) async throws {
    try place.setFaults()
    let again = await place.run("apply c.yaml --prune --yes")
    #expect(again.exitCode == .success, "\(context)\nagain: \(again.everything)")
    #expect(held(place).values.allSatisfy { $0 }, context)
    #expect(place.simulator.connections("gitlab").count == 2, context)
    let third = await place.run("apply c.yaml --prune --yes")
    #expect(
      third.stdout.hasPrefix("No changes: DevLake matches the file"),
      "\(context)\nthird: \(third.everything)"
    )
  }

  @Test func `what stands against one change does not keep the others back`() async throws {
    try await ShellFixture.with(seed: .demo) { direct in
      let place = direct.with(ApplyTests.secrets)
      try place.folder.write("c.yaml", ApplyTests.file)
      try place.setFaults(
        "PATCH /plugins/github/connections/2=status:400:{\"code\":0,\"success\":false,\"message\":\"no\"}"
      )
      let shell = await place.run("apply c.yaml --yes")
      #expect(shell.exitCode == .partial)
      #expect(shell.stdout.contains("❌ github/2: DevLake: no (400); nothing was changed\n"))
      #expect(shell.stdout.hasSuffix("Applied: 1 created, 1 updated, 1 rotated, 1 failed\n"))
      #expect(shell.stderr.contains("'apply' again completes the rest"))
    }
  }

  @Test func `when DevLake goes away what was not done is told`() async throws {
    try await ShellFixture.with(seed: .demo) { direct in
      let place = direct.with(ApplyTests.secrets)
      try place.folder.write("c.yaml", ApplyTests.file)
      try place.setFaults("PATCH /plugins/github/connections/2=migrating")
      let shell = await place.run("apply c.yaml --yes --json --parallel 1")
      #expect(shell.exitCode == .partial)
      let result = try #require(try shell.json() as? [String: Any])
      let changes = try #require(result["changes"] as? [[String: Any]])
      #expect(
        changes.map { $0["outcome"] as? String } == ["done", "failed", "not-done", "not-done"]
      )
      #expect((result["summary"] as? [String: Int])?["notDone"] == 2)
    }
  }

  @Test(arguments: ["proxy", "name"])
  func `what somebody changed since the plan is left alone`(_ field: String) async throws {
    try await ShellFixture.with(seed: .demo) { direct in
      var place = direct.with(ApplyTests.secrets)
      let simulator = direct.simulator
      place.transport = { options in
        InterleavingTransport(
          AsyncHTTPTransport(options: options),
          before: "POST",
          "/plugins/gitlab/test"
        ) {
          simulator.change("gitlab", 1, [field: "http://elsewhere:1"])
        }
      }
      try place.folder.write("c.yaml", ApplyTests.file)
      let shell = await place.run("apply c.yaml --yes")
      #expect(shell.exitCode == .partial)
      #expect(
        shell.stdout.contains("❌ gitlab/1 was changed by someone else since the plan was made")
      )
      try #expect(place.stored("gitlab")[field] == "http://elsewhere:1")
      #expect(!place.writes.contains("PATCH /plugins/gitlab/connections/1"))
    }
  }

  @Test func `Ctrl-C ends it with a true account`() async throws {
    try await ShellFixture.with(seed: .demo) { direct in
      var place = direct.with(ApplyTests.secrets)
      place.transport = { options in
        InterleavingTransport(
          AsyncHTTPTransport(options: options),
          // The look at the connection before its change is the command's own.
          before: "GET",
          "/plugins/github/connections/2"
        ) {
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      try place.folder.write("c.yaml", ApplyTests.file)
      let still = place
      let shell = await Task { await still.run("apply c.yaml --yes --parallel 1") }.value
      #expect(shell.exitCode == .interrupted, "\(shell.everything)")
      #expect(shell.stdout.contains("✅ Rotated github/1"))
      #expect(shell.stdout.contains("   not done: update gitlab/1"))
      #expect(shell.stdout.contains("   not done: create gitlab "))
      let held = held(place)
      #expect(held["rotated"] == true && held["updated"] == false && held["created"] == false)
      #expect(shell.stdout.contains("Updated github/2") == held["renamed"])
    }
  }

  @Test func `a key that is given only once is never asked for without its place`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("w.yaml", "version: 1\nconnections:\n- {plugin: webhook, name: w}")
      try place.folder.write("keys", "is there")
      let shell = await place.run("apply w.yaml --yes --secret-file keys")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("'\(place.folder.path("keys"))' exists"))
      #expect(place.writes.isEmpty)
      #expect(place.folder.text("keys") == "is there")
    }
  }
}
