import DevLakeKit
import DevLakeSimulator
import Foundation
import Synchronization
import Testing

@testable import DevLakeShell

/// `watch`: a command again and again, with what changed marked.
struct WatchTests {
  /// A place where something happens in each pause, the first first; later ones are quiet.
  private static func with(
    pauses: [@Sendable (Simulator) -> Void],
    _ body: (ShellFixture, _ waited: @escaping @Sendable () -> [Duration]) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let waited = Waited()
      let simulator = place.simulator
      var place = place
      place.pause = { duration in
        let number = waited.add(duration)
        if number < pauses.count { pauses[number](simulator) }
        try Task.checkCancellation()
      }
      try await body(place) { waited.all }
    }
  }

  private final class Waited: Sendable {
    private let durations = Mutex<[Duration]>([])
    var all: [Duration] { durations.withLock { $0 } }

    func add(_ duration: Duration) -> Int {
      durations.withLock { durations in
        durations.append(duration)
        return durations.count - 1
      }
    }
  }

  private static func fail(_ simulator: Simulator, _ rule: String) {
    simulator.setFaults((try? [FaultRule(parsing: rule)]) ?? [])
  }

  @Test func `it runs as often as told, with the pause between the runs`() async throws {
    try await Self.with(pauses: []) { place, waited in
      let shell = await place.run("watch --count 3 2.5 list --plugin jira")
      #expect(shell.exitCode == .success)
      #expect(shell.stdout.matches(of: /Jira - my-org/).count == 3)
      #expect(waited() == [.seconds(2.5), .seconds(2.5)])
      let headers = shell.stderr.split(separator: "\n")
      #expect(headers.count == 3)
      #expect(headers[0].hasSuffix("Z · list --plugin jira · run 1"))
      #expect(headers[2].hasSuffix("· run 3 · no change"))
    }
  }

  @Test func `what changed is marked, and what is gone is named`() async throws {
    let rename: @Sendable (Simulator) -> Void = {
      Self.fail(
        $0,
        #"GET /plugins/jira/connections=status:200:[{"id":1,"name":"A much longer name"}]"#
      )
    }
    try await Self.with(pauses: [rename]) { place, _ in
      let shell = await place.run("watch --count 3 1 list --plugin jira")
      let marked = shell.stdout.split(separator: "\n").filter { $0.hasSuffix("← changed") }
      #expect(marked.count == 1)
      #expect(marked.first?.contains("A much longer name") == true)
      #expect(shell.stderr.contains("run 2 · 1 line changed, 1 gone"))
      #expect(shell.stderr.contains("   gone: jira 1 Jira - my-org\n"))
      #expect(shell.stderr.contains("run 3 · no change"))
    }
  }

  @Test func `the formats of programs stay as they are`() async throws {
    try await Self.with(pauses: [{ Self.fail($0, "GET /plugins/jira/connections=status:200:[]") }])
    {
      place,
      _ in
      let shell = await place.run("watch --count 2 1 list --plugin jira -o ndjson; echo '{}'")
      let lines = shell.stdout.split(separator: "\n")
      #expect(lines.count == 2)
      for line in lines {
        _ = try JSONSerialization.jsonObject(with: Data(line.utf8), options: .fragmentsAllowed)
      }
      #expect(shell.stderr.contains("run 2 · changed"))
    }
  }

  @Test func `changes alone are shown when asked for`() async throws {
    let gone: @Sendable (Simulator) -> Void = {
      Self.fail($0, "GET /plugins/jira/connections=status:200:[]")
    }
    try await Self.with(pauses: [{ _ in }, gone]) { place, _ in
      let shell = await place.run("watch --changes --count 4 1 list --plugin jira")
      #expect(shell.stderr.matches(of: /run [0-9]/).count == 2)
      #expect(shell.stderr.contains("run 3"))
    }
  }

  @Test func `a failing run is told and does not end it`() async throws {
    try await Self.with(pauses: [
      { Self.fail($0, "*=status:500") }, { $0.setFaults([]) },
    ]) { place, _ in
      let shell = await place.run("watch --count 3 1 show jira/1; echo done")
      #expect(shell.exitCode == .success)
      #expect(shell.stderr.matches(of: /error:/).count == 1)
      #expect(shell.stderr.contains("run 2 · changed") || shell.stderr.contains("gone"))
      #expect(shell.stdout.hasSuffix("done\n"))
    }
  }

  @Test func `until-ok ends with the first success, count with the last failure`() async throws {
    try await Self.with(pauses: [{ _ in }, { $0.setFaults([]) }]) { place, waited in
      try place.setFaults("POST /**/test=status:500")
      let shell = await place.run("watch --until-ok 1 test jira/1")
      #expect(shell.exitCode == .success)
      #expect(waited().count == 2)
      let failed = await place.run("watch --until-ok --count 2 1 test jenkins/2")
      #expect(failed.exitCode == .failure)
    }
  }

  @Test func `the time a test takes is no change`() async throws {
    try await Self.with(pauses: []) { place, _ in
      let shell = await place.run("watch --count 2 1 test github/1 --json")
      #expect(shell.stderr.contains("run 2 · no change"), "\(shell.stderr)")
    }
  }

  @Test func `expansions are made anew in each run`() async throws {
    let empty: @Sendable (Simulator) -> Void = {
      Self.fail($0, "GET /plugins/jira/connections=status:200:[]")
    }
    try await Self.with(pauses: [empty]) { place, _ in
      let shell = await place.run("watch --count 2 1 echo $(list --plugin jira --fields id)")
      #expect(shell.stdout == "[{\"id\":1}]\n[]  ← changed\n")
    }
  }

  @Test func `Ctrl-C in a pause ends it`() async throws {
    try await ShellFixture.with(seed: .demo) { place in
      var place = place
      place.pause = { _ in throw CancellationError() }
      let shell = await place.run("watch 1 status; echo not reached")
      #expect(shell.exitCode == .interrupted)
      #expect(!shell.stdout.contains("not reached"))
      let typed = await place.type("watch 1 status", "echo still here")
      #expect(typed.exitCode == .success)
      #expect(typed.stdout.hasSuffix("still here\n"))
    }
  }

  @Test func `results of a capture and a file are those of all runs`() async throws {
    try await Self.with(pauses: []) { place, _ in
      let shell = await place.run(
        "let r = $(watch --count 2 1 status); echo ${r[1].version}; watch --count 2 1 status > all"
      )
      #expect(shell.stdout == "v1.0.3\n", "\(shell.everything)")
      #expect(place.folder.text("all")?.matches(of: /(?m)^DevLake/).count == 2)
    }
  }

  @Test(
    arguments: [
      ("watch", "needs SECONDS"), ("watch 5", "needs COMMAND"), ("watch 0 list", "at least 0.1"),
      ("watch x list", "at least 0.1"), ("watch 1 lst", "did you mean 'list'?"),
      ("watch 1 list --plgin x", "did you mean '--plugin'?"),
      ("watch 1 list --plugin githbu", "githbu"),
      ("watch 1 watch 1 list", "cannot run 'watch'"), ("watch 1 echo $nope", "no variable"),
      ("watch --cuont 1 1 list", "did you mean '--count'?"),
      ("watch 1 include nope.lake", "nope.lake"),
      ("watch 1 list | cat", "never ends"), ("let x = $(watch 1 list)", "never ends"),
    ]
  )
  func `a mistake is found before anything is sent`(_ line: String, _ says: String) async throws {
    try await ShellFixture.with(seed: .demo) { place in
      let shell = await place.run(line)
      #expect(shell.exitCode == .usage, "\(shell.everything)")
      #expect(shell.stderr.contains(says), "\(shell.stderr)")
      // Whether a near name is a plugin of the server's is asked.
      #expect(place.simulator.requests.allSatisfy { ["/version", "/plugins"].contains($0.path) })
    }
  }

  @Test func `a mistake only the run shows ends it`() async throws {
    try await Self.with(pauses: []) { place, waited in
      let shell = await place.run("watch 1 delete gitlab/1")
      #expect(shell.exitCode == .unasked)
      #expect(waited().isEmpty)
      #expect(await place.run("watch 1 exit 7").exitCode.rawValue == 7)
    }
  }

  @Test func `options of every command before the command are that one's`() async throws {
    try await Self.with(pauses: []) { place, _ in
      let shell = await place.run(
        words: "watch",
        "--json",
        "--count",
        "1",
        "1",
        "list",
        "--plugin",
        "jira"
      )
      try #expect(shell.record()["name"] as? String == "Jira - my-org")
      let help = await place.run("watch --help")
      #expect(help.stdout.contains("watch [options] SECONDS COMMAND…"))
    }
  }

  @Test func `a secret in the command does not stand in the line above the result`() async throws {
    try await Self.with(pauses: []) { place, _ in
      let shell = await place.run("watch --count 1 1 rotate gitlab/1 --token glpat-Canary424242")
      #expect(!shell.everything.contains("Canary"))
      #expect(shell.stderr.contains("rotate gitlab/1 --token <redacted>"))
    }
  }
}
