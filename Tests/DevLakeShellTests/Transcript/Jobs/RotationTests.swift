import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a new secret really arrives in DevLake, for every plugin, and nothing else changes.
struct RotationTests {
  @Test(arguments: RotationCase.withCommands)
  func `the new secret is stored and all else is kept`(
    _ rotation: RotationCase,
    _ command: String
  ) async throws {
    try await ShellFixture.with(connection: rotation.connection) { place in
      let before = try place.stored(rotation.plugin)
      let shell = await place.with(["NEW": rotation.new]).run(command)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let path = "/plugins/\(rotation.plugin)/connections/1"
      #expect(place.writes == ["POST \(path)/test", "PATCH \(path)", "POST \(path)/test"])
      var after = try place.stored(rotation.plugin)
      #expect(after[rotation.field] == .string(rotation.new))
      for name in [rotation.field, "updatedAt"] { after[name] = before[name] }
      #expect(after == before)
      #expect(shell.stdout.contains("   ✅ Connection test passed"))
      #expect(shell.stdout.contains(" \(rotation.plugin)/1\n"))
      for secret in [rotation.old, rotation.new] { #expect(!shell.everything.contains(secret)) }
    }
  }

  @Test(arguments: RotationCase.withCommands)
  func `a refused secret changes nothing`(
    _ rotation: RotationCase,
    _ command: String
  ) async throws {
    try await ShellFixture.with(connection: rotation.connection) { place in
      let before = try place.stored(rotation.plugin)
      let shell = await place.with(["NEW": rotation.refused]).run(command)
      #expect(shell.exitCode == .failure)
      #expect(shell.stdout.hasPrefix("❌ Connection test failed: "), "\(shell.stdout)")
      #expect(shell.stderr.contains("nothing was saved"))
      #expect(place.writes.count == 1)
      try #expect(place.stored(rotation.plugin) == before)
      #expect(!shell.everything.contains(rotation.refused))
    }
  }

  @Test(arguments: RotationCase.all.filter { ["argocd", "azuredevops_go"].contains($0.plugin) })
  func `plugins that store a mask never see one`(_ rotation: RotationCase) async throws {
    try await ShellFixture.with(connection: rotation.connection) { place in
      let plugin = rotation.plugin
      for command in ["rotate \(plugin)/1 --token env:NEW", "update \(plugin)/1 --name other"] {
        let shell = await place.with(["NEW": rotation.new]).run(command)
        #expect(shell.exitCode == .success, "\(shell.stderr)")
      }
      try #expect(place.stored(plugin)["token"] == .string(rotation.new))
      for request in place.simulator.requests { #expect(!request.body.text.contains("**")) }
    }
  }

  @Test(arguments: RotationCase.all)
  func `another name keeps the secret`(_ rotation: RotationCase) async throws {
    try await ShellFixture.with(connection: rotation.connection) { place in
      let before = try place.stored(rotation.plugin)
      let shell = await place.run("update \(rotation.plugin)/1 --name 'New name'")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      var after = try place.stored(rotation.plugin)
      #expect(after["name"] == "New name")
      for name in ["name", "updatedAt"] { after[name] = before[name] }
      #expect(after == before)
      #expect(place.writes == ["PATCH /plugins/\(rotation.plugin)/connections/1"])
    }
  }

  @Test func `a masked question names the connection and the scopes`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.type("use github", "rotate 1", answers: [.text(Tokens.newGitHub)])
      #expect(
        shell.questions == [
          "Token for github/1 \"GitHub - my-org\" (scopes: repo, read:org, read:user): "
        ]
      )
      try #expect(place.stored("github")["token"] == .string(Tokens.newGitHub))
      #expect(shell.stderr.contains("   🔑 Testing the new token...\n"))
      #expect(
        shell.stdout.hasSuffix(
          "   ✅ Connection test passed (login octocat)\n   ✅ Rotated github/1\n"
        )
      )
    }
  }

  @Test func `an unfinished answer changes nothing`() async throws {
    for (answer, code) in [
      (ScriptedConversation.Answer.interrupt, ExitCode.interrupted), (.end, .unasked),
    ] {
      try await ShellFixture.with(seed: .demo) { place in
        let shell = await place.run("rotate github/1", answers: [answer])
        #expect(shell.exitCode == code)
        #expect(place.writes.isEmpty)
      }
    }
  }

  @Test func `without a person the env file serves a rotation`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.folder.write(".devlake.env", "GITHUB_PAT=\(Tokens.newGitHub)\n")
      let shell = await place.run("rotate github/1")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      try #expect(place.stored("github")["token"] == .string(Tokens.newGitHub))
      #expect(place.folder.text(".devlake.env") == nil)
    }
  }

  @Test func `several of a plugin are tested before the first is saved`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.with(["NEW": "fresh"]).run("rotate gitlab/1-2 --token env:NEW")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.simulator.connections("gitlab").map { $0["token"] } == ["fresh", "fresh"])
      let patches = place.writes.indices.filter { place.writes[$0].hasPrefix("PATCH") }
      #expect(patches.min() == 2)
    }
  }

  @Test func `one refusal among several saves nothing`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let before = ["jenkins", "gitlab"].map { place.simulator.connections($0) }
      place.simulator.change("gitlab", 2, ["endpoint": "http://127.0.0.1:9310/401/"])
      let changed = place.simulator.connections("gitlab")
      let shell = await place.with(["NEW": "fresh"]).run("rotate gitlab/1-2 --token env:NEW")
      #expect(shell.exitCode == .failure)
      #expect(place.simulator.connections("gitlab") == changed)
      #expect(place.simulator.connections("jenkins") == before[0])
      #expect(place.writes.allSatisfy { $0.hasSuffix("/test") })
    }
  }

  @Test func `a fine-grained token passes with a note on its permissions`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.with(["NEW": Tokens.fineGrained]).run(
        "rotate github/1 --token env:NEW"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("permissions were not checked"))
      try #expect(place.stored("github")["token"] == .string(Tokens.fineGrained))
    }
  }

  @Test func `several GitHub tokens are one secret without blanks`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let pair = "\(Tokens.github), \(Tokens.newGitHub)"
      let shell = await place.with(["NEW": pair]).run("rotate github/1 --token env:NEW")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      let stored = try #require(try place.stored("github")["token"]?.string)
      #expect(Set(stored.split(separator: ",")) == [Tokens.github[...], Tokens.newGitHub[...]])
    }
  }

  @Test func `a saved secret that fails its second test is told`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      try place.setFaults("POST /plugins/gitlab/connections/1/test#2=status:401")
      let shell = await place.run("rotate gitlab/1 --token text:fresh")
      #expect(shell.exitCode == .failure)
      try #expect(place.stored("gitlab")["token"] == "fresh")
      #expect(shell.stdout.contains("✅ Rotated gitlab/1"))
      #expect(shell.stdout.contains("❌ Connection test failed"))
    }
  }

  @Test func `what another administrator changed meanwhile is kept`() async throws {
    let github = try #require(RotationCase.all.first)
    try await ShellFixture.with(connection: github.connection) { direct in
      var place = direct
      let simulator = direct.simulator
      place.transport = { options in
        InterleavingTransport(
          AsyncHTTPTransport(options: options),
          before: "POST",
          "/connections/1/test"
        ) {
          simulator.change("github", 1, ["proxy": "http://elsewhere:1"])
        }
      }
      let shell = await place.run("rotate github/1 --token \(Tokens.newGitHub)")
      #expect(shell.exitCode == .success)
      #expect(shell.stderr.contains("changed by someone else"))
      try #expect(place.stored("github")["proxy"] == "http://elsewhere:1")
      try #expect(place.stored("github")["token"] == .string(Tokens.newGitHub))
    }
  }

  @Test(arguments: [
    ("gh-copilot/1", "--enterprise e"), ("bitbucket/1", "--field usesApiToken=false"),
  ])
  func `whatever the service is asked with is tested before it is saved`(
    _ target: String,
    _ option: String
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run("update \(target) \(option)")
      #expect(shell.exitCode == .success, "\(shell.stderr)")
      #expect(place.writes.map { $0.prefix(5) } == ["POST ", "PATCH", "POST "])
    }
  }
}
