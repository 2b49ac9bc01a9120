import Glibc
import Testing

/// That the terminals of the tests are terminals.
struct TerminalSupportTests {
  private func shell(_ script: String) throws -> PseudoTerminal {
    try PseudoTerminal(["/bin/sh", "-c", script], environment: ["WHO": "ada"], folder: "/usr")
  }

  @Test func `a child has its environment, its folder and nothing else`() throws {
    let terminal = try shell("env | grep -v '^PWD\\|^_=' ; pwd; tty <&2")
    try terminal.expect("WHO=ada\n/usr\n/dev/pts/")
    #expect(try terminal.exitStatus() == 0)
    #expect(!terminal.transcript.contains("PATH="))
  }

  @Test func `Ctrl-C is a signal for a child that cooks`() throws {
    let terminal = try shell("echo ready; exec cat")
    try terminal.expect("ready")
    try terminal.type("\u{3}")
    #expect(try terminal.exitStatus() == 128 + SIGINT)
  }

  @Test func `a new size is a signal and a size`() throws {
    let terminal = try shell("trap 'stty size; exit 3' WINCH; echo ready; while :; do read x; done")
    try terminal.expect("ready")
    terminal.resize(columns: 50, rows: 7)
    try terminal.expect("7 50")
    #expect(try terminal.exitStatus() == 3)
  }

  @Test func `escape sequences are no text, even cut in two`() {
    var filter = EscapeFilter()
    let parts = ["a\u{1B}", "[3", "1mb\r", "\u{1B}]0;title\u{7}c\u{1B}7d"]
    #expect(parts.map { filter.text(of: $0.utf8) }.joined() == "abcd")
    let bytes = Array("ж日".utf8)
    #expect(bytes.map { filter.text(of: [$0]) }.joined() == "ж日")
  }

  @Test(.enabled(if: Tmux.isInstalled))
  func `a terminal ends with the test that opened it`() throws {
    var tmux: Tmux? = try Tmux(["/bin/sh", "-c", "printf 'here'; exec cat"], environment: [:])
    try tmux?.wait(untilScreenIs: "here")
    let pid = try #require(try tmux?.pid())
    tmux = nil
    // Without a terminal the program is hung up on, and its parent takes its end.
    let end = ContinuousClock.now + .seconds(20)
    while kill(pid, 0) == 0 { try #require(ContinuousClock.now < end, "it lives on") }
  }

  @Test(.enabled(if: Tmux.isInstalled))
  func `tmux shows what a program draws`() throws {
    let tmux = try Tmux(
      ["/bin/sh", "-c", "printf 'one\\ntwo'; exec cat"],
      environment: [:],
      columns: 20,
      rows: 5
    )
    try tmux.wait(untilScreenIs: "one\ntwo")
    #expect(try tmux.cursor() == (3, 1))
    try tmux.type("Ж")
    try tmux.wait(untilScreenIs: "one\ntwoЖ")
    try tmux.resize(columns: 4, rows: 5)
    try tmux.press("Enter")
    try tmux.wait(until: "Ж")
  }
}
