import DevLakeKit
import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// A person's session at a terminal.
struct InteractiveTests {
  private static let secret = "ghp_Typed9z8Y7x6W5v4U3t2S1rQpOnMlKjIhG02"

  @Test func `a session greets, lists and leaves`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.expect("devlake-shell 0.1.0 · ")
      // Above the prompt, or where the machine is busy above the line.
      try terminal.expect("at \(fixture.simulator.url) ($DEVLAKE_URL) · 14 connections")
      try terminal.prompt("devlake> ")
      try terminal.type("use github\r")
      try terminal.prompt("devlake/github> ")
      try terminal.type("list\r")
      let list = try terminal.expect("GitHub - my-org-labs")
      #expect(list.contains("GitHub - my-org\n"))
      try terminal.prompt("devlake/github> ")
      try terminal.type("test 1\r")
      try terminal.expect("✅ github/1 \"GitHub - my-org\": Connection test passed (login octocat, ")
      try terminal.prompt("devlake/github> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `a mistake is drawn below the line and the session goes on`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("list --plugin githbu\r")
      try terminal.expect("no plugin named 'githbu'")
      try terminal.expect("did you mean 'github'?")
      try terminal.prompt("devlake> ")
      try terminal.type("exit 3\r")
      #expect(try terminal.exitStatus() == 3)
    }
  }

  @Test func `a rotation asks without an echo and keeps the secret out of every file`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("rotate github/1\r")
      try terminal.prompt("(scopes: repo, read:org, read:user): ")
      try terminal.type(Self.secret + "\r")
      try terminal.expect("✅ Rotated github/1")
      try terminal.prompt("devlake> ")
      // A secret typed on the line, under the option's name and under a mistyped one.
      try terminal.type("rotate github/2 --token \(Self.secret)\r")
      try terminal.expect("✅ Rotated github/2")
      try terminal.prompt("devlake> ")
      try terminal.type("rotate github/2 --tokn LINE\(Self.secret)\r")
      try terminal.expect("did you mean '--token'?")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
      let stored = fixture.simulator.connections("github").map { $0["token"]?.string }
      #expect(stored == [Self.secret, Self.secret])
      let asked = try #require(terminal.transcript.firstRange(of: "rotate github/2"))
      #expect(!terminal.transcript[..<asked.lowerBound].contains("Typed"))
      let history = try #require(fixture.text(".local/state/devlake-shell/history"))
      #expect(history.contains("rotate github/2 --token <redacted>"))
      #expect(history.contains("rotate github/2 --tokn <redacted>"))
      let names = try FileManager.default.subpathsOfDirectory(atPath: fixture.folder)
      for name in names { #expect(fixture.text(name)?.contains("Typed") != true, "\(name)") }
      let attributes = try FileManager.default.attributesOfItem(
        atPath: fixture.folder + "/.local/state/devlake-shell/history"
      )
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func `what is pasted at the masked question is one answer and never runs`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("rotate github/1\r")
      try terminal.prompt("read:user): ")
      try terminal.type("\u{1B}[200~\(Self.secret)\rdelete github/2 --force\r\u{1B}[201~\r")
      try terminal.expect("the answer contains a line break")
      try terminal.prompt("devlake> ")
      try terminal.type("rotate github/1\r")
      try terminal.prompt("read:user): ")
      try terminal.type("\u{1B}[200~\(Self.secret)\r\n\u{1B}[201~\r")
      try terminal.expect("✅ Rotated github/1")
      try terminal.prompt("devlake> ")
      #expect(fixture.simulator.connections("github").count == 2)
      #expect(fixture.text(".local/state/devlake-shell/history")?.contains("delete") == false)
    }
  }

  @Test(
    arguments: [
      // A key of Latin-1, a character cut short, and what nobody sees.
      (Array("abc\u{7F}".utf8) + [0xE9], "has bytes in it that are not UTF-8"),
      ([0x61, 0xF0, 0x9F, 0x91], "has bytes in it that are not UTF-8"),
      (Array("to\u{200B}ken".utf8), "has an invisible character in it"),
      (Array("two words".utf8), "has a space in it"),
      (Array("пароль".utf8), "has a non-ASCII character in it"),
      (Array("\u{1B}[200~with\u{3}control\u{1B}[201~".utf8), "contains a control character"),
    ] as [([UInt8], String)]
  )
  func `Enter is heard behind any byte, and what is no secret is not saved`(
    typed: [UInt8],
    reason: String
  ) async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      let before = fixture.simulator.connections("jenkins")
      try terminal.type("rotate jenkins/1\r")
      try terminal.prompt("\": ")
      try terminal.type(typed + [0x0D])
      try terminal.expect(reason)
      try terminal.prompt("devlake> ")
      try terminal.type("echo al''ive\r")
      try terminal.expect("\nalive\n")
      #expect(fixture.simulator.connections("jenkins") == before)
      #expect(!fixture.simulator.requests.contains { $0.method == "PATCH" })
    }
  }

  @Test(arguments: [true, false])
  func `what is typed while a command waits is not shown, and answers the question that comes`(
    atPrompt: Bool
  ) async throws {
    let faults = ["GET /plugins/gitlab/connections/1#1=slow:1500"]
    try await ProgramFixture.with(faults: faults) { fixture in
      let terminal: PseudoTerminal
      if atPrompt {
        terminal = try fixture.terminal()
        try terminal.prompt("devlake> ")
        try terminal.type("rotate gitlab/1\r")
      } else {
        terminal = try fixture.terminal("rotate", "gitlab/1")
      }
      try terminal.wait(for: "no echo") {
        let flags = terminal.modes.c_lflag
        return flags & tcflag_t(ECHO) == 0 && flags & tcflag_t(ICANON) != 0
      }
      try terminal.type("glpat-early-bird-12345\r")
      try terminal.expect("✅ Rotated gitlab/1")
      if atPrompt {
        try terminal.prompt("devlake> ")
        try terminal.type("\u{4}")
      }
      #expect(try terminal.exitStatus() == 0)
      #expect(!terminal.transcript.contains("early-bird"))
      #expect(terminal.modes.c_lflag & tcflag_t(ECHO) != 0)
      let token = fixture.simulator.connections("gitlab").first { $0["id"]?.int == 1 }?["token"]
      #expect(token == "glpat-early-bird-12345")
    }
  }

  @Test func `a child has the terminal as the person left it`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type(
        "!stty -a < /dev/tty | tr ' ;' '\\n\\n' | grep -x '.*echo' | sed s/^/mode:/\r"
      )
      try terminal.expect("\nmode:echo\n")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `Ctrl-C in a paste runs nothing of it`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      let before = fixture.simulator.connections("gitlab")
      try terminal.type(
        "\u{1B}[200~echo harm''less\u{3}delete gitlab/1 --force\r\u{4}\u{1A}\u{0}list\r\u{1B}[201~"
      )
      try terminal.expect("list")
      try terminal.type("#end")
      try terminal.expect("list#end")
      #expect(!terminal.transcript.contains("\nharmless"))
      #expect(!terminal.transcript.contains("Deleted"))
      #expect(fixture.simulator.connections("gitlab") == before)
      try terminal.type("\u{3}")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
      #expect(fixture.simulator.connections("gitlab") == before)
    }
  }

  @Test func `a private key is one answer, although its lines come one by one`() async throws {
    try await ProgramFixture.with(seed: .empty) { fixture in
      let key =
        "-----BEGIN RSA PRIVATE KEY-----\n" + String(repeating: "MIIEowIBAAKCAQEA\n", count: 8)
        + "-----END RSA PRIVATE KEY-----"
      let terminal = try fixture.terminal(
        "create",
        "--plugin",
        "github",
        "--org",
        "o",
        "--app-id",
        "1",
        "--installation-id",
        "5"
      )
      try terminal.prompt("Private key for GitHub \"GitHub - o\": ")
      try terminal.type(key.replacing("\n", with: "\r") + "\r")
      try terminal.expect("✅ Created GitHub connection (ID=1)")
      #expect(try terminal.exitStatus() == 0)
      #expect(!terminal.transcript.contains("MIIE"))
      #expect(fixture.simulator.connections("github").first?["secretKey"]?.string == key)
    }
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func `a signal at a question ends the program and leaves a sane terminal`(
    _ signal: CInt
  ) async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal("rotate", "github/1")
      try terminal.prompt("read:user): ")
      try terminal.type("half")
      try terminal.expect("····")
      terminal.send(signal)
      #expect(try terminal.exitStatus() == 128 + signal)
      // What a shell needs; the modes before cannot be read, as the program changes them at once.
      let sane = tcflag_t(ECHO | ICANON | ISIG)
      #expect(terminal.modes.c_lflag & sane == sane)
      #expect(String(decoding: terminal.bytes, as: UTF8.self).contains("\u{1B}[?2004l"))
      #expect(!fixture.simulator.requests.contains { $0.method != "GET" })
    }
  }

  @Test func `Ctrl-C at the masked question changes nothing and keeps the session`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("rotate github/1\r")
      try terminal.prompt("read:user): ")
      try terminal.type("half\u{3}")
      try terminal.prompt("devlake> ")
      try terminal.type("echo al''ive\r")
      try terminal.expect("alive\n")
      #expect(!fixture.simulator.requests.contains { $0.method != "GET" })
    }
  }

  @Test func `Ctrl-C clears the line, and ends a hanging command but not the session`()
    async throws
  {
    try await ProgramFixture.with(faults: ["POST /**=hang"]) { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("delete github/1 --force\u{3}")
      try terminal.prompt("devlake> ")
      try terminal.type("test github/1\r")
      try terminal.wait(for: "the test's request") {
        fixture.simulator.requests.contains { $0.method == "POST" }
      }
      try terminal.type("\u{3}")
      try terminal.prompt("devlake> ")
      try terminal.type("echo al''ive\r")
      try terminal.expect("alive\n")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
      #expect(fixture.simulator.connections("github").count == 2)
    }
  }

  @Test func `what Ctrl-C brings stands on a row of its own`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("echo on''ce; sleep 60\r")
      try terminal.expect("\nonce\n")
      try terminal.type("\u{3}")
      try terminal.expect("^C\nerror: interrupted\n")
      try terminal.prompt("  devlake> ")
      // `exec`, as a shell that hears of it before its child began waits for the child.
      try terminal.type("!printf ha''lf && exec sleep 60\r")
      try terminal.expect("\nhalf")
      try terminal.type("\u{3}")
      try terminal.expect("^C\nerror: interrupted\n")
      try terminal.prompt("  devlake> ")
      try terminal.type("echo al''ive\r")
      try terminal.expect("\nalive\n")
    }
  }

  @Test func `Tab completes a command, an option and a plugin`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      for (keys, completed) in [
        ("rot\t", "rotate "), ("list --plu\t", "list --plugin "), ("use jen\t", "use jenkins "),
        ("configure con\t", "configure connection"),
      ] {
        try terminal.type(keys)
        try terminal.expect(completed)
        try terminal.type("\u{3}")
        try terminal.prompt("devlake> ")
      }
      try terminal.type("use jen\t\r")
      try terminal.prompt("devlake/jenkins> ")
    }
  }

  @Test func `Up recalls a line, in the next session too`() async throws {
    try await ProgramFixture.with { fixture in
      for typed in ["echo fir''st\r", "\u{1B}[A"] {
        let terminal = try fixture.terminal()
        try terminal.prompt("devlake> ")
        try terminal.type(typed)
        if typed.hasSuffix("\r") {
          try terminal.expect("first\n")
          try terminal.prompt("devlake> ")
          try terminal.type("\u{1B}[A")
        }
        try terminal.expect("echo fir''st")
        try terminal.type("\r")
        try terminal.expect("first\n")
        try terminal.prompt("devlake> ")
        try terminal.type("\u{4}")
        #expect(try terminal.exitStatus() == 0)
      }
    }
  }

  @Test func `without a DevLake the session says so and stays`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["DEVLAKE_URL"] = "http://127.0.0.1:1"
      let terminal = try fixture.terminal()
      let banner = try terminal.prompt("devlake (disconnected)> ")
      #expect(banner.contains("not connected"))
      try terminal.type("connect \(fixture.simulator.url)\r")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `Ctrl-C at a deletion's question keeps the connection, says so and no more`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("delete github/2\r")
      try terminal.prompt("(yes/no): ")
      try terminal.type("y\u{3}")
      try terminal.expect("y^C\nerror: interrupted; github/2 is kept\n")
      // The line that was typed a moment ago is not drawn again.
      #expect(!(try terminal.prompt("devlake> ").contains("delete")))
      try terminal.type("echo $status\r")
      try terminal.expect("\n130\n")
      #expect(fixture.simulator.connections("github").count == 2)
    }
  }

  @Test func `a deletion asks on the terminal, and yes deletes`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("delete github/2\r")
      try terminal.prompt("Delete github/2 \"GitHub - my-org-labs\"? (yes/no): ")
      try terminal.type("yes\r")
      try terminal.expect("✅ Deleted github/2")
      try terminal.prompt("devlake> ")
      #expect(fixture.simulator.connections("github").count == 1)
    }
  }
}
