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

  private func tokens(_ place: Workplace) throws -> Set<String> {
    let text = try #require(try place.stored("github")["token"]?.string)
    return Set(text.split(separator: ",").map(String.init))
  }

  @Test(arguments: [(1, [Self.second, Tokens.newGitHub]), (2, [Self.first, Tokens.newGitHub])])
  func `one of several is replaced, and the others are kept`(
    _ number: Int,
    _ kept: [String]
  ) async throws {
    try await Workplace.with(connection: Self.connection(Self.first, Self.second)) { place in
      let rotate = "rotate github/1 --replace \(number) --token env:NEW"
      let shell = await place.with(["NEW": Tokens.newGitHub]).run(rotate)
      #expect(shell.exitCode == .success, "\(shell.everything)")
      try #expect(tokens(place) == Set(kept))
      #expect(!shell.everything.contains("ghp_"))
    }
  }

  @Test func `all are replaced by one or by several`() async throws {
    for new in [Tokens.newGitHub, "\(Tokens.newGitHub), \(Self.alike)"] {
      try await Workplace.with(connection: Self.connection(Self.first, Self.second)) { place in
        let shell = await place.with(["NEW": new]).run("rotate github/1 --token env:NEW")
        #expect(shell.exitCode == .success, "\(shell.everything)")
        try #expect(tokens(place) == Set(new.split(separator: ", ").map(String.init)))
      }
    }
  }

  @Test(arguments: ["0", "3"])
  func `there is no token of another number`(_ number: String) async throws {
    try await Workplace.with(connection: Self.connection(Self.first, Self.second)) { place in
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
    try await Workplace.with(connection: connection) { place in
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
    try await Workplace.with(connection: connection) { place in
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
    try await Workplace.with(connection: Self.connection(Self.first)) { place in
      let record = try await place.run("show github/1 --json").record()
      #expect(record["token"] as? String == "***")
      #expect(record["secretKey"] as? String == "")
    }
    // Jenkins masks its password by the empty text: whether there is one is not told.
    try await Workplace.with(seed: .demo) { place in
      let record = try await place.run("show jenkins/1 --json").record()
      #expect(record["password"] as? String == "***")
    }
  }
}
