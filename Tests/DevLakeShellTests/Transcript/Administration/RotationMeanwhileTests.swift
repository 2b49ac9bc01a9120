import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// What another administrator does between the tests and the saves of a rotation.
struct RotationMeanwhileTests {
  private static let many = ManyConnections(["gitlab": 2, "jenkins": 1])

  private func rotation(
    _ happens: @escaping @Sendable (Simulator) -> Void,
    _ check: (ShellFixture, Transcript) throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: Self.many.seed) { direct in
      let simulator = direct.simulator
      let place = direct.with(Self.many.variables())
        .with(before: "PATCH", "/gitlab/connections/1") { happens(simulator) }
      try place.folder.write("secrets.csv", Self.many.file)
      try check(place, await place.run("rotate --from secrets.csv --parallel 1"))
    }
  }

  @Test func `another name or limit is kept, and said`() async throws {
    try await rotation {
      $0.change("gitlab", 2, ["rateLimitPerHour": 77])
    } _: { place, shell in
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("gitlab/2 was changed by someone else in the meantime"))
      #expect(shell.stderr.contains("(rateLimitPerHour); those changes are kept"))
      try #expect(place.stored("gitlab", 2)["rateLimitPerHour"] == 77)
      try #expect(Self.many.stored(in: place) == Self.many.all.map(\.new))
    }
  }

  @Test(arguments: [
    (["endpoint": "https://elsewhere.example.com/"] as JSONObject, "endpoint"),
    (["token": "Their-New-Token-ZZ"] as JSONObject, "token"),
  ])
  func `another endpoint or secret stops that one, and the others are saved`(
    _ change: JSONObject,
    _ field: String
  ) async throws {
    try await rotation {
      $0.change("gitlab", 2, change)
    } _: { place, shell in
      #expect(shell.exitCode == .partial, "\(shell.everything)")
      #expect(
        shell.stdout.contains("changed by someone else in the meantime (\(field)); nothing was")
      )
      try #expect(place.stored("gitlab", 2)["token"] != .string(Self.many.all[1].new))
      try #expect(
        place.auditLines() == [
          "gitlab/1 rotated done", "gitlab/2 failed failed", "jenkins/1 rotated done",
        ]
      )
    }
  }

  /// `updatedAt` moves and nothing visible does: jenkins's password, or a token of the same mask.
  @Test func `a secret that may be another one by now is kept`() async throws {
    try await ShellFixture.with(seed: Self.many.seed) { direct in
      let simulator = direct.simulator
      let place = direct.with(Self.many.variables())
        .with(before: "PATCH", "/gitlab/connections/1") {
          simulator.change("jenkins", 1, ["password": "theirs"])
        }
      try place.folder.write("secrets.csv", Self.many.file)
      let shell = await place.run("rotate --from secrets.csv --parallel 1")
      #expect(shell.exitCode == .partial, "\(shell.everything)")
      #expect(shell.stdout.contains("so its secret may be a different one; nothing was saved"))
      try #expect(place.stored("jenkins")["password"] == "theirs")
    }
  }

  @Test(arguments: [
    ("rotate jenkins/1 --token env:NEW_JENKINS_1", false),
    ("update jenkins/1 --token env:NEW_JENKINS_1 --name other", false),
    ("rotate jenkins/1 --token env:NEW_JENKINS_1 --overwrite", true),
    ("update jenkins/1 --token env:NEW_JENKINS_1 --name other --overwrite", true),
  ])
  func `a password somebody else has set meanwhile is kept unless told`(
    _ command: String,
    _ isLost: Bool
  ) async throws {
    let one = ManyConnections(["jenkins": 1])
    try await ShellFixture.with(seed: one.seed) { direct in
      let simulator = direct.simulator
      let place = direct.with(one.variables())
        .with(before: "GET", "/jenkins/connections/1", number: 2) {
          simulator.change("jenkins", 1, ["password": "theirs"])
        }
      let shell = await place.run(command)
      #expect(shell.exitCode == (isLost ? .success : .failure), "\(shell.everything)")
      let secret: JSONValue = isLost ? .string(one.all[0].new) : "theirs"
      try #expect(place.stored("jenkins")["password"] == secret)
      guard !isLost else { return }
      #expect(shell.stderr.contains("its secret may be a different one; nothing was saved"))
      #expect(shell.stderr.contains("--overwrite"))
      try #expect(place.auditLines() == ["jenkins/1 failed failed"])
    }
  }

  @Test func `another order of the same tokens is no change of the secret`() async throws {
    let connection: JSONObject = [
      "plugin": "github", "id": 1, "name": "n", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken",
      "token": .string("\(GitHubTokensTests.first),\(GitHubTokensTests.second)"),
    ]
    try await ShellFixture.with(connection: connection) { direct in
      let simulator = direct.simulator
      let place = direct.with(["D": Tokens.newGitHub])
        .with(before: "GET", "/github/connections/1", number: 2) {
          simulator.change(
            "github",
            1,
            [
              "token": .string("\(GitHubTokensTests.second),\(GitHubTokensTests.first)"),
              "rateLimitPerHour": 9,
            ]
          )
        }
      let shell = await place.run("rotate github/1 --replace 1=env:D")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(shell.stderr.contains("(rateLimitPerHour); those changes are kept"))
      try #expect(place.stored("github")["rateLimitPerHour"] == 9)
    }
  }

  @Test func `a connection that is gone stops none of the others`() async throws {
    try await rotation {
      $0.remove("gitlab", 2)
    } _: { place, shell in
      #expect(shell.exitCode == .partial)
      #expect(shell.stdout.contains("no connection gitlab/2; nothing was saved"))
      try #expect(place.stored("jenkins")["password"] == .string(Self.many.all[2].new))
    }
  }

  @Test func `an endpoint that moved never sees the secret`() async throws {
    let one = ManyConnections(["gitlab": 1])
    try await ShellFixture.with(seed: one.seed) { direct in
      let simulator = direct.simulator
      // After the candidate's test, before the save.
      let place = direct.with(one.variables())
        .with(before: "GET", "/gitlab/connections/1", number: 2) {
          simulator.change("gitlab", 1, ["endpoint": "https://elsewhere.example.com/"])
        }
      let shell = await place.run("rotate gitlab/1 --token env:NEW_GITLAB_1")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("changed by someone else in the meantime (endpoint)"))
      try #expect(place.stored("gitlab")["token"] == .string(one.all[0].old))
      try #expect(place.auditLines() == ["gitlab/1 failed failed"])
    }
  }
}
