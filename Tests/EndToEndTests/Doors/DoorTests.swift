import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// That every door leads to the same shell.
struct DoorTests {
  /// Results of every kind; what changes a time comes last.
  private static let script = [
    "list", "list --plugin github --wide", "list -o csv", "list -o ndjson", "show jira/1",
    "show github/1 --json", "plugins", "test github/1", "test --plugin jenkins --id 1",
    "rotate gitlab/1 --token env:NEW", "update circleci/1 --name Other",
    "delete gitlab/2 --force", "echo done",
  ]

  private func output(_ door: Door) async throws -> String {
    var output = ""
    try await ProgramFixture.with { fixture in
      let run = try await door.run(Self.script, on: fixture)
      #expect(run.status == 0, "\(door): \(run.stderr)")
      #expect(
        fixture.simulator.connections("gitlab").first?["token"] == "fresh-secret-of-a-rotation"
      )
      output = run.stdout
    }
    return output
  }

  @Test func `a script gives the same bytes through every door`() async throws {
    let wanted = try await output(.lines)
    #expect(wanted.hasPrefix("Plugin "))
    for door in Door.allCases where door != .lines {
      #expect(try await output(door) == wanted, "\(door)")
    }
    try await ProgramFixture.with { fixture in
      let command = "exec \(BuiltProgram.path) >typed.out"
      let terminal = try PseudoTerminal(
        ["/bin/sh", "-c", command],
        environment: fixture.environment,
        folder: fixture.folder
      )
      try terminal.prompt("devlake> ")
      for line in Self.script {
        try terminal.type(line + "\r")
        try terminal.prompt("devlake> ")
      }
      try terminal.type("exit\r")
      #expect(try terminal.exitStatus() == 0)
      #expect(fixture.text("typed.out") == wanted)
    }
  }

  /// A statement, what is wrong with DevLake, and the code of the process.
  static let codes: [(statement: String, fault: String?, code: CInt)] = [
    ("list", nil, 0), ("test github/1", nil, 0), ("test jenkins/2", nil, 1),
    ("show github/99", nil, 1), ("lst", nil, 2), ("list --plugin githbu", nil, 2),
    ("test --plugin github --id x", nil, 2), ("list", "*=status:401", 3), ("list", "*=refuse", 3),
    ("list", "*=migrating", 3), ("test all", nil, 4), ("delete github/2", nil, 5),
    ("configure connection", nil, 5), ("list --plugin github --timeout 0.3", "*=hang", 124),
    ("test github/1 --timeout 2", "POST /**=hang", 1), ("exit 7", nil, 7),
  ]

  @Test(arguments: Door.allCases, codes.indices)
  func `the exit code says what happened through every door`(
    _ door: Door,
    _ index: Int
  )
    async throws
  {
    let (statement, fault, code) = Self.codes[index]
    try await ProgramFixture.with(faults: fault.map { [$0] } ?? []) { fixture in
      let run = try await door.run([statement], on: fixture)
      #expect(run.status == code, "\(run.stdout)\(run.stderr)")
      if code == 2 || code == 3 || code == 5 || code == 124 {
        #expect(run.stdout.isEmpty)
        #expect(run.stderr.contains("error: "))
      }
    }
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(CInt, CInt)])
  func `a signal ends a hanging command at once, with its code`(
    _ signal: CInt,
    _ code: CInt
  )
    async throws
  {
    try await ProgramFixture.with(faults: ["POST /**=hang"]) { fixture in
      let running = try fixture.start("test", "github/1")
      while !fixture.simulator.requests.contains(where: { $0.method == "POST" }) {
        await Task.yield()
      }
      running.send(signal)
      #expect(await running.end().status == code)
    }
  }

  @Test func `keep-going runs the rest and tells the count`() async throws {
    try await ProgramFixture.with { fixture in
      let run = try await fixture.run([
        "-k", "-c", "show github/99; echo on; show jira/99; echo end",
      ])
      #expect(run.status == 4)
      #expect(run.stdout == "on\nend\n")
      #expect(run.stderr.contains("2 of 4 statements failed"))
    }
  }

  @Test func `a failure stops a script, and a mistake in it keeps all of it from running`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let stopped = try await fixture.run(["-c", "echo one; show github/99; echo two"])
      #expect(stopped.stdout == "one\n")
      let checked = try await fixture.run(["-c", "echo one", "-c", "lst"])
      #expect(checked.stdout.isEmpty)
      #expect(checked.status == 2)
      let piped = try await fixture.run([], input: "echo one\nlst\necho two\n")
      #expect(piped.stdout == "one\n")
      #expect(piped.status == 2)
    }
  }

  @Test func `a program drives the shell, statement by statement`() async throws {
    try await ProgramFixture.with { fixture in
      let running = try fixture.start()
      for number in 1...3 {
        running.write("echo \(number)\n")
        while !running.stdout.hasSuffix("\(number)\n") { await Task.yield() }
      }
      let outcome = await running.end()
      #expect(outcome.stdout == "1\n2\n3\n")
      #expect(outcome.status == 0)
    }
  }

  @Test func `lines and files run in the order written`() async throws {
    try await ProgramFixture.with { fixture in
      try fixture.write("two.lake", "#!/usr/bin/env -S devlake-shell -f\necho two\n")
      let run = try await fixture.run(["-c", "echo one", "-f", "two.lake"])
      #expect(run.stdout == "one\ntwo\n")
    }
  }

  @Test(arguments: [
    "-f mark.lake", "-c 'include mark.lake'", "plan mark.lake", "--check -f mark.lake",
  ])
  func `a byte order mark before a file moves no place in it`(_ words: String) async throws {
    try await ProgramFixture.with { fixture in
      try fixture.write("mark.lake", "\u{FEFF}lsit: 1\nversion: 1\nconnections: []\n")
      let run = try await fixture.shell("\"$0\" \(words)")
      #expect(run.status == 2)
      #expect(run.stderr.contains("mark.lake:1:1-"), "\(run.stderr)")
      #expect(run.stderr.contains("\n  lsit: 1\n  ^~~~"), "\(run.stderr)")
    }
  }

  @Test func `a mistake in the arguments is JSON where JSON is wanted`() async throws {
    try await ProgramFixture.with { fixture in
      for options in [["--json"], ["-o", "json"], ["--output", "ndjson"], ["--output=json"]] {
        let run = try await fixture.run(options + ["--bogus", "list"])
        #expect(run.status == 2)
        let object = try JSONSerialization.jsonObject(with: Data(run.stderr.utf8))
        #expect((object as? [String: Any])?["error"] != nil)
      }
    }
  }

  @Test func `a secret on the command line shows in no stream`() async throws {
    try await ProgramFixture.with { fixture in
      for faults in [[], ["POST /**=garbage"], ["*=close"]] {
        fixture.simulator.setFaults(try faults.map { try FaultRule(parsing: $0) })
        for words in [
          "rotate gitlab/1 --token CANARY", "create --plugin x --tokn CANARY", "-v test 1",
        ] {
          let run = try await fixture.run(words.split(separator: " ").map(String.init))
          #expect(!(run.stdout + run.stderr).contains("CANARY"), "\(run.stderr)")
        }
      }
    }
  }
}
