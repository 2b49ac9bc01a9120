import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What is handed to an auditor: who, when, which, verified how.
struct AuditReportTests {
  @Test func `it tells how each change was verified, in CSV and JSON, and no secret`() async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      _ = await place.run("rotate gitlab/1 --token env:NEW --expires 2031-03-01 --then true")
      _ = await place.run("update gitlab/2 --proxy http://proxy:1 --no-test")
      _ = await place.run("delete jenkins/1 --force")
      try place.setFaults("PATCH /plugins/gitlab/connections/1=status:500")
      _ = await place.run("rotate gitlab/1 --token env:NEW")
      let rows = try await place.run("audit --report --json").records()
      #expect(rows.count == 5, "\(rows)")
      #expect(rows[0]["verified"] as? String == "tested before and after saving")
      #expect(rows[0]["testedBefore"] as? String == "passed")
      #expect(rows[0]["testedAfter"] as? String == "passed")
      #expect(rows[0]["secrets"] as? String == "token")
      #expect(rows[0]["expires"] as? String == "2031-03-01")
      #expect(rows[1]["action"] as? String == "then")
      #expect(rows[1]["verified"] as? String == "nothing to test")
      #expect((rows[2]["verified"] as? String)?.hasPrefix("tested before") == false)
      #expect(rows[3]["verified"] as? String == "nothing to test")
      #expect(rows[4]["outcome"] as? String != "done")
      for row in rows { #expect(row["user"] is String && row["time"] is String) }
      let csv = await place.run("audit --report -o csv")
      let lines = csv.stdout.split(whereSeparator: \.isNewline)
      #expect(lines.count == 6)
      let titles =
        "time,user,instance,command,plugin,id,name,action,outcome,secrets,expires,"
        + "testedBefore,testedAfter,verified"
      #expect(lines.first.map(String.init) == titles)
      #expect(!csv.everything.contains("glpat-New4Token9aBcD"))
      let table = await place.run("audit --report")
      #expect(table.stdout.contains("tested before and after"), "\(table.stdout)")
      // The log itself has one row a change.
      try #expect(await place.run("audit --json").records().count == 5)
    }
  }

  @Test func `of a machine that changed nothing it has no row`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("audit --report")
      #expect(shell.exitCode == .success)
      #expect(shell.stdout == "No changes found.\n")
    }
  }

  @Test func `apply does what passes where that is wanted`() async throws {
    try await ShellFixture.with(seed: .demo) { direct in
      let place = direct.with(["ONE": "glpat-BAD4Token", "TWO": "glpat-Two4Token9aBcD"])
      try place.folder.write(
        "c.yaml",
        """
        version: 1
        connections:
        - plugin: gitlab
          name: GitLab - one
          endpoint: https://gitlab.com/api/v4/
          token: env:ONE
        - plugin: gitlab
          name: GitLab - two
          endpoint: https://gitlab.com/api/v4/
          token: env:TWO

        """
      )
      let none = await place.run("apply c.yaml --yes")
      #expect(none.exitCode == .failure, "\(none.everything)")
      #expect(place.simulator.connections("gitlab").count == 2)
      let some = await place.run("apply c.yaml --yes --partial")
      #expect(some.exitCode == .partial, "\(some.everything)")
      #expect(place.simulator.connections("gitlab").count == 3)
      try #expect(place.stored("gitlab", 3)["name"] == "GitLab - two")
    }
  }
}
