import DevLakeKit
import Testing

@testable import DevLakeShell

@Suite struct TableRendererTests {
  private let connections = Table(
    columns: [
      .init("Plugin"), .init("ID", alignment: .trailing), .init("Name", canShrink: true),
      .init("Organization", priority: 50), .init("Enterprise", priority: 40),
    ],
    rows: [
      ["github", "1", "GitHub - my-org", "my-org", ""],
      ["gh-copilot", "12", "GitHub Copilot - my-org", "my-org", "avocado-corp"],
    ]
  )

  private func render(_ table: Table, for medium: Medium = .file) -> String {
    OutputFormat.table.render(Output(data: [], view: .table(table)), for: medium)
  }

  @Test func `a table looks like the documents`() {
    #expect(
      render(connections) == """
        Plugin      ID  Name                     Organization  Enterprise
        ──────────  ──  ───────────────────────  ────────────  ────────────
        github       1  GitHub - my-org          my-org
        gh-copilot  12  GitHub Copilot - my-org  my-org        avocado-corp

        """
    )
  }

  @Test func `a locale without UTF-8 gets ASCII rules`() {
    let table = Table(columns: [.init("Name")], rows: [["a → b"]], footer: ["2 shown…"])
    let terminal = Medium(isUTF8: false, isTerminal: true)
    #expect(render(table, for: terminal) == "Name\n------\na -> b\n2 shown...\n")
    // In a file only what is ours is rewritten: a cell is what the server has.
    #expect(render(table, for: Medium(isUTF8: false)) == "Name\n-----\na → b\n2 shown...\n")
  }

  @Test func `columns line up by cells`() {
    let table = Table(
      columns: [.init("Name"), .init("ID", alignment: .trailing)],
      rows: [["日本", "1"], ["e\u{301}🇩🇪", "22"], ["plain"]]
    )
    #expect(render(table) == "Name   ID\n─────  ──\n日本    1\ne\u{301}🇩🇪    22\nplain\n")
  }

  @Test func `server text cannot reach the terminal as commands`() {
    let table = Table(columns: [.init("Name")], rows: [["\u{1B}[2Jevil\nname"]])
    #expect(render(table, for: Medium(isTerminal: true)) == "Name\n─────────\nevil name\n")
    // A file gets what the server has; a row is one line all the same.
    #expect(render(table).hasSuffix("\n\u{1B}[2Jevil name\n"))
  }

  @Test(arguments: [
    // It fits: nothing is said.
    (
      68,
      """
      Plugin      ID  Name                     Organization  Enterprise
      ──────────  ──  ───────────────────────  ────────────  ────────────
      github       1  GitHub - my-org          my-org
      gh-copilot  12  GitHub Copilot - my-org  my-org        avocado-corp

      """
    ),
    (
      60,
      """
      Plugin      ID  Name              Organization  Enterprise
      ──────────  ──  ────────────────  ────────────  ────────────
      github       1  GitHub - my-org   my-org
      gh-copilot  12  GitHub Copilot …  my-org        avocado-corp
      (cut: Name; --output vertical shows all)

      """
    ),
    (
      50,
      """
      Plugin      ID  Name                  Organization
      ──────────  ──  ────────────────────  ────────────
      github       1  GitHub - my-org       my-org
      gh-copilot  12  GitHub Copilot - my…  my-org
      (cut: Name; not shown: Enterprise; --output
      vertical shows all)

      """
    ),
    (
      20,
      """
      Plugin      Name
      ──────────  ────────
      github      GitHub …
      gh-copilot  GitHub …
      (cut: Name; not
      shown: ID,
      Organization,
      Enterprise; --output
      vertical shows all)

      """
    ),
  ])
  func `a narrow terminal loses the least important`(width: Int, expected: String) {
    var table = connections
    table.columns[1].priority = 60
    #expect(render(table, for: Medium(width: width)) == expected)
  }

  @Test func `columns without text go before others are cut`() {
    let table = Table(
      columns: [.init("Name", canShrink: true), .init("Organization", priority: 60)],
      rows: [["GitHub - my-org", ""], ["GitHub - my-org-labs", ""]]
    )
    #expect(
      render(table, for: Medium(width: 30)) == """
        Name
        ────────────────────
        GitHub - my-org
        GitHub - my-org-labs
        (not shown: Organization;
        --output vertical shows all)

        """
    )
  }

  @Test func `one column always stays`() {
    let table = Table(columns: [.init("Plugin"), .init("ID")], rows: [["github", "1"]])
    #expect(render(table, for: Medium(width: 3)).hasPrefix("Plugin\n──────\ngithub\n("))
  }

  @Test func `a table without rows keeps its header`() {
    let table = Table(columns: [.init("ID")], rows: [], footer: ["none"])
    #expect(render(table) == "ID\n──\nnone\n")
    #expect(render(Table(columns: [], rows: [], footer: ["none"])) == "none\n")
  }
}
