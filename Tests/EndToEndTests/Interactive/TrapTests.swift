import DevLakeSimulator
import Foundation
import Testing

/// The traps of libedit, through the built program; each name begins with the trap's number.
///
/// | trap | what goes wrong | where it is tested |
/// | --- | --- | --- |
/// | C1 | Debian's libedit begins with vi's keys | here |
/// | C2, C3 | without a UTF-8 locale letters are dropped, or the process dies | here |
/// | C4 | pipes get half an editor | here |
/// | C5 | an unknown TERM is complained about | here |
/// | C6, C7 | modes are set in the background, type-ahead is lost | SessionTests, LineEditorKeyTests |
/// | C8, C21 | an editrc turns editing off, or its first mistake ends it | here |
/// | C9 to C11 | prompts: colours leak, rows are lost or drawn twice | TrapScreenTests |
/// | C13, C14 | wide characters, clusters | here, LineEditorScreenTests |
/// | C15, C35 | lists padded by bytes, paging by stdio | here, LineEditorCompletionTests |
/// | C16 to C18 | keys without a meaning leak | here, LineEditorKeyTests |
/// | C19 | M-x and `v` start other programs | here |
/// | C12, C20, C33, C34, C37, C38, C40, C41 | calls that are not made | |
/// | C22 to C25 | searches: patterns, capitals, Ctrl-C, hints | here, LineEditorSearchTests |
/// | C26 to C28 | signals: the group is hit, modes stay | JobControlTests, ResizeTests |
/// | C29, C30 | pastes run, drafts are cut at 1024 characters | here, TrapScreenTests |
/// | C31, C32 | changed entries are lost, entries of several rows | LineEditorEntryTests |
/// | C36, C42 | entries come back changed, or are lost in another locale | here |
/// | C39 | the history's file is truncated, followed, chmod-ed | HistoryFaultTests |
struct TrapTests {
  /// Types into a session and expects what the line's command writes.
  private static func expect(
    _ output: String,
    from keys: String...,
    editrc: String? = nil,
    environment: [String: String] = [:],
    without missing: String? = nil
  ) async throws {
    try await ProgramFixture.with { fixture in
      if let editrc { try fixture.write(".editrc", editrc) }
      fixture.environment.merge(environment) { $1 }
      if let missing { fixture.environment[missing] = nil }
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      for (index, line) in keys.enumerated() {
        try terminal.type(line)
        // A new prompt begins on a row that was blanked for it; the line drawn anew does not.
        if index < keys.count - 1 { try terminal.prompt("  devlake> ") }
      }
      try terminal.expect("\n\(output)\n")
      #expect(!terminal.transcript.contains("unknown"))
      // Before the prompt the kernel would take the key.
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `C1: the keys are those of emacs`() async throws {
    try await Self.expect("alpha", from: "cho a''lpha\u{1}e\r")
  }

  @Test(arguments: ["C", "POSIX", "xx_XX.nothing"])
  func `C2, C3: letters arrive in a locale without UTF-8, and nothing crashes`(
    locale: String
  ) async throws {
    try await Self.expect(
      "привет日",
      from: "echo при''вет日\r",
      environment: ["LC_ALL": locale]
    )
  }

  @Test func `C4: with results in a pipe a person still edits lines`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try PseudoTerminal(
        ["/bin/sh", "-c", "\"$0\" | sed 's/^/piped /'", BuiltProgram.path],
        environment: fixture.environment,
        folder: fixture.folder,
        columns: 100
      )
      try terminal.prompt("devlake> ")
      try terminal.type("cho a''lpha\u{1}e\r")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      try terminal.expect("piped alpha\n")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `C4: lines from a pipe have neither prompt nor editor, on a terminal too`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let terminal = try PseudoTerminal(
        ["/bin/sh", "-c", "printf 'echo a\"\"lpha\\nechp' | \"$0\"", BuiltProgram.path],
        environment: fixture.environment,
        folder: fixture.folder
      )
      // The last line has no end and is read all the same.
      try terminal.expect("no command named 'echp'")
      #expect(try terminal.exitStatus() == 2)
      #expect(terminal.transcript.hasPrefix("alpha\n"))
      let text = String(decoding: terminal.bytes, as: UTF8.self)
      #expect(!text.contains("devlake>") && !text.contains("\u{1B}[?2004h"))
    }
  }

  @Test(arguments: ["", "dumb", "no-such-terminal"])
  func `C5: an unknown TERM is no news`(terminal: String) async throws {
    try await Self.expect("alpha", from: "cho a''lpha\u{1}e\r", environment: ["TERM": terminal])
  }

  @Test func `C5: no TERM at all is no news`() async throws {
    try await Self.expect("alpha", from: "cho a''lpha\u{1}e\r", without: "TERM")
  }

