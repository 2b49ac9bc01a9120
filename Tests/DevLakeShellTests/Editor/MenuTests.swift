import Synchronization
import Testing

@testable import LineEditing

struct MenuTests {
  private static let plugins = MenuList(
    title: "Which plugin:",
    prompt: "Number or name: ",
    items: [
      .init("GitHub (github)", names: ["github", "GitHub"]),
      .init("GitLab (gitlab)", names: ["gitlab", "GitLab"]),
      .init("Jenkins (jenkins)", names: ["jenkins", "Jenkins"]),
      .init("PagerDuty (pagerduty)", names: ["pagerduty", "PagerDuty"]),
      .init("GitHub Copilot (gh-copilot)", names: ["gh-copilot", "GitHub Copilot"]),
    ],
    isNumbered: true
  )

  private static let connections = MenuList(
    title: "Connection to delete:",
    prompt: "Which: ",
    items: [
      .init("jira/3 \"Old\"", names: ["jira/3"]),
      .init("pagerduty/1 \"PagerDuty - on-call\"", names: ["pagerduty/1"]),
    ],
    takesText: true
  )

  @Test(arguments: [
    ("", MenuView.Decision.none), ("1", .item(0)), ("4", .item(3)), ("9", .none),
    // Whole words of one name are clear.
    ("copilot", .item(4)), ("github copilot", .item(4)), ("hub copilot", .complete("gh-copilot")),
    ("jenkins", .item(2)), ("JENKINS ", .item(2)), ("GitLab (gitlab)", .item(1)),
    // A part of one name is shown whole before it counts; one of several names is nothing yet.
    ("jen", .complete("jenkins")), ("git", .none), ("git lab", .complete("gitlab")),
    ("nobody", .none),
  ])
  func `Enter takes what is clear`(typed: String, decision: MenuView.Decision) {
    var menu = MenuView(Self.plugins)
    menu.narrow(to: typed)
    #expect(menu.decision == decision)
  }

  @Test(arguments: ["all", "1,3", "on-call", "3"])
  func `a selector is read by whoever asks, never matched with a part of a name`(typed: String) {
    var menu = MenuView(Self.connections)
    menu.narrow(to: typed)
    #expect(menu.decision == .text)
  }

  @Test func `the arrows stay within the list and win over what is typed`() {
    var menu = MenuView(Self.connections)
    menu.narrow(to: "call")
    #expect(menu.matches == [1])
    menu.move(by: 1)
    menu.move(by: 1)
    #expect(menu.decision == .item(1))
    menu.narrow(to: "call!")
    #expect(menu.decision == .text)
  }

  @Test func `five thousand items take a screen, and pages reach the last one`() {
    let items = (1...5_000).map { MenuList.Item("github/\($0) \"repository \($0)\"") }
    var menu = MenuView(MenuList(title: "", prompt: "", items: items, takesText: true))
    let rows = menu.rows(columns: 40, height: 8, hasStyle: false)
    #expect(rows.count == 8)
    #expect(rows.last == "  1-7 of 5000; PgDn, or type to narrow")
    menu.move(by: -1)
    #expect(
      menu.rows(columns: 40, height: 8, hasStyle: false)[6] == "> github/5000 \"repository 5000\""
    )
    menu.turnPage(down: false)
    #expect(menu.decision == .item(4_992))
    menu.narrow(to: "repository 4999")
    #expect(menu.matches == [4_998])
  }

  private func session(
    _ list: MenuList,
    rows: Int = 12,
    script: @escaping @Sendable (EditorTerminal, LineEditorMailbox) throws -> Void
  ) async throws -> (inputs: [LineEditor.Input], picked: Int?) {
    let picked = Mutex<Int?>(nil)
    let inputs = try await EditorTerminal.session(
      rows: rows,
      configure: { $0.menu = MenuView(list) },
      finish: { editor in picked.withLock { $0 = editor.picked } },
      script: script
    )
    return (inputs, picked.withLock { $0 })
  }

  @Test func `typing narrows the list on the screen, and it is gone when one is picked`()
    async throws
  {
    let result = try await session(Self.plugins) { terminal, _ in
      try terminal.expectScreen(
        """
        1>
          [1] GitHub (github)
          [2] GitLab (gitlab)
          [3] Jenkins (jenkins)
          [4] PagerDuty (pagerduty)
          [5] GitHub Copilot (gh-copilot)
        """
      )
      terminal.type("git")
      try terminal.expectScreen(
        "1> git\n  [1] GitHub (github)\n  [2] GitLab (gitlab)\n  [5] GitHub Copilot (gh-copilot)"
      )
      terminal.type("\u{1B}[B\u{1B}[B")
      try terminal.expectScreen(
        "1> git\n  [1] GitHub (github)\n> [2] GitLab (gitlab)\n  [5] GitHub Copilot (gh-copilot)"
      )
      terminal.type("\r")
      try terminal.expectScreen("1> gitlab")
    }
    #expect(result.inputs == [.line("gitlab")])
    #expect(result.picked == 1)
  }

  @Test func `a part of a name is repeated before it counts, and Tab types it`() async throws {
    let result = try await session(Self.plugins) { terminal, _ in
      try terminal.expect("PagerDuty")
      terminal.type("duty\r")
      try terminal.expectScreen("1> pagerduty\n  [4] PagerDuty (pagerduty)")
      terminal.type("\u{15}jen\t")
      try terminal.expectScreen("1> jenkins\n  [3] Jenkins (jenkins)")
      terminal.type("\r")
    }
    #expect(result.picked == 2)
  }

  @Test func `a window that gets narrower keeps the question and the list`() async throws {
    let result = try await session(Self.plugins) { terminal, _ in
      try terminal.expect("PagerDuty")
      terminal.type("g")
      try terminal.expect("1> g")
      terminal.resize(columns: 20, rows: 8)
      terminal.type("ith")
      try terminal.expectScreen("1> gith\n  [1] GitHub (gith…\n  [5] GitHub Copil…")
      terminal.type("\u{1B}[B\r")
    }
    #expect(result.picked == 0)
  }
}
