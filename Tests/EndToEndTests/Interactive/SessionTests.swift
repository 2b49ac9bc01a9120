import DevLakeSimulator
import Foundation
import Glibc
import Testing

/// What a person meets in a day's work at the prompt.
struct SessionTests {
  @Test func `the prompt tells of a DevLake that went away and of its return`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      // One who breaks off is there; one who no longer listens is not.
      fixture.simulator.setFaults([try FaultRule(parsing: "/**=reset")])
      try terminal.type("list\r")
      try terminal.expect("error: ")
      try terminal.prompt("  devlake> ")
      await fixture.simulator.stop()
      try terminal.type("use github\rlist\r")
      try terminal.expect("(connection refused)")
      try terminal.prompt("  devlake/github (disconnected)> ")
      let port = try #require(Int(fixture.simulator.url.split(separator: ":").last ?? ""))
      let again = try await Simulator.start(port: port, seed: .demo)
      try terminal.type("list\r")
      try terminal.expect("GitHub - my-org-labs")
      try terminal.prompt("  devlake/github> ")
      await again.stop()
    }
  }

  @Test func `Tab knows a connection that was made a moment ago`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("create --plugin jenkins --name Fresh --endpoint https://j.example.com/ ")
      try terminal.type("--username u --token env:NEW\r")
      try terminal.expect("Created Jenkins connection (ID=3)")
      try terminal.prompt("devlake> ")
      try terminal.type("test Fre\t")
      try terminal.expect("test Fresh ")
      try terminal.type("\r")
      try terminal.expect("✅ jenkins/3 \"Fresh\"")
    }
  }

  @Test func `Tab and typing go on while DevLake hangs`() async throws {
    try await ProgramFixture.with(faults: ["GET /plugins/**=hang"]) { fixture in
      let terminal = try fixture.terminal("--verbose")
      try terminal.expect("GET /version: 200")
      try terminal.prompt("devlake> ")
      try terminal.type("test jenkins/2\t --par\t")
      try terminal.expect("test jenkins/2 --parallel ")
      try terminal.type("\u{15}echo al''ive\r")
      try terminal.expect("\nalive\n")
      // What was asked was given up by nobody yet: nothing has waited for it.
      #expect(!terminal.transcript.contains("no answer"))
    }
  }

  @Test func `progress shows how many are done and which is slow, and leaves no trace`()
    async throws
  {
    try await ProgramFixture.with(faults: ["POST /plugins/jira/**=hang"]) { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("test github/1 jira/1 --timeout 3\r")
      try terminal.expect("1 of 2, waiting for jira/1")
      try terminal.expect("✅ github/1")
      try terminal.prompt("devlake> ")
      #expect(ScreenText.last(of: terminal.bytes).contains("waiting") == false)
    }
  }

  @Test func `a question is not drawn over by progress`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("delete github/2\r")
      try terminal.prompt("(yes/no): ")
      let before = terminal.bytes.count
      // By then the progress of the one that asks would show, too: it began before.
      fixture.simulator.setFaults([try FaultRule(parsing: "POST /plugins/jira/**=hang")])
      let other = try fixture.terminal("test", "jira/1")
      try other.expect("waiting for jira/1, 1 s")
      try terminal.type("n")
      try terminal.expect("n")
      #expect(!String(decoding: terminal.bytes[before...], as: UTF8.self).contains("waiting"))
      try terminal.type("\u{7F}")
      try terminal.type("no\r")
      try terminal.prompt("devlake> ")
    }
  }

  @Test func `a placeholder from the history is not taken for a secret`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("rotate github/1 --token '<redacted>'\r")
      try terminal.expect("is a placeholder, not a secret; enter the secret again")
      try terminal.prompt("devlake> ")
      #expect(!fixture.simulator.requests.contains { $0.method != "GET" })
    }
  }

  @Test func `an entry of several rows is one line of the history, without its secret`()
    async throws
  {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("for x in 1 {\r")
      try terminal.expect("{… ")
      try terminal.type("rotate github/1 --tokn ghp_geheimgeheimgeheim\r}\r")
      try terminal.expect("did you mean '--token'?")
      try terminal.prompt("devlake> ")
      try terminal.type("\u{1B}[A")
      try terminal.expect("<redacted>")
      let history = try #require(fixture.text(".local/state/devlake-shell/history"))
      #expect(history == "for x in 1 {\\nrotate github/1 --tokn <redacted>\\n}\n")
      #expect(!terminal.transcript.contains("geheimgeheim\n}\ndevlake> for"))
    }
  }

  @Test func `two sessions at once keep every line of both`() async throws {
    try await ProgramFixture.with { fixture in
      let (one, two) = (try fixture.terminal(), try fixture.terminal())
      for terminal in [one, two] { try terminal.prompt("devlake> ") }
      for number in 1...5 {
        for (name, terminal) in [("one", one), ("two", two)] {
          try terminal.type("echo \(name) \(number)\r")
          try terminal.expect("\n\(name) \(number)\n")
          try terminal.prompt("devlake> ")
        }
      }
      // What the other typed is there as soon as this one has entered a line.
      try one.type("history 'two 5'\r")
      try one.expect("echo two 5")
      let history = try #require(fixture.text(".local/state/devlake-shell/history"))
      #expect(history.split(separator: "\n").count == 11)
    }
  }

  @Test func `history shows, searches and is switched off`() async throws {
    try await ProgramFixture.with { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      for line in ["echo k''ept", "set history off", "echo unk''ept", " echo bl''ank"] {
        try terminal.type(line + "\r")
        try terminal.prompt("devlake> ")
      }
      try terminal.type("set history on\r")
      try terminal.prompt("devlake> ")
      try terminal.type("history EPT\r")
      try terminal.expect("  echo k''ept\n")
      #expect(!(try terminal.expect("  history EPT\n").contains("unk")))
      let history = try #require(fixture.text(".local/state/devlake-shell/history"))
      #expect(!history.contains("unk") && !history.contains("bl"))
    }
  }

  @Test func `type-ahead is for the next lines`() async throws {
    try await ProgramFixture.with(faults: ["POST /plugins/github/**=slow:400"]) { fixture in
      let terminal = try fixture.terminal()
      try terminal.prompt("devlake> ")
      try terminal.type("test github/1\recho ah''ead\recho ha''lf")
      try terminal.expect("✅ github/1")
      try terminal.expect("ahead\n")
      try terminal.prompt("devlake> echo ha''lf")
      try terminal.type("way\r")
      try terminal.expect("\nhalfway\n")
    }
  }
}

/// The last row a terminal's bytes leave, as far as a test of traces needs it.
enum ScreenText {
  static func last(of bytes: [UInt8]) -> String {
    var row: [Character] = []
    var column = 0
    var rest = Array(String(decoding: bytes, as: UTF8.self))[...]
    while let character = rest.popFirst() {
      switch character {
      case "\n", "\r\n": (row, column) = ([], 0)
      case "\r": column = 0
      case "\u{1B}":
        guard rest.first == "[" else { continue }
        let end = rest.firstIndex { $0.isLetter } ?? rest.endIndex
        if end < rest.endIndex, rest[end] == "K" { row.removeLast(max(0, row.count - column)) }
        rest = rest[min(end + 1, rest.endIndex)...]
      default:
        if column < row.count { row[column] = character } else { row.append(character) }
        column += 1
      }
    }
    return String(row)
  }
}
