import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// A shell that is killed at any step of any write leaves every file whole, and the next one works.
struct KilledTests {
  private static let state = ".devlake-local.json"

  /// The calls of the system by which files change; each is a step.
  @Test(arguments: ["fsync", "rename", "fchmod", "unlink", "flock", "write"])
  func `every file is the old one or the new one`(_ call: String) async throws {
    try await ProgramFixture.with { fixture in
      var kills = 0
      for step in 1... {
        let outcome = try await killed(call, step, fixture)
        try expectWhole(fixture, "\(call) \(step)")
        let wasKilled = outcome.status == 128 + SIGKILL || outcome.status == 137
        // A killed shell keeps nobody out, and what it left is cleared away.
        let next = try await fixture.run(create("after \(call) \(step)"))
        #expect(next.status == 0, "\(call) \(step): \(next.stderr)")
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
        #expect(!left.contains { $0.contains("json.") || $0.hasSuffix(".lock") }, "\(left)")
        guard wasKilled, step < 40 else { break }
        kills += 1
      }
      // Without one the test has shown nothing.
      #expect(kills > 0)
    }
  }

  /// Runs a creation under a tracer that kills it at the call of that number.
  private func killed(
    _ call: String,
    _ step: Int,
    _ fixture: ProgramFixture
  ) async throws -> BuiltProgram.Outcome {
    try fixture.write(".devlake.env", "GITLAB_TOKEN=abcdefgh\nOTHER=kept\n")
    let trace = [
      "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
      "inject=\(call):signal=KILL:when=\(step)", BuiltProgram.path,
    ]
    var words = create("\(call) \(step)")
    words.removeLast(2)
    return try await BuiltProgram.start(
      trace + words,
      program: "/usr/bin/strace",
      environment: fixture.environment,
      folder: fixture.folder
    ).end()
  }

  private func create(_ name: String) -> [String] {
    ["create", "--plugin", "gitlab", "--org", "g", "--name", name, "--token", "text:abcdefgh"]
  }

  private func expectWhole(_ fixture: ProgramFixture, _ context: Comment) throws {
    if let text = fixture.text(Self.state) {
      let state = try JSONValue(parsing: Array(text.utf8))
      #expect(state["endpoints"]?["backend"]?.string == fixture.simulator.url, context)
    }
    #expect(fixture.text(".devlake.env")?.contains("OTHER=kept\n") == true, context)
    for line in (fixture.text(".local/state/devlake-shell/audit.ndjson") ?? "").split(
      separator: "\n"
    ) {
      #expect(throws: Never.self, context) { try JSONValue(parsing: Array(line.utf8)) }
    }
  }
}
