import DevLakeKit
import DevLakeSimulator
import Foundation
import Synchronization
import Testing

/// What comes from outside stays outside: hosts, texts and links that were not meant.
struct BoundaryTests {
  @Test(arguments: [301, 302, 307, 308])
  func `a redirect takes no credential to another host`(_ status: Int) async throws {
    let visits = Mutex(0)
    try await ProgramFixture.with { fixture in
      try await HTTPFront.with { _ in
        visits.withLock { $0 += 1 }
        return HTTPFront.json(#"{"version":"v1"}"#)
      } _: { other in
        let asked = Mutex<[String]>([])
        try await HTTPFront.with { request in
          asked.withLock { $0.append(request.url) }
          return HTTPResponse(
            status: status,
            headers: [("Location", other + request.url)],
            body: []
          )
        } _: { front in
          fixture.environment["KEY"] = "canary-key"
          let outcome = try await fixture.run(["--url", front, "--api-key", "env:KEY", "list"])
          #expect(outcome.status == 3)
          #expect(outcome.stderr.contains("redirects"), "\(outcome.stderr)")
          #expect(!asked.withLock { $0 }.isEmpty)
        }
      }
    }
    #expect(visits.withLock { $0 } == 0)
  }

  /// A name that would clear the screen, retitle the window and turn the reading direction around.
  private static let hostile =
    "a\u{1B}[2Jb\u{1B}]0;owned\u{7}c\u{202E}d\u{2066}e\u{9B}31mf\r\ng\u{8}"

  @Test(arguments: ["table", "vertical", "csv", "json", "yaml"])
  func `no text of the server moves the cursor or turns the direction`(
    _ format: String
  ) async throws {
    let seed: JSONValue = [
      "connections": [
        ["plugin": "gitlab", "name": .string(Self.hostile), "token": "old-secret-of-gitlab"]
      ]
    ]
    try await ProgramFixture.with(seed: .json(seed)) { fixture in
      for command in ["list", "show gitlab/1", "test gitlab/1", "impact gitlab/1"] {
        let terminal = try fixture.terminal("--color", "never", "-o", format, "-c", command)
        _ = try terminal.exitStatus()
        let text = String(decoding: terminal.bytes, as: UTF8.self)
        #expect(text.contains("gitlab"), "\(command): \(text)")
        for mark in [
          "\u{1B}[2J", "\u{1B}]", "owned\u{7}", "\u{202E}", "\u{2066}", "\u{9B}", "\u{8}",
        ] {
          #expect(!text.contains(mark), "\(format) \(command): \(text.debugDescription)")
        }
      }
    }
  }

  @Test func `a message of the server is cleaned, too`() async throws {
    let body = #"{"code":400,"success":false,"message":"no\u001b[2J way\u202e"}"#
    try await ProgramFixture.with(faults: ["GET /plugins/gitlab/**=status:400:\(body)"]) {
      fixture in
      let outcome = try await fixture.run(["show", "gitlab/1"])
      #expect(outcome.status == 1)
      #expect(outcome.stderr.contains("no way"), "\(outcome.stderr)")
      #expect(!outcome.stderr.contains("\u{1B}"))
      #expect(!outcome.stderr.contains("\u{202E}"))
    }
  }

  @Test func `what the shell writes is for its owner alone`() async throws {
    try await ProgramFixture.with { fixture in
      let outcome = try await fixture.shell(
        #"umask 0; "$0" -c 'update gitlab/1 --name new; list > result; create --plugin webhook "#
          + #"--name hook --secret-file key'"#
      )
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let files = [
        ".devlake-local.json", "result", "key", ".local/state/devlake-shell/audit.ndjson",
      ]
      for name in files { try #expect(mode(name, fixture) == 0o600, "\(name)") }
      try #expect(mode(".local/state/devlake-shell", fixture) == 0o700)
    }
  }

  @Test func `the audit log follows no link`() async throws {
    try await ProgramFixture.with { fixture in
      let state = fixture.folder + "/.local/state/devlake-shell"
      try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
      try fixture.write("precious", "kept\n")
      try FileManager.default.createSymbolicLink(
        atPath: state + "/audit.ndjson",
        withDestinationPath: fixture.folder + "/precious"
      )
      let outcome = try await fixture.run(["update", "gitlab/1", "--name", "new"])
      #expect(outcome.status == 0)
      #expect(
        outcome.stderr.contains("changes are not recorded in the audit log"),
        "\(outcome.stderr)"
      )
      #expect(fixture.text("precious") == "kept\n")
    }
  }

  @Test func `a secret is written to no file that exists, and through no link`() async throws {
    try await ProgramFixture.with { fixture in
      try fixture.write("precious", "kept\n")
      try FileManager.default.createSymbolicLink(
        atPath: fixture.folder + "/link",
        withDestinationPath: fixture.folder + "/nowhere"
      )
      for name in ["precious", "link"] {
        let outcome = try await fixture.run(
          ["create", "--plugin", "webhook", "--name", "hook", "--secret-file", name]
        )
        #expect(outcome.status != 0)
        #expect(outcome.stderr.contains("/\(name)' exists"), "\(outcome.stderr)")
      }
      #expect(fixture.text("precious") == "kept\n")
      #expect(fixture.text("nowhere") == nil)
      #expect(fixture.simulator.connections("webhook").isEmpty)
    }
  }

  @Test(arguments: [
    "!touch owned", "list | touch owned", "list > owned", "list >> owned",
    "rotate gitlab/1 --token 'cmd:touch owned; echo secret'", "include owned.lake | touch owned",
  ])
  func `a restricted shell starts nothing and writes nothing`(_ line: String) async throws {
    try await ProgramFixture.with { fixture in
      let outcome = try await fixture.run(["--restricted", "-c", line])
      #expect(outcome.status == 2, "\(outcome.stderr)")
      #expect(fixture.text("owned") == nil)
      #expect(fixture.simulator.requests.isEmpty)
    }
  }

  @Test func `a child gets none of the connections to DevLake`() async throws {
    try await ProgramFixture.with { fixture in
      let child = "ls -l /proc/self/fd"
      for line in ["!\(child)", "list | \(child)", "let --secret x = 'cmd:\(child) >&2; echo x'"] {
        let outcome = try await fixture.run(["-c", "list > /dev/null", "-c", line])
        #expect(outcome.status == 0, "\(outcome.stderr)")
        let listing = outcome.stdout + outcome.stderr
        #expect(listing.contains("/dev/null") || listing.contains("pipe:"), "\(listing)")
        #expect(!listing.contains("socket:"), "\(listing)")
      }
    }
  }

  private func mode(_ name: String, _ fixture: ProgramFixture) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: fixture.folder + "/" + name)
    return try #require(attributes[.posixPermissions] as? Int)
  }
}
