import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// That commands say of a change what DevLake has, also where the way to DevLake answers wrongly.
struct ChangeTruthTests {
  private func changing(_ place: ShellFixture) -> [String] {
    place.writes.filter { !$0.hasSuffix("/test") }
  }

  @Test(arguments: [
    "rotate github/1 --token \(Tokens.newGitHub)", "update github/1 --rate-limit 77",
    "delete github/1 --force --cascade --expect 1",
  ])
  func `an answer about another connection is never written to`(_ line: String) async throws {
    let faults = ["GET /plugins/github/connections/1=otherid"]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      let shell = await place.run(line)
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.stderr.contains("it returned github/2"), "\(shell.stderr)")
      #expect(changing(place).isEmpty)
    }
  }

  @Test func `a change DevLake accepted and did not make is told with its field`() async throws {
    let faults = ["PATCH /plugins/gitlab/connections/1=stale"]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      let shell = await place.run("update gitlab/1 --name mine --json")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("ignored name"), "\(shell.stderr)")
      try #expect(place.auditLines() == ["gitlab/1 failed failed"])
    }
  }

  /// A gateway's answers, and whether the write was carried out before them.
  static let gateways = [502, 503, 504, 408, 499, 524].flatMap { status in
    [true, false].map { (status, $0) }
  }

  @Test(arguments: gateways)
  func `a gateway's JSON says nothing about the write`(
    _ status: Int,
    _ isCarriedOut: Bool
  ) async throws {
    let fault =
      (isCarriedOut ? "after:" : "") + "status:\(status):{\"message\":\"The upstream timed out\"}"
    let faults = ["PATCH /plugins/gitlab/connections/1=\(fault)"]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      let shell = await place.run("update gitlab/1 --name mine")
      #expect(shell.exitCode.isSuccess == isCarriedOut, "\(shell.everything)")
      try #expect((place.stored("gitlab")["name"] == "mine") == isCarriedOut)
      try #expect(place.audit().last?["outcome"] as? String == (isCarriedOut ? "done" : "failed"))
      #expect(shell.stderr.contains(isCarriedOut ? "answer was lost" : "nothing was changed"))
    }
  }

  @Test func `what no look-up can tell is unknown`() async throws {
    let faults = [
      "PATCH /plugins/gitlab/connections/1=lost", "GET /plugins/gitlab/connections/1#2+=close",
    ]
    try await ShellFixture.with(seed: .demo, faults: faults) { place in
      let shell = await place.run("update gitlab/1 --name mine --json")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("\"code\":\"unknown\""), "\(shell.stderr)")
      try #expect(place.auditLines() == ["gitlab/1 failed unknown"])
    }
  }

  @Test func `a write has a line in the log before it is sent`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      _ = await place.run("rotate gitlab/1 --token text:fresh")
      let records = try place.audit(begun: true)
      #expect(records.map { $0["outcome"] as? String } == ["started", "done", "verified"])
      #expect(records.map { $0["attempt"] as? String }.allSatisfy { $0 != nil })
      let shown = await place.run("audit --json")
      #expect(!shown.stdout.contains("started"))
    }
  }

  @Test func `nothing is sent that a required log cannot keep`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try FileManager.default.createDirectory(
        atPath: place.folder.path("state/devlake-shell/audit.ndjson"),
        withIntermediateDirectories: true
      )
      for line in [
        "update gitlab/1 --name mine", "rotate gitlab/* --token text:fresh",
        "create --plugin circleci --name new --token text:fresh", "delete gitlab/2 --force",
        "api PATCH /plugins/gitlab/connections/1 '{\"name\":\"mine\"}'",
      ] {
        let shell = await place.run(line, ["--audit-required"])
        #expect(!shell.exitCode.isSuccess, "\(line): \(shell.everything)")
        #expect(shell.everything.contains("audit log"), "\(line): \(shell.everything)")
      }
      #expect(changing(place).isEmpty)
      let shell = await place.run("update gitlab/1 --name mine")
      #expect(shell.exitCode == .success)
      #expect(shell.stderr.contains("changes are not recorded in the audit log"))
    }
  }

  @Test(arguments: [
    ("api POST /blueprints/1/trigger '{}'", "status:400"),
    ("api PATCH /plugins/gitlab/connections/1 '{\"name\":\"x\"}'", "status:403"),
    ("api DELETE /plugins/gitlab/connections/1 --yes", "status:409"),
  ])
  func `a refused request of api has its line`(_ line: String, _ fault: String) async throws {
    let method = line.split(separator: " ")[1]
    try await ShellFixture.with(seed: .demo, faults: ["\(method) *=\(fault)"]) { place in
      let shell = await place.run(line)
      #expect(!shell.exitCode.isSuccess)
      let last = try #require(try place.audit().last)
      #expect(["failed", "refused"].contains(last["outcome"] as? String ?? ""), "\(last)")
    }
  }

  @Test(arguments: [
    ("lost", "unknown"), ("status:200:junk", "unknown"), ("status:201:junk", "unknown"),
    ("status:201", "failed"),
    ("status:200:{\"success\":false,\"message\":\"no\"}", "failed"),
    ("status:404:404 page not found", "failed"), ("status:204", "done"),
  ])
  func `a request of api is unknown only where its answer tells nothing`(
    _ fault: String,
    _ outcome: String
  ) async throws {
    try await ShellFixture.with(seed: .demo, faults: ["POST /projects=\(fault)"]) { place in
      let shell = await place.run("api POST /projects '{\"name\":\"x\"}'")
      #expect(shell.exitCode == (outcome == "done" ? .success : .failure), "\(shell.everything)")
      try #expect(place.audit().last?["outcome"] as? String == outcome, "\(fault)")
    }
  }

  @Test func `a request of api names the fields that did not take`() async throws {
    let old = #"{"id":1,"name":"GitLab","endpoint":"https://gitlab.com/api/v4/","proxy":""}"#
    let fault = "PATCH /plugins/gitlab/connections/1=status:200:\(old)"
    try await ShellFixture.with(seed: .demo, faults: [fault]) { place in
      let shell = await place.run(
        #"api PATCH /plugins/gitlab/connections/1 '{"proxy":"http://proxy:3128"}'"#
      )
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.stderr.contains("ignored proxy"), "\(shell.stderr)")
      try #expect(place.audit().last?["outcome"] as? String == "failed")
    }
  }

  @Test func `a dry run checks the number and tells a refusal`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let refused = await place.run("delete github/1 --dry-run")
      #expect(refused.exitCode == .failure, "\(refused.everything)")
      #expect(refused.stdout.contains("DELETE /plugins/github/connections/1"))
      #expect(place.writes.isEmpty)
      let free = await place.run("delete gitlab/2 --dry-run")
      #expect(free.exitCode == .success, "\(free.everything)")
    }
  }

  @Test func `what many rotations remember is written once, in the order asked for`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("rotate gitlab/* --token text:fresh --json")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let ids = try place.remembered().compactMap { $0["connectionId"] as? Int }
      #expect(ids.sorted() == [1, 2])
    }
  }
}
