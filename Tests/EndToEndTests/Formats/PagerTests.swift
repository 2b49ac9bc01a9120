import Testing

/// When a result is shown a screen at a time.
struct PagerTests {
  private func fixture(_ pager: String?, _ body: (ProgramFixture) async throws -> Void) async throws
  {
    try await ProgramFixture.with { fixture in
      fixture.environment["PAGER"] = pager
      try await body(fixture)
    }
  }

  private func terminal(
    _ fixture: ProgramFixture,
    rows: Int,
    _ arguments: String...
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      [BuiltProgram.path] + arguments,
      environment: fixture.environment,
      folder: fixture.folder,
      columns: 100,
      rows: rows
    )
  }

  @Test func `only what is taller than the screen goes through $PAGER`() async throws {
    try await fixture("sed 's/^/paged: /'") { fixture in
      let tall = try terminal(fixture, rows: 10, "list")
      #expect(try tall.exitStatus() == 0)
      #expect(tall.transcript.contains("paged: github"), "\(tall.transcript)")
      let short = try terminal(fixture, rows: 40, "list")
      #expect(try short.exitStatus() == 0)
      #expect(short.transcript.contains("github"))
      #expect(!short.transcript.contains("paged"))
    }
  }

  @Test(arguments: [["--non-interactive"], ["--restricted"], ["--json"]])
  func `nobody is held up who cannot turn pages`(options: [String]) async throws {
    try await fixture("sed 's/^/paged: /'") { fixture in
      let terminal = try PseudoTerminal(
        [BuiltProgram.path] + options + ["list"],
        environment: fixture.environment,
        folder: fixture.folder,
        rows: 5
      )
      #expect(try terminal.exitStatus() == 0)
      #expect(terminal.transcript.contains("github"))
      #expect(!terminal.transcript.contains("paged"))
    }
  }

  @Test func `a pager that leaves early is no failure`() async throws {
    try await fixture("head -n 2") { fixture in
      let terminal = try terminal(fixture, rows: 5, "help")
      #expect(try terminal.exitStatus() == 0)
      #expect(!terminal.transcript.contains("error"))
    }
  }

  @Test(arguments: ["no-such-pager-anywhere", ""])
  func `without a pager the result is shown all the same`(pager: String) async throws {
    try await fixture(pager) { fixture in
      let terminal = try terminal(fixture, rows: 5, "list")
      #expect(try terminal.exitStatus() == 0)
      #expect(terminal.transcript.contains("sonarqube"), "\(terminal.transcript)")
    }
  }

  @Test func `less is the usual one, and q comes back to the prompt`() async throws {
    try await fixture(nil) { fixture in
      let terminal = try terminal(fixture, rows: 8)
      try terminal.prompt("devlake> ")
      try terminal.type("list\r")
      try terminal.expect("argocd")
      try terminal.type("q")
      try terminal.prompt("devlake> ")
      try terminal.type("set pager off\r")
      try terminal.prompt("devlake> ")
      try terminal.type("list\r")
      try terminal.expect("sonarqube")
      try terminal.prompt("devlake> ")
      try terminal.type("set pager\r")
      try terminal.expect("off")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{4}")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `Ctrl-C in the pager is the pager's`() async throws {
    try await fixture("trap 'echo caught; exit' INT; cat >/dev/null; echo ready; sleep 20 & wait") {
      fixture in
      let terminal = try terminal(fixture, rows: 8)
      try terminal.prompt("devlake> ")
      try terminal.type("list\r")
      try terminal.expect("ready")
      try terminal.type("\u{3}")
      try terminal.expect("caught")
      try terminal.prompt("devlake> ")
      try terminal.type("exit\r")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `set pager on pages everything`() async throws {
    try await fixture("sed 's/^/paged: /'") { fixture in
      let terminal = try terminal(fixture, rows: 40, "-c", "set pager on; echo hello")
      #expect(try terminal.exitStatus() == 0)
      #expect(terminal.transcript.contains("paged: hello"))
    }
  }
}
