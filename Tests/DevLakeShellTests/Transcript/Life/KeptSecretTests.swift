import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell

/// A secret a command has just made is never lost.
struct KeptSecretTests {
  private let rotate = "rotate gitlab/1 --token 'cmd:echo made >> count; echo glpat-New4Token9aBcD'"

  @Test func `what DevLake does not take is kept, and the command ran once`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("PATCH /plugins/gitlab/connections/1=status:500")
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
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("\(rotate) --keep kept.env")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.folder.text("kept.env") == nil)
    }
  }

  @Test func `a file that exists is refused before the command runs`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write("kept.env", "mine")
      let shell = await place.run("\(rotate) --keep kept.env")
      #expect(shell.exitCode == .usage)
      #expect(place.folder.text("count") == nil)
      #expect(place.folder.text("kept.env") == "mine")
    }
  }

  @Test func `where nobody can be asked it is said that the secret may be lost`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("PATCH /plugins/gitlab/connections/1=status:500")
      let shell = await place.run(rotate)
      #expect(!shell.exitCode.isSuccess)
      #expect(shell.stderr.contains("DevLake has not taken the secret of gitlab/1"))
      #expect(shell.stderr.contains("--keep FILE"))
      let dry = await place.run("\(rotate) --dry-run", answers: [])
      #expect(dry.exitCode == .success && dry.questions.isEmpty, "\(dry.everything)")
    }
  }

  @Test func `without a file a person is asked for one`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("PATCH /plugins/gitlab/connections/1=status:500")
      let shell = await place.run(rotate, answers: ["asked.env"])
      #expect(!shell.exitCode.isSuccess)
      #expect(shell.questions.count == 1)
      #expect(place.folder.text("asked.env")?.contains("glpat-New4Token9aBcD") == true)
    }
  }

  @Test func `a hook runs after the second test, and its failure undoes nothing`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
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
    try await ShellFixture.with(connection: [
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

  @Test(arguments: [
    ("none/kept.env", "cannot write"), ("/proc/kept.env", "cannot write"),
    ("link.env", "exists; name a new file"),
  ])
  func `a file that cannot be made is refused before the command runs`(
    _ file: String,
    _ message: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try FileManager.default.createSymbolicLink(
        atPath: place.folder.path("link.env"),
        withDestinationPath: "target.env"
      )
      let shell = await place.run("\(rotate) --keep \(file)")
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stderr.contains(message), "\(shell.stderr)")
      #expect(place.folder.text("count") == nil && place.folder.text("target.env") == nil)
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `of several only what was not saved stays in the file, and serves the next run`()
    async throws
  {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("PATCH /plugins/gitlab/connections/2=status:500")
      try place.folder.write(
        "secrets.csv",
        "gitlab,1,cmd:echo glpat-One4Token9aBcD\ngitlab,2,cmd:echo glpat-Two4Token9aBcD\n"
      )
      let shell = await place.run("rotate --from secrets.csv --keep kept.env")
      #expect(shell.exitCode == .partial, "\(shell.everything)")
      let kept = try #require(place.folder.text("kept.env"))
      #expect(kept.contains("glpat-Two4Token9aBcD") && !kept.contains("glpat-One4Token9aBcD"))
      let name = try #require(kept.split(separator: "=").first)
      try place.setFaults()
      let again = await place.run("rotate gitlab/2 --token env:\(name) --env-file kept.env")
      #expect(again.exitCode == .success, "\(again.everything)")
      try #expect(place.stored("gitlab", 2)["token"] == "glpat-Two4Token9aBcD")
    }
  }

  @Test func `a new connection that is refused leaves its secret in the file`() async throws {
    try await ShellFixture.with { place in
      try place.setFaults("POST /plugins/gitlab/connections=status:500")
      let shell = await place.run(
        "create --plugin gitlab --org a --token 'cmd:echo glpat-New4Token9aBcD' --keep kept.env"
      )
      #expect(!shell.exitCode.isSuccess)
      #expect(place.folder.text("kept.env")?.contains("glpat-New4Token9aBcD") == true)
    }
  }

  @Test(arguments: [
    ("--then ''", "'--then' needs a command"), ("--then '  '", "'--then' needs a command"),
  ])
  func `a hook that is no command is refused before anything is sent`(
    _ option: String,
    _ message: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      let shell = await place.run("rotate gitlab/1 --token env:NEW \(option)")
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains(message), "\(shell.stderr)")
      #expect(place.simulator.requests.isEmpty)
    }
  }

  @Test func `text from DevLake is not run as a hook`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      let shell = await place.run(
        "let c = $(show gitlab/1); rotate gitlab/1 --token env:NEW --then ${c.name}"
      )
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stderr.contains("'--then' does not run text"), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `no hook runs where the second test fails`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      try place.setFaults("POST /plugins/gitlab/connections/1/test#2=status:500")
      let shell = await place.run("rotate gitlab/1 --token env:NEW --then 'touch hook'")
      #expect(!shell.exitCode.isSuccess)
      #expect(place.folder.text("hook") == nil)
      #expect(shell.stderr.contains("'--then' was not run for gitlab/1"), "\(shell.stderr)")
    }
  }

  @Test(arguments: [
    ("--retire 3", ExitCode.usage, "github/1 has 2 tokens, so there is no token 3"),
    ("--retire 1 --retire 1", .usage, "token 1 is retired twice"),
    ("--retire 1 --replace 1=env:NEW", .usage, "token 1 is replaced and retired"),
    ("--retire 1 --retire 2", .failure, "would have no token left"),
    ("--token env:NEW --add env:NEW", .usage, "'--token' cannot be combined with '--add'"),
    ("--token env:NEW --retire 1", .usage, "'--token' cannot be combined with '--retire'"),
    ("--add env:NEW --add env:NEW", .usage, "the added token is given twice"),
    ("--add env:TWO", .usage, "'--add' takes one token"),
    ("--retire 0", .usage, "--retire"), ("--retire x", .usage, "--retire"),
  ])
  func `tokens that cannot be changed so are refused, and nothing is sent`(
    _ options: String,
    _ code: ExitCode,
    _ message: String
  ) async throws {
    let tokens = "ghp_Aaaa1111ffffffffffffffffffff8888Zzzz,ghp_Bbbb2222ssssssssssssssssssss7777Yyyy"
    try await ShellFixture.with(connection: [
      "plugin": "github", "id": 1, "name": "n", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": .string(tokens),
    ]) { place in
      let place = place.with([
        "NEW": Tokens.newGitHub, "TWO": "\(Tokens.newGitHub),\(Tokens.github)",
      ])
      let shell = await place.run("rotate github/1 \(options)")
      #expect(shell.exitCode == code, "\(shell.everything)")
      #expect(shell.stderr.contains(message), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `only GitHub's connections have tokens to add to or retire`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let place = place.with(["NEW": "glpat-New4Token9aBcD"])
      for options in ["--add env:NEW", "--retire 1"] {
        let shell = await place.run("rotate gitlab/1 \(options)")
        #expect(shell.exitCode == .failure, "\(shell.everything)")
        #expect(shell.stderr.contains("gitlab/1 has no tokens to add to or to retire"))
        let many = await place.run("rotate 'gitlab/*' \(options)")
        #expect(many.exitCode == .usage)
        #expect(many.stderr.contains("works on one connection at a time"))
      }
      #expect(place.writes.isEmpty)
    }
  }
}