  @Test(arguments: ["edit off\n", "no-such-command x\nbind ^A no-such-function\n", "\u{0}\u{1}"])
  func `C8, C21: an editrc with mistakes turns nothing off`(editrc: String) async throws {
    try await Self.expect("alpha", from: "echo a''lphaX\u{7F}\r", editrc: editrc)
  }

  @Test func `C14: Backspace takes a whole character`() async throws {
    try await Self.expect(
      "xy",
      from: "echo x''👨‍👩‍👧\u{7F}e\u{301}\u{7F}y\r"
    )
  }

  @Test func `C17: keys without a meaning leave nothing in the line`() async throws {
    let keys = ["[5~", "[2~", "[15~", "[1;5A", "OP", "[1;2P", "[200;5u"].map { "\u{1B}" + $0 }
    try await Self.expect("ab", from: "echo a''\(keys.joined())b\r")
  }

  @Test func `C19: M-x opens no command line of libedit's`() async throws {
    try await Self.expect("alpha", from: "\u{1B}xecho a''lpha\r")
  }

  @Test func `C22: what is searched for is text, not a pattern`() async throws {
    try await Self.expect("two", from: "echo tw''o #a.b[\r", "echo thr''ee #axb\r", "\u{12}a.b[\r")
  }

  @Test func `C23: Cyrillic capitals can be searched for`() async throws {
    try await Self.expect("первый", from: "echo пер''вый #ВАЁ\r", "echo x''y\r", "\u{12}ВАЁ\r")
  }

  @Test(arguments: [
    "\u{12}ech\u{3}", "for x in 1 {\r\u{3}", "echo 'open\r\u{3}",
  ])
  func `C24: Ctrl-C in a search, a block or a quote is no end`(keys: String) async throws {
    try await Self.expect("alive", from: keys, "echo a''live\r")
  }

  @Test func `C25: searching goes on working beside hints`() async throws {
    try await Self.expect("found", from: "echo fou''nd\r", "ec\u{12}fou''\r")
  }

  @Test func `C29: a paste is text until Enter, its tabs too`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("\u{1B}[200~echo o''ne\t#\necho t''wo\n\u{1B}[201~")
      try terminal.expect("echo t''wo")
      // A key behind the paste shows that nothing has run.
      try terminal.type("!")
      try terminal.expect("t''wo!")
      #expect(!terminal.transcript.contains("\none\n"))
      try terminal.type("\r")
      try terminal.expect("\none\ntwo!\n")
    }
  }

  @Test(arguments: [1_023, 1_500, 5_000])
  func `C30: a long draft survives Up and Down`(length: Int) async throws {
    let text = String(repeating: "щ", count: length)
    // What is written is taller than the screen: a pager would show a part of it.
    try await Self.expect(
      text + "!",
      from: "echo fir''st\r",
      "echo '\(text)\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B!'\r",
      environment: ["PAGER": ""]
    )
  }

  @Test func `C35: a list taller than the screen comes in pages and leaves the line`() async throws
  {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      terminal.resize(columns: 100, rows: 8)
      try terminal.type("test \t")
      try terminal.expect("more: space, enter, q --")
      try terminal.type("q")
      try terminal.expect("test ")
      try terminal.type("jenkins/1\r")
      try terminal.expect("✅ jenkins/1")
    }
  }

  @Test(arguments: ["C.UTF-8", "C"])
  func `C36, C42: an entry comes back as it was typed, whatever the locale`(
    locale: String
  ) async throws {
    try await ProgramFixture.with { fixture in
      // A line that is no text, such as a program of another make may leave.
      let folder = fixture.folder + "/.local/state/devlake-shell"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let broken: [UInt8] = Array("echo ".utf8) + [0xFF, 0xD0, 0x0A]
      try Data(broken).write(to: URL(filePath: folder + "/history"))
      let entry = "echo 'при\\040\\n  日' \"тире\"   end"
      for (keys, language) in [(entry + "\r", "C.UTF-8"), ("\u{1B}[A\r", locale)] {
        fixture.environment["LC_ALL"] = language
        let terminal = try fixture.terminal()
        try terminal.prompt("devlake> ")
        try terminal.type(keys)
        try terminal.expect("\nпри\\040\\n  日 тире end\n")
        try terminal.prompt("devlake> ")
        try terminal.type("\u{4}")
        #expect(try terminal.exitStatus() == 0)
      }
      let bytes = try #require(FileManager.default.contents(atPath: folder + "/history"))
      let written = entry.replacing("\\", with: "\\\\") + "\n"
      #expect(Array(bytes) == broken + Array(written.utf8))
    }
  }
}
