import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// A secret a command has just made is never lost.
struct KeptSecretTests {
  private let rotate = "rotate gitlab/1 --token 'cmd:echo made >> count; echo glpat-New4Token9aBcD'"

  @Test func `what DevLake does not take is kept, and the command ran once`() async throws {
    try await Workplace.with(seed: .demo) { place in
      try place.setFaults("PATCH /plugins/gitlab/connections/1=500")
      let shell = await place.run("\(rotate) --keep kept.env")
      #expect(!shell.exitCode.isSuccess)
      #expect(place.folder.text("kept.env")?.contains("glpat-New4Token9aBcD") == true)
      try #expect(place.folder.mode("kept.env") == 0o600)
      #expect(place.folder.text("count") == "made\n")
      #expect(!shell.everything.contains("glpat-New4Token9aBcD"))
      #expect(shell.stderr.contains("kept in kept.env"))
    }
  }

  @Test func `what was saved leaves no file`() async throws {
    try await Workplace.with(seed: .demo) { place in
      let shell = await place.run("\(rotate) --keep kept.env")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.folder.text("kept.env") == nil)
    }
  }

  @Test func `a file that exists is refused before the command runs`() async throws {
    try await Workplace.with(seed: .demo) { place in
      try place.folder.write("kept.env", "mine")
      let shell = await place.run("\(rotate) --keep kept.env")
      #expect(shell.exitCode == .usage)
      #expect(place.folder.text("count") == nil)
      #expect(place.folder.text("kept.env") == "mine")
    }
  }

  @Test func `without a file a person is asked for one`() async throws {
    try await Workplace.with(seed: .demo) { place in
      try place.setFaults("PATCH /plugins/gitlab/connections/1=500")
      let shell = await place.run(rotate, answers: ["asked.env"])
      #expect(!shell.exitCode.isSuccess)
      #expect(shell.questions.count == 1)
      #expect(place.folder.text("asked.env")?.contains("glpat-New4Token9aBcD") == true)
    }
  }

  @Test func `a hook runs after the second test, and its failure undoes nothing`() async throws {
    try await Workplace.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      let shell = await place.run(
        "rotate gitlab/1 --token env:NEW --then 'echo $DEVLAKE_PLUGIN/$DEVLAKE_ID ${NEW:-none} > hook; exit 3'"
      )
      #expect(shell.exitCode == .partial, "\(shell.stderr)")
      #expect(place.folder.text("hook") == "gitlab/1 none\n")
      #expect(shell.stderr.contains("'--then' failed for gitlab/1"))
      try #expect(place.stored("gitlab")["token"] == "glpat-New4Token9aBcD")
      try #expect(place.audit().contains { $0["action"] as? String == "then" })
    }
  }

  @Test func `tokens are added and retired, and the order is shown`() async throws {
    let one = "ghp_Aaaa1111ffffffffffffffffffff8888Zzzz"
    let two = "ghp_Bbbb2222ssssssssssssssssssss7777Yyyy"
    try await Workplace.with(connection: [
      "plugin": "github", "id": 1, "name": "n", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": .string(one),
    ]) { place in
      let place = place.with(["NEW": two])
      let added = await place.run("rotate github/1 --add env:NEW --expires 2031-01-01")
      #expect(added.exitCode == .success, "\(added.everything)")
      #expect(added.stdout.contains("token 1: kept"))
      #expect(added.stdout.contains("token 2: new"))
      #expect(added.stderr.contains("share one rate limit"))
      let retired = await place.run("rotate github/1 --retire 1")
      #expect(retired.exitCode == .success, "\(retired.everything)")
      try #expect(place.stored("github")["token"] == .string(two))
      let row = try await place.run("show github/1 --json").record()
      #expect(row["expires"] as? String == "2031-01-01")
      let last = await place.run("rotate github/1 --retire 1")
      #expect(last.exitCode == .failure)
      #expect(last.stderr.contains("no token left"))
    }
  }
}
