import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// `rotate --resume` leaves out what a rotation had done when it was cut off, and nothing else.
struct ResumedRotationTests {
  private let file = """
    jenkins,1,cmd:echo 1 >> made; echo jenkins-New4Password
    gitlab,1,cmd:echo 2 >> made; echo glpat-One4Token9aBcD
    gitlab,2,cmd:echo 3 >> made; echo glpat-Two4Token9aBcD

    """

  @Test func `what a killed rotation had done is left alone`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("secrets.csv", file)
      _ = try await place.killed(
        running: "rotate --from secrets.csv --parallel 1",
        before: "PATCH",
        "",
        number: 3
      )
      let made = try #require(place.folder.text("made")).split(separator: "\n").count
      #expect(made == 3)
      // Two were done; what became of the third is looked up, and DevLake's mask does not tell.
      let shell = await place.run("rotate --from secrets.csv --resume --parallel 1")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("2 of these were done by the rotation that was cut off"))
      #expect(place.folder.text("made")?.split(separator: "\n").count == 4)
      let again = await place.run("rotate --from secrets.csv --resume")
      #expect(again.exitCode == .failure)
      #expect(again.stderr.contains("no rotation of this DevLake was cut off"))
    }
  }

  @Test func `a rotation that came to its end is not gone on with`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("secrets.csv", file)
      let without = await place.run("rotate --from secrets.csv --resume")
      #expect(without.exitCode == .failure, "\(without.everything)")
      #expect(without.stderr.contains("no rotation of this DevLake was cut off"))
      #expect(without.stderr.contains("leave out --resume"))
      #expect(place.folder.text("made") == nil)
      #expect(place.writes.isEmpty)
      let whole = await place.run("rotate --from secrets.csv")
      #expect(whole.exitCode == .success, "\(whole.everything)")
      let after = await place.run("rotate --from secrets.csv --resume")
      #expect(after.exitCode == .failure)
      #expect(place.writes.count { $0.hasPrefix("PATCH") } == 3)
    }
  }

  @Test func `a whole rotation takes the place of one that was cut off`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("secrets.csv", file)
      _ = try await place.killed(
        running: "rotate --from secrets.csv --parallel 1",
        before: "PATCH",
        "",
        number: 2
      )
      let whole = await place.run("rotate --from secrets.csv")
      #expect(whole.exitCode == .success, "\(whole.everything)")
      let after = await place.run("rotate --from secrets.csv --resume")
      #expect(after.stderr.contains("no rotation of this DevLake was cut off"))
    }
  }

  @Test func `one connection has nothing to go on with`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      let shell = await place.run("rotate gitlab/1 --token env:NEW --resume")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("'--resume' goes on with a rotation of several"))
      #expect(place.writes.isEmpty)
    }
  }
}
