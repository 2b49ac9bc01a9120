import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

/// What is wrong on this machine costs what needs it, and nothing else.
struct LocalFaultTests {
  @Test(arguments: [("<&-", 0), (">&-", 1), ("2>&-", 0), ("<&- 2>&-", 0), ("<&- >&- 2>&-", 1)])
  func `a stream that is closed is missed by nothing but its own text`(
    _ closing: String,
    _ status: CInt
  ) async throws {
    try await ProgramFixture.with { fixture in
      let line = #""$0" update jira/1 --name renamed --json "#
      let outcome = try await fixture.shell(line + closing)
      #expect(outcome.status == status, "\(outcome.stderr)")
      // The connection was changed, and no file got text that was meant for a stream.
      #expect(fixture.simulator.connections("jira").first?["name"] == "renamed")
      let state = try #require(fixture.text(".devlake-local.json"))
      #expect(throws: Never.self) { try JSONValue(parsing: Array(state.utf8)) }
    }
  }

  @Test func `files that are used up are no fault of the URL`() async throws {
    try await ProgramFixture.with { fixture in
      let outcome = try await fixture.shell(#"ulimit -n 16; "$0" list"#)
      // Some lists may have come before.
      #expect([3, 4].contains(outcome.status), "\(outcome)")
      #expect((outcome.stdout + outcome.stderr).contains("too many open files"), "\(outcome)")
      #expect(!outcome.stderr.contains("check the URL"), "\(outcome.stderr)")
    }
  }

  @Test func `a disk that is full is said, and what was there stays`() async throws {
    try await ProgramFixture.with { fixture in
      let text = #"{"endpoints":{"backend":"\#(fixture.simulator.url)"},"mine":1}"#
      try fixture.write(".devlake-local.json", text)
      try fixture.write(".devlake.env", "JIRA_TOKEN=abcdefgh\nOTHER=kept\n")
      // Files that may not grow: the streams are pipes.
      let line = #"( ulimit -f 0; "$0" rotate jira/1 2>&1; echo "code $?" ) | cat"#
      let outcome = try await fixture.shell(line)
      #expect(outcome.stdout.contains("✅ Rotated jira/1"), "\(outcome.stdout)")
      #expect(outcome.stdout.contains("code 0"))
      #expect(outcome.stdout.contains("not recorded in the audit log"))
      #expect(outcome.stdout.contains("warning: env file"))
      #expect(fixture.text(".devlake-local.json") == text)
      #expect(fixture.text(".devlake.env") == "JIRA_TOKEN=abcdefgh\nOTHER=kept\n")
      let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
      #expect(!left.contains { $0.hasSuffix(".tmp") })
    }
  }

  @Test(arguments: [#""$0" list > /dev/full"#, #"ulimit -f 0; "$0" -c 'list > out'"#])
  func `results that cannot be written are a failure`(_ line: String) async throws {
    try await ProgramFixture.with { fixture in
      let outcome = try await fixture.shell("( \(line); echo code $? >&2 ) 2>&1 | cat")
      #expect(outcome.stdout.contains("cannot write"), "\(outcome.stdout)")
      #expect(outcome.stdout.contains("code 1"))
    }
  }

  @Test func `a line of a megabyte is one line, and its mistake is shown short`() async throws {
    try await ProgramFixture.with { fixture in
      let long = String(repeating: "x", count: 1 << 20)
      let written = try await fixture.run([], input: "echo \(long)\n")
      #expect(written.stdout == long + "\n")
      let wrong = try await fixture.run([], input: "lisst \(long)\n")
      #expect(wrong.status == 2)
      #expect(wrong.stderr.hasPrefix("<stdin>:1:1-5: error: no command named 'lisst'"))
      #expect(wrong.stderr.utf8.count < 1000)
    }
  }

  @Test func `a script of a hundred thousand lines runs, and is checked whole`() async throws {
    try await ProgramFixture.with { fixture in
      var lines = (0..<100_000).map { "let x = \($0)" } + ["echo $x"]
      try fixture.write("long.lake", lines.joined(separator: "\n"))
      let run = try await fixture.run(["-f", "long.lake"])
      #expect(run.stdout == "99999\n")
      let piped = try await fixture.run([], input: lines.joined(separator: "\n"))
      #expect(piped.stdout == "99999\n")
      lines.append("ecko $x")
      try fixture.write("wrong.lake", lines.joined(separator: "\n"))
      let checked = try await fixture.run(["-f", "wrong.lake"])
      #expect(checked.status == 2)
      #expect(checked.stdout.isEmpty)
      #expect(checked.stderr.hasPrefix("wrong.lake:100002:1-4: error: no command named 'ecko'"))
    }
  }

  @Test func `without a terminal's name and a locale the text is plain`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["TERM"] = nil
      fixture.environment["LC_ALL"] = "C"
      let outcome = try await fixture.run(["test", "jira/1"])
      #expect(outcome.stdout == "ok jira/1 \"Jira - my-org\": Connection test passed\n")
      #expect(outcome.stderr.isEmpty)
    }
  }

  @Test func `without a home folder everything works but what is kept there`() async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["HOME"] = nil
      let outcome = try await fixture.run(["-c", "update jira/1 --name renamed; history; audit"])
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(fixture.simulator.connections("jira").first?["name"] == "renamed")
      #expect(outcome.stderr.contains("warning: there is no audit log"))
    }
  }

  /// A home that is not there, or where nothing may be made.
  @Test(arguments: [nil, "", "relative", "/proc/not/there", "/proc"])
  func `that no audit log is kept is said once, and the changes count`(
    _ home: String?
  ) async throws {
    try await ProgramFixture.with { fixture in
      fixture.environment["HOME"] = home
      let lines = [
        "update jira/1 --name renamed", "update jira/1 --name again",
        "rotate jira/1 --token text:fresh", "delete gitlab/2 --force",
        "create --plugin circleci --name new --token text:fresh",
      ]
      let outcome = try await fixture.run(["-c", lines.joined(separator: "; ")])
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let said = outcome.stderr.split(separator: "\n").filter { line in
        ["warning:", "help:"].contains { line.hasPrefix($0) }
      }
      // When secrets were set is not recorded either, which each change of one says.
      let ofLog = said.count {
        $0.hasPrefix("warning: changes are not recorded in the audit log: ")
      }
      #expect(ofLog == 1, "\(outcome.stderr)")
      let failed = try await fixture.run(["delete", "jira/77", "--force"])
      #expect(failed.status == 1)
    }
  }

  @Test func `without a terminal a question names the options that answer it`() async throws {
    try await ProgramFixture.with { fixture in
      // A session of its own has no terminal to ask on, even where stderr is one.
      let outcome = try await fixture.shell(
        #"exec setsid -w "$0" create --plugin jenkins < /dev/zero"#
      )
      #expect(outcome.status == 5)
      for option in ["--endpoint", "--username", "--token"] {
        #expect(outcome.stderr.contains(option))
      }
    }
  }
}
