import DevLakeKit
import DevLakeSimulator
import Testing

@testable import DevLakeShell

/// That a reference means the same in every command, option and file.
struct OneResolverTests {
  private static let new = "glpat-new-from-file"

  /// A line with `env:NEW` in it, and the connection that has the secret afterwards.
  static let lines = [
    "rotate gitlab/1 --token env:NEW", "rotate gitlab/1 --token env:NEW --env-file other.env",
    "rotate --from f.csv", "rotate --from f.csv --env-file other.env",
    "rotate gitlab/* --token env:NEW", "update gitlab/1 --token env:NEW",
    "update gitlab/1 --field token=env:NEW", "apply c.yaml --yes --secrets always",
    "apply c.yaml --yes --secrets always --env-file other.env",
    "api PATCH /plugins/gitlab/connections/1 '{}' --secret token=env:NEW",
    "let --secret t = env:NEW; rotate gitlab/1 --token $t",
  ]

  @Test(arguments: lines)
  func `env:NAME is looked up in the env file, then in the environment`(_ line: String) async throws
  {
    let many = ManyConnections(["gitlab": 1])
    for isInFile in [true, false] {
      try await ShellFixture.with(seed: many.seed) { place in
        try place.folder.write("f.csv", "gitlab,1,env:NEW\n")
        try place.folder.write(
          "c.yaml",
          "version: 1\nconnections:\n- {plugin: gitlab, name: gitlab team 1, token: env:NEW}\n"
        )
        let named = line.contains("other.env") ? "other.env" : ".devlake.env"
        try place.folder.write(named, isInFile ? "NEW=\(Self.new)\nKEPT=x\n" : "KEPT=x\n")
        let shell = await place.with(["NEW": isInFile ? "glpat-wrong" : Self.new]).run(line)
        #expect(shell.exitCode == .success, "\(shell.everything)")
        try #expect(place.stored("gitlab")["token"]?.string == Self.new)
      }
    }
  }

  @Test(arguments: [
    "rotate gitlab/1 --token text:glpat-spelled --env-file .devlake.env",
    "rotate gitlab/1 --token 'cmd:echo glpat-x' --env-file .devlake.env",
    "update gitlab/1 --token file:t --env-file .devlake.env",
  ])
  func `an env file that would not be read is refused`(_ line: String) async throws {
    let many = ManyConnections(["gitlab": 1])
    try await ShellFixture.with(seed: many.seed) { place in
      try place.folder.write(".devlake.env", "NEW=x\n")
      try place.folder.write("t", "glpat-from-file\n")
      let shell = await place.run(line)
      #expect(shell.exitCode == .usage)
      #expect(shell.stderr.contains("'--env-file' has no effect"), "\(shell.stderr)")
      #expect(place.writes.isEmpty)
    }
  }

  @Test func `a key that got another value while it served stays`() async throws {
    let many = ManyConnections(["gitlab": 1])
    try await ShellFixture.with(seed: many.seed) { place in
      try place.folder.write(".devlake.env", "NEW=\(Self.new)\nOTHER=x\n")
      let shell = await place.run(
        "rotate gitlab/1 --token env:NEW; !printf 'NEW=newer\\nOTHER=x\\n' > .devlake.env"
      )
      #expect(shell.exitCode == .success, "\(shell.everything)")
      #expect(place.folder.text(".devlake.env") == "NEW=newer\nOTHER=x\n")
      #expect(shell.stderr.contains("NEW in"), "\(shell.stderr)")
    }
  }

  @Test(arguments: ["\u{FEFF}glpat-marked\n", "glpat-marked\r\n", "\u{FEFF}glpat-marked\r\n"])
  func `marks and line ends of Windows are no part of a secret`(_ text: String) async throws {
    let many = ManyConnections(["gitlab": 1])
    try await ShellFixture.with(seed: many.seed) { place in
      try place.folder.write("t", text)
      for (token, input) in [("file:t", nil), ("-", text)] {
        let shell = await place.run(
          words: "update",
          "gitlab/1",
          "--token",
          token,
          input: input
        )
        #expect(shell.exitCode == .success, "\(shell.everything)")
        try #expect(place.stored("gitlab")["token"]?.string == "glpat-marked")
      }
    }
  }
}
