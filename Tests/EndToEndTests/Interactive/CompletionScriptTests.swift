import DevLakeSimulator
import Foundation
import Testing

/// The completion of other shells, by the shells themselves.
@Suite(.enabled(if: Tmux.isInstalled))
struct CompletionScriptTests {
  /// A shell of the system's, and how it is told of the script.
  enum OtherShell: String, CaseIterable, Sendable {
    case bash
    case zsh
    case fish

    var start: [String] {
      switch self {
      case .bash: ["/usr/bin/bash", "--norc", "--noprofile"]
      case .zsh: ["/usr/bin/zsh", "-f"]
      case .fish: ["/usr/bin/fish", "--no-config"]
      }
    }

    func setUp(_ scripts: String) -> String {
      switch self {
      case .bash: "PS1='> '; . \(scripts)/devlake-shell.bash"
      case .zsh:
        "PS1='> '; autoload -U compinit; compinit -u; . \(scripts)/_devlake-shell"
      case .fish:
        "function fish_prompt; echo '> '; end; source \(scripts)/devlake-shell.fish"
      }
    }
  }

  private static let lines = [
    ("ro", "rotate"), ("test jenkins/1 --par", "test jenkins/1 --parallel"),
    ("list --output=js", "list --output=json"), ("list --plugin jen", "list --plugin jenkins"),
    ("test \"GitHub - my-org-", "test \"GitHub - my-org-labs\""),
    ("test 'GitHub - my-org-", "test 'GitHub - my-org-labs'"),
    ("test GitHub\\ -\\ my-org-", "test GitHub\\ -\\ my-org-labs"),
    ("rotate jenkins/1 --token env:TEAM_T", "rotate jenkins/1 --token env:TEAM_TOKEN"),
    ("--json list --wi", "--json list --wide"), ("-f not", "-f notes.lake"),
    ("configure connection upd", "configure connection update"),
  ]

  @Test(arguments: OtherShell.allCases)
  func `a shell completes what the engine says`(shell: OtherShell) async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.terminal(shell, fixture)
      for (typed, completed) in Self.lines {
        try Self.wait(for: ">", on: tmux)
        try tmux.type("devlake-shell \(typed)")
        try Self.complete("> devlake-shell \(typed)", to: "> devlake-shell \(completed)", on: tmux)
        try tmux.press("C-u")
      }
    }
  }

  @Test(arguments: OtherShell.allCases)
  func `several candidates stand with what they are`(shell: OtherShell) async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.terminal(shell, fixture)
      try Self.wait(for: ">", on: tmux)
      try tmux.type("devlake-shell test jenkins/")
      var looks = 0
      try tmux.wait(for: "both with their names") { screen in
        if looks % 50 == 0 { try tmux.press("Tab") }
        looks += 1
        return screen.contains("Jenkins - legacy") && screen.contains("jenkins/2")
      }
    }
  }

  @Test func `a DevLake that hangs holds up no other shell`() async throws {
    try await ProgramFixture.with(faults: ["/**=hang"]) { fixture in
      // bash tells the time: this test may have to wait for its turn.
      let terminal = try PseudoTerminal(
        [
          "/usr/bin/bash", "-c",
          "TIMEFORMAT='took %0R s'; time \(BuiltProgram.path) __complete show al",
        ],
        environment: fixture.environment
      )
      // Nothing is known, so nothing is proposed.
      let rest = try terminal.expect(" s\n")
      // 150 ms and the start of a program; a request may take 30 s.
      let seconds = rest.components(separatedBy: "took ").last?.prefix { $0.isNumber }
      #expect(try #require(seconds.flatMap { Int($0) }) < 5)
    }
  }

  /// Waits for the last row of the screen: the prompt and the line.
  private static func wait(for row: String, on tmux: Tmux) throws {
    try tmux.wait(for: row) { lastRow(of: $0) == row }
  }

  /// Presses Tab until the line is completed: on a busy machine DevLake may not tell its
  /// connections within the moment it is given.
  private static func complete(_ row: String, to wanted: String, on tmux: Tmux) throws {
    var looks = 0
    try tmux.wait(for: wanted) { screen in
      if lastRow(of: screen) == row {
        if looks % 100 == 0 { try tmux.press("Tab") }
        looks += 1
      }
      return lastRow(of: screen) == wanted
    }
  }

  private static func lastRow(of screen: String) -> Substring {
    let last = screen.split(separator: "\n").last ?? ""
    return last[..<(last.lastIndex { $0 != " " }.map(last.index(after:)) ?? last.startIndex)]
  }

  private static func terminal(_ shell: OtherShell, _ fixture: ProgramFixture) throws -> Tmux {
    try fixture.write("notes.lake", "")
    let bin = fixture.folder + "/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: bin + "/devlake-shell",
      withDestinationPath: BuiltProgram.path
    )
    fixture.environment["PATH"] = bin + ":/usr/bin:/bin"
    fixture.environment["TEAM_TOKEN"] = "geheim"
    fixture.environment["TERM"] = "screen-256color"
    let scripts = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../scripts/completions").standardizedFileURL.path
    let tmux = try Tmux(
      ["/usr/bin/env", "-C", fixture.folder] + shell.start,
      environment: fixture.environment,
      columns: 120
    )
    // fish asks the terminal first and drops what comes before.
    try tmux.wait(for: "a prompt") { !$0.isEmpty }
    try tmux.enter(shell.setUp(scripts))
    return tmux
  }
}
