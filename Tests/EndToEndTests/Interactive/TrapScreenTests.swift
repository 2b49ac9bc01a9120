import DevLakeSimulator
import Foundation
import Testing

/// Traps of libedit that only a screen shows; the table is in ``TrapTests``.
@Suite(.enabled(if: Tmux.isInstalled))
struct TrapScreenTests {
  @Test func `C9 to C11: a prompt is drawn once, whole and without a trace`() async throws {
    try await ProgramFixture.with { fixture in
      let folder = fixture.folder + "/.config/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try fixture.write(
        ".config/devlake-shell/instances.yaml",
        "a: {url: '\(fixture.simulator.url)'}"
      )
      fixture.environment["DEVLAKE_URL"] = nil
      let tmux = try fixture.screen("--instance", "a", columns: 40, rows: 14)
      try tmux.waitForGreeting()
      try tmux.enter("use github")
      try tmux.wait(until: "\ndevlake@a/github>")
      // A hint stands behind it while it is typed.
      try tmux.type("list --plugin github --wide ")
      try tmux.wait(until: "\ndevlake@a/github> list --plugin github -")
      try tmux.press("C-u")
      try tmux.enter("echo one '")
      try tmux.enter("two' and a line beyond the edge of it")
      let rows = """
        devlake@a/github> echo one '
           '… two' and a line beyond the edge of
         it
        one
        two and a line beyond the edge of it
        devlake@a/github>
        """
      try tmux.wait(for: rows) { $0.hasSuffix(rows) }
      // Faint text is gone with what it was for, and only the quoted text has a colour.
      var styled = try tmux.screen(styles: true)
      for code in ["32", "39", "0"] { styled = styled.replacing("\u{1B}[\(code)m", with: "") }
      #expect(styled.hasSuffix(rows))
    }
  }

  @Test func `C30: a draft taller than the screen is the same after Up and Down`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: 40, rows: 10)
      try tmux.waitForGreeting()
      try tmux.enter("echo fir''st")
      try tmux.wait(until: "\nfirst\n")
      let text = (0..<1000).map { "\($0 + 1000)щ" }.joined()
      try tmux.type("echo '")
      try tmux.paste(text)
      try tmux.wait(for: "the draft's end") { $0.hasSuffix("1998щ1999щ") }
      let draft = try tmux.screen()
      let cursor = try tmux.cursor()
      try tmux.press("Up")
      try tmux.wait(for: "the entry before") { $0.hasSuffix("devlake> echo fir''st") }
      try tmux.press("Down")
      try tmux.wait(for: "the draft") { $0 == draft }
      #expect(try tmux.cursor() == cursor)
      try tmux.press("Home")
      try tmux.wait(for: "its start") { $0.contains("devlake> echo '1000щ1001щ") }
      try tmux.press("End")
      try tmux.wait(for: "its end") { $0 == draft }
      #expect(try tmux.cursor() == cursor)
    }
  }
}
