import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// Several GitHub tokens in one connection: each judged, one replaced or all.
struct GitHubTokensTests {
  static let first = "ghp_Aaaa1111ffffffffffffffffffff8888Zzzz"
  static let second = "ghp_Bbbb2222ssssssssssssssssssss7777Yyyy"
  /// Shows the mask of ``first``: only its middle differs.
  static let alike = "ghp_Aaaa1111oooooooooooooooooooo8888Zzzz"

  private static func connection(_ tokens: String...) -> JSONObject {
    [
      "plugin": "github", "id": 1, "name": "n", "endpoint": "https://api.github.com/",
      "authMethod": "AccessToken", "token": .string(tokens.joined(separator: ",")),
    ]
  }

  private func tokens(_ place: ShellFixture) throws -> Set<String> {
    let text = try #require(try place.stored("github")["token"]?.string)
    return Set(text.split(separator: ",").map(String.init))
  }

  @Test(arguments: [(1, [Self.second, Tokens.newGitHub]), (2, [Self.first, Tokens.newGitHub])])
  func `one of several is replaced, and the others are kept`(
    _ number: Int,
    _ kept: [String]
  ) async throws {
    try await ShellFixture.with(connection: Self.connection(Self.first, Self.second)) { place in
      let rotate = "rotate github/1 --replace \(number) --token env:NEW"
      let shell = await place.with(["NEW": Tokens.newGitHub]).run(rotate)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(tokens(place) == Set(kept))
      #expect(!shell.everything.contains("ghp_"))
    }
  }

  static let third = "ghp_Cccc3333tttttttttttttttttttt6666Xxxx"
  /// Shows the greatest mask of all.
  static let last = "ghp_Zzzz9999llllllllllllllllllll1111Aaaa"

  /// DevLake's own order is another after each PATCH; the order of the masks is not.
  @Test func `numbers mean the same tokens in the next command`() async throws {
    let connection = Self.connection(Self.second, Self.third, Self.first)
    try await ShellFixture.with(connection: connection) { place in
      let place = place.with(["D": Tokens.newGitHub, "E": Self.last])
      for line in ["rotate github/1 --replace 1=env:D", "rotate github/1 --replace 1=env:E"] {
        let shell = await place.run(line)
        #expect(shell.exitCode == .success, "\(shell.everything)")
      }
      // Without the first, the second is the first of those that are left.
      try #expect(tokens(place) == [Self.third, Tokens.newGitHub, Self.last])
    }
  }

