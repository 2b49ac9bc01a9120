import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// Ctrl-Z and `fg`, below a shell that does job control.
@Suite(.enabled(if: Tmux.isInstalled))
struct JobControlTests {
  /// bash in tmux, with the program started from it.
  private static func start(_ fixture: ProgramFixture, _ arguments: String = "") throws -> Tmux {
    fixture.environment["TERM"] = "screen-256color"
    let tmux = try Tmux(
      ["/usr/bin/env", "-C", fixture.folder, "/usr/bin/bash", "--norc", "--noprofile"],
      environment: fixture.environment,
      columns: 100
    )
    try tmux.wait(for: "bash") { !$0.isEmpty }
    try tmux.enter("PS1='outside> '; clear")
    try tmux.wait(untilScreenIs: "outside>")
    try tmux.enter("\(BuiltProgram.path) \(arguments)")
    return tmux
  }

  /// Whether keys are echoed and lines put together by the system, as a shell's commands need it.
  private static func isSane(_ tmux: Tmux) throws -> Bool {
    let descriptor = open(try tmux.terminal(), O_RDONLY | O_NOCTTY)
    defer { close(descriptor) }
    var modes = termios()
    try #require(tcgetattr(descriptor, &modes) == 0)
    let wanted = tcflag_t(ICANON | ECHO | ISIG)
    return modes.c_lflag & wanted == wanted && modes.c_iflag & tcflag_t(ICRNL) != 0
  }

  /// By `stty`, as bash itself edits its lines in modes of its own.
  private static func expectSaneModes(_ tmux: Tmux) throws {
    try tmux.enter("stty -a | tr -s '; ' '\\n' | grep -xE 'icanon|echo|isig|icrnl' | wc -l")
    try tmux.wait(for: "four modes") { $0.contains("\n4\n") }
  }

  @Test func `C27: Ctrl-Z and fg at the prompt bring the draft back, once`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.start(fixture)
      try tmux.waitForGreeting()
      try tmux.type("echo dr''aft")
      try tmux.press("C-z")
      try tmux.wait(until: "Stopped")
      try tmux.wait(for: "the outer prompt") { $0.hasSuffix("outside>") }
      // bash has set its own modes by now; what it starts gets sane ones.
      try Self.expectSaneModes(tmux)
      try tmux.enter("fg")
      try tmux.wait(for: "the draft") { $0.hasSuffix("devlake> echo dr''aft") }
      try tmux.enter("ed")
      try tmux.wait(until: "\ndrafted\n")
      // Raw modes were set again: each key came once.
      #expect(!(try tmux.screen().contains("eedd")))
    }
  }

  @Test func `Ctrl-Z and fg while a command runs lose neither it nor the session`() async throws {
    try await ProgramFixture.with(faults: ["POST /plugins/github/**=slow:1500"]) { fixture in
      let tmux = try Self.start(fixture)
      try tmux.waitForGreeting()
      try tmux.enter("test github/1")
      try tmux.wait(until: "waiting for github/1")
      try tmux.press("C-z")
      try tmux.wait(until: "Stopped")
      try tmux.enter("fg")
      try tmux.wait(until: "✅ github/1")
      try tmux.wait(for: "the prompt") { $0.hasSuffix("devlake>") }
    }
  }

  @Test func `Ctrl-Z and fg at a masked question never turn the echo on`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.start(fixture)
      try tmux.waitForGreeting()
      try tmux.enter("rotate github/1")
      try tmux.wait(until: "read:user):")
      try tmux.type("ab")
      try tmux.wait(until: "read:user): ··")
      try tmux.press("C-z")
      try tmux.wait(until: "Stopped")
      try tmux.enter("fg")
      try tmux.wait(for: "the question again") { $0.hasSuffix("read:user): ··") }
      // Also after a stop that was sent, not typed.
      let program = try #require(try Self.child(of: tmux.pid()))
      kill(program, SIGTSTP)
      try tmux.wait(for: "a second stop") { $0.hasSuffix("outside>") }
      try tmux.enter("fg")
      try tmux.wait(for: "no outer prompt") { !$0.hasSuffix("outside> fg") }
      try tmux.wait(for: "the question's modes") { _ in !(try Self.isSane(tmux)) }
      try tmux.type("cd")
      try tmux.wait(for: "two dots more") { $0.hasSuffix("··") }
      #expect(!(try tmux.screen().contains("cd")))
      try tmux.press("C-c")
      try tmux.wait(for: "the prompt") { $0.hasSuffix("devlake>") }
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGSEGV])
  func `C26: a signal leaves the terminal sane and touches nobody else`(signal: CInt) async throws {
    try await ProgramFixture.with { fixture in
      // `exec` is not used: bash, a bystander of the same process group, is to live on.
      fixture.environment["TERM"] = "screen-256color"
      let tmux = try Tmux(
        [
          "/usr/bin/env", "-C", fixture.folder, "/usr/bin/bash", "-c",
          "trap 'echo bystander hit' TERM HUP QUIT INT; \(BuiltProgram.path); "
            + "echo \"ended with $?\"; read -r line; echo \"read $line\"",
        ],
        environment: fixture.environment,
        columns: 100
      )
      try tmux.waitForGreeting()
      try tmux.type("half typed")
      try tmux.wait(until: "half typed")
      kill(try #require(try Self.child(of: tmux.pid())), signal)
      try tmux.wait(until: "ended with \(128 + signal)")
      #expect(try Self.isSane(tmux))
      try tmux.enter("echoed")
      try tmux.wait(until: "echoed\nread echoed")
      #expect(!(try tmux.screen().contains("bystander hit")))
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func `a signal at a masked question leaves the terminal sane, without a session too`(
    signal: CInt
  ) async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.start(fixture, "rotate github/1")
      try tmux.wait(until: "read:user):")
      try tmux.type("half")
      try tmux.wait(until: "····")
      let program = try #require(try Self.child(of: tmux.pid()))
      // A SIGINT cancels first, and ends what does not listen.
      try tmux.wait(for: "its end") { screen in
        kill(program, signal)
        return screen.hasSuffix("outside>")
      }
      try Self.expectSaneModes(tmux)
      #expect(!fixture.simulator.requests.contains { $0.method != "GET" })
    }
  }

  /// The only child of a process.
  private static func child(of pid: pid_t) throws -> pid_t? {
    let text = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
    return text.split(separator: " ").first.flatMap { pid_t($0) }
  }
}
