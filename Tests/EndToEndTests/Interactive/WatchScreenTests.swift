import DevLakeSimulator
import Foundation
import Testing

/// `watch` on a terminal: one screen that is drawn anew, and is gone when it is left.
@Suite(.enabled(if: Tmux.isInstalled))
struct WatchScreenTests {
  @Test(arguments: [(80, 24), (40, 12), (100, 30)])
  func `it fills the screen, goes on and is left by q as if it had not been`(
    _ columns: Int,
    _ rows: Int
  ) async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: columns, rows: rows)
      try tmux.waitForGreeting()
      try tmux.enter("watch 0.3 list --plugin github")
      try tmux.wait(for: "a second run") { $0.contains("run 2  no change since") }
      let screen = try tmux.screen()
      #expect(!screen.contains("devlake>"), "\(screen)")
      #expect(screen.contains("my-org-labs"), "\(screen)")
      #expect(screen.split(separator: "\n").allSatisfy { $0.count <= columns })
      try tmux.type("q")
      try tmux.wait(for: "the prompt") { $0.hasSuffix("devlake>") }
      let left = try tmux.screen()
      #expect(left.contains("connections"), "the greeting is there again: \(left)")
      #expect(!left.contains("run 2") && !left.contains("error"), "\(left)")
      try tmux.enter("echo al''ive")
      try tmux.wait(until: "\nalive\n")
    }
  }

  @Test func `Ctrl-C leaves it without an error, and what follows does not run`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.waitForGreeting()
      try tmux.enter("watch 60 status; echo not rea''ched")
      try tmux.wait(until: "run 1")
      try tmux.press("C-c")
      try tmux.wait(for: "the prompt") { $0.hasSuffix("devlake>") }
      #expect(try !tmux.screen().contains("\nerror"))
      #expect(try !tmux.screen().contains("\nnot reached"))
      try tmux.enter("echo $status")
      try tmux.wait(until: "\n130\n")
    }
  }

  @Test func `q ends a run that takes long, and a new size is drawn at once`() async throws {
    try await ProgramFixture.with(faults: ["GET /plugins/jira/connections/1=hang"]) { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.wait(until: "devlake>")
      try tmux.enter("watch 1 show jira/1")
      try tmux.wait(until: "asking")
      try tmux.type("q")
      try tmux.wait(for: "the prompt") { $0.hasSuffix("devlake>") }
      #expect(try !tmux.screen().contains("\nerror"))
    }
  }

  @Test func `what a failing run says stands on the screen`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.waitForGreeting()
      try tmux.enter("watch 0.3 show jira/1")
      try tmux.wait(until: "Jira - my-org")
      fixture.simulator.setFaults([try FaultRule(parsing: "/plugins/jira/**=status:503:")])
      try tmux.wait(until: "error:")
      fixture.simulator.setFaults([])
      try tmux.wait(for: "the row again") { $0.contains("Jira - my-org") && !$0.contains("error:") }
      try tmux.type("q")
      try tmux.wait(for: "the prompt") { $0.hasSuffix("devlake>") }
    }
  }

  @Test func `its end leaves the last result to be read`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.waitForGreeting()
      try tmux.enter("watch --count 2 0.3 list --plugin jira")
      try tmux.wait(for: "the result below the prompt") {
        $0.contains("watch --count 2") && $0.contains("Jira - my-org") && $0.hasSuffix("devlake>")
      }
    }
  }

  @Test func `a terminal that cannot be drawn on gets one result below the other`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["TERM"] = "dumb"
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("watch 0.2 echo on''ce\r")
      try terminal.expect("\nonce\n")
      try terminal.type("\u{3}")
      try terminal.prompt("devlake> ")
      #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("\u{1B}[?1049h"))
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func `a signal that ends the shell gives the screen back`(_ signal: CInt) async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("watch 60 status\r")
      try terminal.expect("run 1")
      terminal.send(signal)
      #expect(try terminal.exitStatus() == 128 + signal)
      let text = String(decoding: terminal.bytes, as: UTF8.self)
      let left = try #require(text.ranges(of: "\u{1B}[?1049l").last)
      #expect(text[left.upperBound...].contains("\u{1B}[?1049h") == false)
    }
  }
}
