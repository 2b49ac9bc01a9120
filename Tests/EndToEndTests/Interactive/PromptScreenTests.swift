import DevLakeSimulator
import Foundation
import Testing

/// What a person sees while they type, pick and edit, on a real terminal.
@Suite(.enabled(if: Tmux.isInstalled))
struct PromptScreenTests {
  @Test(arguments: [(80, 24, "C.UTF-8"), (40, 12, "C.UTF-8"), (80, 24, "C")])
  func `a list of plugins fits the screen, is narrowed by typing and picks what is meant`(
    columns: Int,
    rows: Int,
    locale: String
  ) async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["LC_ALL"] = locale
      let tmux = try fixture.screen(columns: columns, rows: rows)
      try tmux.waitForGreeting()
      try tmux.enter("create")
      // The documented ones first, below the question, which stays on the screen.
      try tmux.wait(for: "the list") { screen in
        screen.contains("Which plugin:\nNumber or name:\n   [1] GitHub (github)")
          && screen.contains("; PgDn, or type to narrow")
      }
      try tmux.type("jen")
      try tmux.wait(for: "one of it") {
        $0.hasSuffix("Number or name: jen\n   [3] Jenkins (jenkins)")
      }
      // A part of a name is repeated before it counts.
      try tmux.press("Enter")
      try tmux.wait(for: "its name") { $0.hasSuffix("name: jenkins\n   [3] Jenkins (jenkins)") }
      try tmux.press("Enter")
      try tmux.wait(for: "the next question") {
        $0.contains("Number or name: jenkins\nOrganization") && !$0.contains("[3]")
      }
    }
  }

  @Test func `the arrows pick a connection, and 'all' is no part of a name`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.waitForGreeting()
      try tmux.enter("test")
      try tmux.wait(for: "the list") { $0.contains("\nWhich:\n  argocd/1") }
      try tmux.press("Down", "Down")
      try tmux.wait(for: "the second") { $0.contains("\n> azuredevops_go/1 ") }
      try tmux.press("Up", "Enter")
      try tmux.wait(for: "its test") { $0.contains("✅ argocd/1 ") && $0.hasSuffix("\ndevlake>") }
      try tmux.enter("delete --dry-run")
      try tmux.wait(for: "the list") { $0.contains("\nWhich:\n  argocd/1") }
      try tmux.enter("call")
      try tmux.wait(for: "a confirmation") { $0.contains("pagerduty/1 \"PagerDuty - on-call\"?") }
    }
  }

  @Test(arguments: ["screen-256color", "xterm", "tmux-256color"])
  func `an unknown command is red and underlined while it is typed`(terminal: String) async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24, terminal: terminal)
      try tmux.waitForGreeting()
      try tmux.type("lst --wide 'x' # why")
      try tmux.wait(for: "the line") { $0.hasSuffix("devlake> lst --wide 'x' # why") }
      let styled = try tmux.screen(styles: true)
      #expect(styled.contains("\u{1B}[4m\u{1B}[31mlst"))
      #expect(styled.contains("\u{1B}[36m--wide"))
      #expect(styled.contains("\u{1B}[32m'x'"))
    }
  }

  @Test(arguments: [
    ("", "xterm-256color", "\u{1B}[1m\u{1B}[31mdevlake@prod\u{1B}[0m (protected)>"),
    ("1", "xterm-256color", "devlake@prod (protected)>"), ("", "dumb", "devlake@prod (protected)>"),
  ])
  func `the prompt of an instance has its color, and its name without one`(
    noColor: String,
    terminal: String,
    prompt: String
  ) async throws {
    try await ProgramFixture.with { fixture in
      let folder = fixture.folder + "/.config/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let url = fixture.simulator.url
      try fixture.write(
        ".config/devlake-shell/instances.yaml",
        "prod: {url: '\(url)', protected: true, color: red}\n"
      )
      fixture.environment["DEVLAKE_URL"] = nil
      fixture.environment["NO_COLOR"] = noColor
      let tmux = try fixture.screen(
        "--instance",
        "prod",
        columns: 80,
        rows: 24,
        terminal: terminal
      )
      try tmux.waitForGreeting()
      // After a reset some versions of tmux name the usual colors, too.
      func styles() throws -> String {
        try tmux.screen(styles: true).replacing("\u{1B}[0m\u{1B}[39m\u{1B}[49m", with: "\u{1B}[0m")
      }
      let greeting = try styles()
      #expect(greeting.contains(prompt), "\(greeting)")
      // A line that is typed, searched for and entered leaves it so.
      try tmux.enter("echo one")
      try tmux.wait(for: "its result") { $0.hasSuffix("\none\ndevlake@prod (protected)>") }
      let styled = try styles()
      #expect(styled.components(separatedBy: prompt).count == 3, "\(styled)")
      // By its URL it is the same DevLake.
      try tmux.enter("connect \(url)")
      try tmux.wait(for: "the prompt") { $0.hasSuffix("\ndevlake (protected)>") }
      let plain = prompt.replacing("@prod", with: "")
      let last = try styles()
      #expect(last.hasSuffix(plain), "\(last)")
    }
  }

  @Test(arguments: [("1", "xterm-256color"), ("", "dumb")])
  func `without colours a line is plain`(noColor: String, terminal: String) async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["NO_COLOR"] = noColor
      let tmux = try fixture.screen(columns: 80, rows: 24, terminal: terminal)
      try tmux.waitForGreeting()
      try tmux.type("lst 'x'")
      try tmux.wait(for: "the line") { $0.hasSuffix("devlake> lst 'x'") }
      #expect(try tmux.screen(styles: true).hasSuffix("devlake> lst 'x'"))
    }
  }

  @Test func `Ctrl-X Ctrl-E and 'edit' open a line in the editor, and Enter runs it`() async throws
  {
    try await ProgramFixture.with { fixture in
      fixture.environment["EDITOR"] = "sed -i s/one/two/"
      fixture.environment["TMPDIR"] = fixture.folder
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.waitForGreeting()
      try tmux.type("echo one")
      try tmux.press("C-x", "C-e")
      try tmux.wait(for: "the changed line") { $0.hasSuffix("devlake> echo two") }
      try tmux.press("Enter")
      try tmux.wait(for: "its result") { $0.hasSuffix("\ntwo\ndevlake>") }
      try tmux.enter("echo one more")
      try tmux.wait(for: "its result") { $0.hasSuffix("\none more\ndevlake>") }
      try tmux.enter("edit")
      try tmux.wait(for: "the last line, changed") { $0.hasSuffix("devlake> echo two more") }
      let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
      let drafts = left.filter { name in name.hasPrefix("lake-") }
      #expect(drafts.isEmpty)
      // A line with a secret is nobody's.
      try tmux.press("C-u")
      try tmux.type("rotate github/1 --token s3cr3t-value-of-one")
      try tmux.press("C-x", "C-e")
      try tmux.wait(for: "a refusal") {
        $0.contains("a line with a secret is not handed to an editor")
      }
      #expect(try tmux.screen().hasSuffix("s3cr3t-value-of-one"))
    }
  }

  @Test func `'edit github/1' applies what was saved`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["EDITOR"] = "sed -i 's/name: GitHub - my-org$/name: GitHub - renamed/'"
      fixture.environment["TMPDIR"] = fixture.folder
      let tmux = try fixture.screen(columns: 100, rows: 40)
      try tmux.waitForGreeting()
      try tmux.enter("edit github/1")
      try tmux.wait(for: "the plan") { $0.contains("(yes/no):") }
      try tmux.enter("yes")
      try tmux.wait(for: "the end") { $0.hasSuffix("\ndevlake>") }
      try tmux.enter("list --plugin github --fields name")
      try tmux.wait(for: "the new name") { $0.contains("\nGitHub - renamed") }
      let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
      let drafts = left.filter { name in name.hasPrefix("lake-") }
      #expect(drafts.isEmpty)
    }
  }

  @Test func `a program behind '!' has the terminal, and the shell has it back`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try fixture.screen(columns: 80, rows: 24)
      try tmux.waitForGreeting()
      try tmux.enter("!test -t 0 && test -t 1 && read -r x && echo \"got $x\"")
      try tmux.enter("an answer")
      try tmux.wait(for: "the answer") { $0.hasSuffix("an answer\ngot an answer\ndevlake>") }
      // Its Ctrl-C is its own.
      try tmux.enter("!exec sh -c \"trap 'echo caught; exit 3' INT; echo ready; sleep 20; true\"")
      try tmux.wait(for: "it") { $0.hasSuffix("\nready") }
      try tmux.press("C-c")
      try tmux.wait(for: "the prompt") { $0.contains("caught\n") && $0.hasSuffix("\ndevlake>") }
      #expect(try tmux.screen().contains("exited with code 3"))
      // In a pipe nobody can type.
      try tmux.enter("list | sh -c 'test -t 0 || echo no terminal'")
      try tmux.wait(for: "the pipe") { $0.hasSuffix("\nno terminal\ndevlake>") }
    }
  }
}
