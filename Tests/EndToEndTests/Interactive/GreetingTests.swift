import DevLakeSimulator
import Foundation
import Testing

/// What a session says of DevLake when it begins, and that nobody waits for it.
struct GreetingTests {
  @Test func `what a plugin withholds is said`() async throws {
    try await ProgramFixture.with(faults: ["GET /plugins/jenkins/connections=status:500"]) {
      fixture in
      let terminal = try fixture.terminal()
      // Too long for one row of 100 columns.
      try terminal.expect("· 12 connections")
      try terminal.expect("(without jenkins)")
      try terminal.prompt("devlake> ")
    }
  }

  @Test func `a plugin that hangs keeps nobody from working`() async throws {
    try await ProgramFixture.with(faults: ["GET /plugins/jenkins/connections=hang"]) { fixture in
      let terminal = try fixture.terminal()
      let banner = try terminal.prompt("devlake> ")
      #expect(banner.contains("devlake-shell 0.1.0 · asking \(fixture.simulator.url)"))
      try terminal.type("use git\u{15}use github\rlist\r")
      try terminal.expect("GitHub - my-org-labs")
      try terminal.prompt("devlake/github> ")
      // The plugin has not been given up meanwhile.
      #expect(!terminal.transcript.contains("without jenkins"))
    }
  }

  @Test func `a plugin that does not answer in time is said above the line`() async throws {
    try await ProgramFixture.with(faults: ["GET /plugins/jenkins/connections=hang"]) { fixture in
      let terminal = try fixture.terminal("--timeout", "1")
      try terminal.prompt("devlake> ")
      try terminal.type("echo dra''ft")
      try terminal.expect("· 12 connections (without jenkins)\n")
      try terminal.expect("devlake> echo dra''ft")
      try terminal.type("ed\r")
      try terminal.expect("\ndrafted\n")
    }
  }

  @Test func `a DevLake that hangs is said above the line, and by the prompt`() async throws {
    try await ProgramFixture.with(faults: ["/**=hang"]) { fixture in
      let terminal = try fixture.terminal("--timeout", "1")
      try terminal.prompt("devlake> ")
      try terminal.type("echo dra''ft")
      try terminal.expect("not connected: ")
      try terminal.expect("no answer within 1 s")
      try terminal.expect("devlake (disconnected)> echo dra''ft")
      try terminal.type("ed\r")
      try terminal.expect("\ndrafted\n")
      fixture.simulator.setFaults([])
      try terminal.prompt("devlake (disconnected)> ")
      try terminal.type("list --plugin github\r")
      try terminal.expect("GitHub - my-org-labs")
      try terminal.prompt("  devlake> ")
    }
  }

  @Test(.enabled(if: Tmux.isInstalled))
  func `messages appear above the line, and leave it and the cursor as they were`() async throws {
    try await ProgramFixture.with(faults: ["GET /plugins/jenkins/connections=slow:1500"]) {
      fixture in
      let tmux = try fixture.screen("--verbose", columns: 60, rows: 12)
      try tmux.wait(until: "devlake>")
      try tmux.type("echo 日本 a line that goes over two rows of this screen x''y")
      try tmux.press("Left", "Left")
      let line = "devlake> echo 日本 a line that goes over two rows of this sc\nreen x''y"
      let told = " connections\n" + line
      try tmux.wait(for: told) { $0.hasSuffix(told) }
      let screen = try tmux.screen()
      #expect(screen.contains("\nGET /plugins/jenkins/connections: 200, "), "\(screen)")
      #expect(screen.ranges(of: "devlake>").count == 1, "\(screen)")
      #expect(try tmux.cursor().column == 7)
      try tmux.enter("z")
      try tmux.wait(until: "\n日本 a line that goes over two rows of this screen xzy\n")
    }
  }
}
