import DevLakeKit
import Foundation
import Testing

/// Two shells that write the same files at once lose nothing.
struct SideBySideTests {
  /// How often each shell writes; `SIDE_BY_SIDE=5000 scripts/test --filter SideBySideTests` makes it
  /// ten thousand in all.
  private static let count =
    ProcessInfo.processInfo.environment["SIDE_BY_SIDE"].flatMap(Int.init) ?? 750

  @Test func `every change of two shells is in the audit log, whole`() async throws {
    try await ProgramFixture.with(inMemory: true) { fixture in
      let count = Self.count
      let shells = try ["jira/1", "sonarqube/1"].map { key in
        let script = (1...count).map { "update \(key) --name \"name \($0)\" > /dev/null" }
        try fixture.write(key.replacing("/", with: "-") + ".lake", script.joined(separator: "\n"))
        return try fixture.start("-f", key.replacing("/", with: "-") + ".lake")
      }
      for shell in shells {
        let outcome = await shell.end()
        #expect(outcome.status == 0, "\(outcome.stderr)")
      }
      let log = try #require(fixture.text(".local/state/devlake-shell/audit.ndjson"))
      let records = try log.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
      // Each change has its "started" line and the line of its outcome.
      #expect(records.count == 2 * 2 * count)
      for plugin in ["jira", "sonarqube"] {
        let own = records.filter { $0["plugin"]?.string == plugin }
        #expect(
          own.map { $0["outcome"]?.string }
            == (0..<2 * count).map { $0 % 2 == 0 ? "started" : "done" }
        )
        let names = own.filter { $0["outcome"]?.string == "done" }
          .compactMap { $0["changes"]?.array?.first?["after"]?.string }
        #expect(names == (1...count).map { "name \($0)" })
      }
      let state = try JSONValue(
        parsing: Array(try #require(fixture.text(".devlake-local.json")).utf8)
      )
      let kept = try #require(state["connections"]?.array).compactMap { $0["name"]?.string }
      #expect(kept == ["name \(count)", "name \(count)"])
    }
  }
}