  /// Each command ends only when the other one has begun.
  @Test func `the secrets of several are fetched side by side`() async throws {
    let connection = Self.connection(Self.second, Self.third, Self.first)
    try await ShellFixture.with(connection: connection) { place in
      func command(_ own: String, _ other: String, _ token: String) -> String {
        let (own, other) = (place.folder.path(own), place.folder.path(other))
        return "'cmd:touch \(own); for i in $(seq 500); do test -e \(other) && break; sleep 0.02; "
          + "done; test -e \(other) && printf %s \(token)'"
      }
      let shell = await place.run(
        "rotate github/1 --replace 1=\(command("a", "b", Tokens.newGitHub)) "
          + "--replace 3=\(command("b", "a", Self.last))"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(tokens(place) == [Self.second, Tokens.newGitHub, Self.last])
    }
  }

  @Test func `several are replaced in one PATCH, all tested before`() async throws {
    let connection = Self.connection(Self.second, Self.third, Self.first)
    try await ShellFixture.with(connection: connection) { place in
      let place = place.with(["D": Tokens.newGitHub, "E": Self.last])
      let shell = await place.run("rotate github/1 --replace 1=env:D --replace 3=env:E")
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(tokens(place) == [Self.second, Tokens.newGitHub, Self.last])
      #expect(
        place.writes == [
          "POST /plugins/github/connections/1/test", "PATCH /plugins/github/connections/1",
          "POST /plugins/github/connections/1/test",
        ]
      )
      let verdict = "passed (login octocat), scopes suffice\n"
      #expect(
        shell.stdout.hasSuffix(
          "   token 1: kept, was token 2, \(verdict)   token 2: new, \(verdict)"
            + "   token 3: new, \(verdict)"
        ),
        "\(shell.stdout)"
      )
      #expect(!shell.everything.contains("ghp_"))
    }
  }

  @Test func `a new one that is not accepted is named, and nothing is saved`() async throws {
    let connection = Self.connection(Self.first, Self.second)
    try await ShellFixture.with(connection: connection) { place in
      let place = place.with(["D": Tokens.newGitHub, "BAD": Tokens.refused])
      let shell = await place.run("rotate github/1 --replace 2=env:D --replace 1=env:BAD")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("the new token 1: failed"), "\(shell.stderr)")
      #expect(!shell.stderr.contains("the new token 2"))
      try #expect(tokens(place) == [Self.first, Self.second])
      let all = await place.with(["ALL": "\(Self.last),\(Tokens.refused),\(Self.third)"])
        .run("rotate github/1 --token env:ALL")
      #expect(all.exitCode == .failure)
      #expect(all.stderr.contains("token 2 of the 3 given: failed"), "\(all.stderr)")
      #expect(!(shell.everything + all.everything).contains("ghp_"))
    }
  }

  @Test(arguments: [
    ("--replace 1=env:D --replace 1=env:E", "token 1 is replaced twice"),
    ("--replace 1=env:D --token env:E", "'--token' cannot be combined with"),
    ("--replace 1 --replace 2", "each of several tokens needs its own secret"),
    ("--replace x=env:D", "must be N=REF"), ("--replace =env:D", "must be N=REF"),
    ("--replace 1=env:D --replace 2=env:D", "the new token 2 is given twice"),
    ("--replace 3=env:D", "has 2 tokens, so there is no token 3"),
    ("--replace 1=env:TWO", "only one token can replace token 1"),
    ("--replace 1=env:SECOND", "the new token 1 and token 2, which is kept, alike"),
  ])
  func `what cannot be meant is refused before anything is sent`(
    _ options: String,
    _ message: String
  ) async throws {
    try await ShellFixture.with(connection: Self.connection(Self.first, Self.second)) { place in
      let shell = await place.with([
        "D": Tokens.newGitHub, "E": Self.last, "TWO": "\(Self.last),\(Self.third)",
        "SECOND": Self.second,
      ]).run("rotate github/1 \(options)")
      #expect(!shell.exitCode.isSuccess)
      #expect(shell.stderr.contains(message), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a number under which another token was shown is refused`() async throws {
    let connection = Self.connection(Self.first, Self.second)
    try await ShellFixture.with(connection: connection) { direct in
      let simulator = direct.simulator
      let place = direct.with(["D": Tokens.newGitHub, "E": Self.last])
      let shell = await place.with(before: "GET", "/github/connections/1", number: 2) {
        simulator.change("github", 1, ["token": .string("\(Self.second),\(Self.third)")])
      }.run("test github/1; rotate github/1 --replace 1=env:D")
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(shell.stderr.contains("token 1 of github/1 is not the one that was last shown"))
      try #expect(tokens(place) == [Self.second, Self.third])
    }
    // What a rotation has printed is what the next one means.
    try await ShellFixture.with(connection: Self.connection(Self.first, Self.second)) { place in
      let shell = await place.with(["D": Tokens.newGitHub, "E": Self.last]).run(
        "test github/1; rotate github/1 --replace 1=env:D; rotate github/1 --replace 1=env:E"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(tokens(place) == [Tokens.newGitHub, Self.last])
    }
  }

  @Test func `a pool that DevLake has otherwise than it was to be is a failure`() async throws {
    let connection = Self.connection(Self.first, Self.second)
    try await ShellFixture.with(connection: connection) { direct in
      let simulator = direct.simulator
      let place = direct.with(["D": Tokens.newGitHub])
        .with(before: "PATCH", "/github/connections/1") {
          simulator.change("github", 1, ["token": .string(Self.first)])
        }
      let shell = await place.run("rotate github/1 --replace 1=env:D")
      #expect(shell.exitCode == .failure, "\(shell.everything)")
      #expect(
        shell.stdout.contains("❌ github/1 was saved, but DevLake has other tokens than those that"),
        "\(shell.everything)"
      )
    }
  }

  @Test func `the secret behind a number is kept out of excerpts and history`() async throws {
    try await ShellFixture.with(connection: Self.connection(Self.first, Self.second)) { place in
      for line in [
        "rotate github/1 --replace 7=my-plain-secret",
        "rotate github/1 --replace=7=my-plain-secret",
        "rotate github/1 --replac 7=my-plain-secret",
      ] {
        let shell = await place.run(line)
        #expect(!shell.exitCode.isSuccess)
        #expect(!shell.everything.contains("my-plain-secret"), "\(shell.everything)")
      }
    }
    let scanner = SecretScanner(registry: .standard)
    #expect(
      scanner.redacted("rotate github/1 --replace 1=abc123xyz --replace 2=env:B")
        == "rotate github/1 --replace 1=<redacted> --replace 2=env:B"
    )
  }

  @Test func `all are replaced by one or by several`() async throws {
    for new in [Tokens.newGitHub, "\(Tokens.newGitHub), \(Self.alike)"] {
      try await ShellFixture.with(connection: Self.connection(Self.first, Self.second)) { place in
        let shell = await place.with(["NEW": new]).run("rotate github/1 --token env:NEW")
        #expect(shell.exitCode == .success, "\(shell.everything)")
        try #expect(tokens(place) == Set(new.split(separator: ", ").map(String.init)))
      }
    }
  }

  @Test(arguments: ["0", "3"])
  func `there is no token of another number`(_ number: String) async throws {
    try await ShellFixture.with(connection: Self.connection(Self.first, Self.second)) { place in
      let shell = await place.run("rotate github/1 --replace \(number) --token \(Tokens.newGitHub)")
      #expect(shell.exitCode == .usage)
      #expect(place.writes.isEmpty)
    }
  }

  /// DevLake finds a stored token by its mask, so one of the two would be lost.
  @Test(arguments: [
    "rotate github/1 --replace 1 --token env:NEW", "rotate github/1 --replace 3 --token env:NEW",
    "update github/1 --name other", "update github/1 --proxy http://p:1",
  ])
  func `tokens that look alike are not sent back`(_ command: String) async throws {
    let connection = Self.connection(Self.first, Self.alike, Self.second)
    try await ShellFixture.with(connection: connection) { place in
      let place = place.with(["NEW": Tokens.newGitHub])
      let shell = await place.run(command)
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("two of its tokens alike"), "\(shell.stderr)")
      #expect(shell.stderr.contains("--token"))
      #expect(place.writes.isEmpty)
      let anew = await place.with(["ALL": "\(Self.first),\(Self.alike)"])
        .run("update github/1 --name other --token env:ALL")
      #expect(anew.exitCode == .success, "\(anew.everything)")
      try #expect(tokens(place) == [Self.first, Self.alike])
    }
  }

  @Test func `the test of a saved connection judges each`() async throws {
    let connection = Self.connection(Self.first, Tokens.refused, Tokens.fineGrained)
    try await ShellFixture.with(connection: connection) { place in
      let shell = await place.run("test github/1")
      #expect(shell.exitCode == .failure)
      #expect(shell.stderr.contains("token 1: passed (login octocat)"))
      #expect(shell.stderr.contains("token 2: failed"))
      #expect(shell.stderr.contains("token 3: passed (login octocat)"))
      let record = try await place.run("test github/1 --json").record()
      let tokens = try #require(record["tokens"] as? [[String: Any]])
      #expect(tokens.map { $0["verdict"] as? String } == ["passed", "failed", "passed"])
    }
  }

  @Test func `a secret that is not set is empty, and one that is shows three stars`() async throws {
    try await ShellFixture.with(connection: Self.connection(Self.first)) { place in
      let record = try await place.run("show github/1 --json").record()
      #expect(record["token"] as? String == "***")
      #expect(record["secretKey"] as? String == "")
    }
    // Jenkins masks its password by the empty text: whether there is one is not told.
    try await ShellFixture.with(seed: .demo) { place in
      let record = try await place.run("show jenkins/1 --json").record()
      #expect(record["password"] as? String == "***")
    }
  }
}
