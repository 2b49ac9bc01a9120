import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// Secrets of every source do their work and show nowhere: not in the streams, not in a file, not in
/// an argument list, not in the environment of a child.
struct SecretSourceTests {
  private static let canary = "ghp_CanaryCanaryCanaryCanaryCanary4242"

  /// A way to hand over the secret, and the line that does it; `$0` is the program.
  struct Source: Sendable, CustomTestStringConvertible {
    let name: String
    let line: String
    var testDescription: String { name }
  }

  static let sources = [
    Source(name: "env", line: #""$0" -v rotate github/1 --token env:CANARY"#),
    Source(name: "file", line: #""$0" -v rotate github/1 --token file:secret"#),
    Source(name: "cmd", line: #""$0" -v rotate github/1 --token 'cmd:cat secret'"#),
    Source(name: "stdin", line: #""$0" -v rotate github/1 --token - < secret"#),
    Source(name: "env file", line: #""$0" -v rotate github/1 --env-file secrets.env"#),
    Source(name: "script", line: #""$0" -v -f rotate.lake"#),
    Source(name: "piped in", line: #""$0" -v < rotate.lake"#),
    Source(
      name: "variable",
      line: #""$0" -v -c 'let --secret t = env:CANARY; rotate 1 --token $t'"#
    ),
  ]

  @Test(arguments: sources)
  func `a secret does its work and shows nowhere`(_ source: Source) async throws {
    for faults in [[], ["PATCH /**=status:500"], ["POST /**=garbage"], ["PATCH /**=lost"]] {
      try await ProgramFixture.with(faults: faults) { fixture in
        try prepare(fixture)
        let line = source.line.replacing("rotate 1", with: "rotate github/1")
        let outcome = try await fixture.shell(line)
        let stored = fixture.simulator.connections("github").first?["token"]
        // Without the rotation having worked the rest would prove nothing.
        if faults.isEmpty || faults == ["PATCH /**=lost"] {
          #expect(outcome.status == 0, "\(outcome.stderr)")
          #expect(stored == .string(Self.canary))
        } else {
          #expect(outcome.status == 1)
          #expect(stored != .string(Self.canary))
        }
        #expect(outcome.stderr.contains("PATCH /plugins") || faults == ["POST /**=garbage"])
        #expect(!(outcome.stdout + outcome.stderr).contains("Canary"))
        try #expect(leaks(fixture).isEmpty)
      }
    }
  }

  @Test func `children see no secret, in their arguments or their environment`() async throws {
    try await ProgramFixture.with { fixture in
      try prepare(fixture)
      // Each child looks at itself and at the shell.
      try fixture.write(
        "look.lake",
        """
        let --secret t = env:CANARY
        rotate github/1 --token env:CANARY
        !cat /proc/self/environ /proc/$PPID/cmdline > seen.shell
        list | cat /proc/self/environ /proc/$PPID/cmdline > seen.pipe
        let mine = marker
        !printf '%s' "$mine" > control
        rotate github/2 --token 'cmd:cat /proc/$PPID/cmdline > seen.cmd; cat secret'
        """
      )
      let outcome = try await fixture.shell(#""$0" -f look.lake"#)
      #expect(outcome.status == 0, "\(outcome.stderr)")
      // What a child is given did arrive, so the files hold what a child can see.
      #expect(fixture.text("control") == "marker")
      for name in ["seen.shell", "seen.pipe", "seen.cmd"] {
        let seen = try #require(fixture.text(name))
        #expect(seen.contains("look.lake"), "\(name)")
        #expect(!seen.contains("Canary"), "\(name)")
      }
      for id in [1, 2] {
        #expect(fixture.simulator.connections("github")[id - 1]["token"] == .string(Self.canary))
      }
    }
  }

  private func prepare(_ fixture: ProgramFixture) throws {
    fixture.environment["CANARY"] = Self.canary
    try fixture.write("secret", Self.canary + "\n")
    try fixture.write("secrets.env", "GITHUB_PAT=\(Self.canary)\n")
    try fixture.write("rotate.lake", "rotate github/1 --token 'cmd:cat secret'\n")
    for name in ["secret", "secrets.env"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600],
        ofItemAtPath: fixture.folder + "/" + name
      )
    }
  }

  /// The files that hold the secret, but for those it was read from.
  private func leaks(_ fixture: ProgramFixture) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: fixture.folder).filter { name in
      !["secret", "secrets.env"].contains(name) && fixture.text(name)?.contains("Canary") == true
    }
  }
}
