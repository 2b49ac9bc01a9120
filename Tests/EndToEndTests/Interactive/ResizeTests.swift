import DevLakeSimulator
import Foundation
import Testing

/// What stands on a real terminal's screen when its size changes.
@Suite(.enabled(if: Tmux.isInstalled))
struct ResizeTests {
  private static func start(_ fixture: ProgramFixture, rows: Int = 16) throws -> Tmux {
    let tmux = try fixture.screen(rows: rows)
    try tmux.waitForGreeting()
    return tmux
  }

  /// The rows from the prompt's on.
  private static func entry(_ screen: String) -> String {
    let rows = screen.split(separator: "\n", omittingEmptySubsequences: false)
    let start = rows.lastIndex { $0.hasPrefix("devlake>") } ?? 0
    return rows[start...].joined(separator: "\n")
  }

  private static func expect(_ entry: String, on tmux: Tmux) throws {
    try tmux.wait(for: entry) { self.entry($0) == entry }
    // One prompt: what stood there before has left nothing.
    let screen = try tmux.screen()
    #expect(screen.ranges(of: entry).count == 1, "\(screen)")
  }

  /// Puts text above the prompt: rows that are pushed out at the top are not the line's.
  private static func fill(_ tmux: Tmux) throws {
    try tmux.enter("for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 { echo row $n }")
    try tmux.wait(until: "row 14\ndevlake>")
  }

  @Test func `wide characters and a hint are drawn anew at every width`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.start(fixture)
      try tmux.enter("echo выбор 日本 gone")
      try Self.fill(tmux)
      try tmux.type("echo выб")
      try Self.expect("devlake> echo выбор 日本 gone", on: tmux)
      try tmux.resize(columns: 24, rows: 16)
      try Self.expect("devlake> echo выбор 日", on: tmux)
      try tmux.resize(columns: 60, rows: 16)
      try Self.expect("devlake> echo выбор 日本 gone", on: tmux)
    }
  }

  @Test func `a wrapped entry with the cursor inside is drawn anew at every width`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.start(fixture)
      try Self.fill(tmux)
      try tmux.type("echo выбx日本語日本語日本語")
      try tmux.press("Left", "Left")
      try Self.expect("devlake> echo выбx日本語日本語日本語", on: tmux)
      try tmux.resize(columns: 21, rows: 16)
      try Self.expect("devlake> echo выбx日\n本語日本語日本語", on: tmux)
      try tmux.type("|")
      try Self.expect("devlake> echo выбx日\n本語日本語日|本語", on: tmux)
      try tmux.resize(columns: 47, rows: 16)
      try Self.expect("devlake> echo выбx日本語日本語日|本語", on: tmux)
      #expect(try tmux.cursor().column == 33)
    }
  }

  @Test(arguments: [
    [(50, 16), (100, 16)], [(30, 16), (50, 16), (100, 16)], [(40, 8), (100, 16)],
  ])
  func `a line at the top of the screen leaves nothing of itself above it`(
    sizes: [(columns: Int, rows: Int)]
  ) async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.start(fixture)
      let line = "devlake> echo a line that needs more rows as soon as the window is made narrow"
      try tmux.press("C-l")
      try tmux.type(String(line.dropFirst(9)))
      try tmux.wait(untilScreenIs: line)
      for size in sizes {
        try tmux.resize(columns: size.columns, rows: size.rows)
        try tmux.wait(for: "the line at \(size)") { screen in
          // A blank at the edge is not told from an empty cell.
          let words = Self.entry(screen).split { $0 == " " || $0 == "\n" }
          return words.joined() == line.filter { $0 != " " }
            && screen.ranges(of: "devlake> echo").count == 1
        }
      }
      try tmux.type("er")
      try tmux.wait(for: "a longer line") { $0.hasSuffix(line + "er") }
    }
  }

  @Test func `progress leaves no trace in a window that was made narrow`() async throws {
    try await ProgramFixture.with(faults: ["POST /plugins/jira/**=hang"]) { fixture in
      let tmux = try Self.start(fixture)
      try tmux.enter("test jira/1")
      try tmux.wait(until: "waiting for jira/1, 1 s (Ctrl-C ends it)")
      try tmux.resize(columns: 30, rows: 16)
      try tmux.wait(until: "waiting for jira/1, 3 s")
      #expect(try tmux.screen().ranges(of: "waiting").count == 1)
      try tmux.press("C-c")
      try tmux.wait(until: "devlake> test jira/1\nerror: jira/1: interrupted\ndevlake>")
    }
  }

  @Test func `a table fits the width the terminal has now`() async throws {
    try await ProgramFixture.with { fixture in
      let tmux = try Self.start(fixture, rows: 30)
      try tmux.resize(columns: 44, rows: 30)
      try tmux.enter("list --wide --plugin github")
      try tmux.wait(until: "--output vertical shows all)")
      let screen = try tmux.screen()
      #expect(screen.replacing("\n", with: " ").contains("not shown: "))
      #expect(screen.contains("\n──────  ──"))
    }
  }
}
