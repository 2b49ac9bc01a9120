import Foundation
import Synchronization
import Testing

@testable import DevLakeShell

@Suite struct DoorTests {
  static let script = """
    let team = platform
    echo "$team is next"
    use github
    list
    for c in $(list) {
      echo ${c.name}
    }
    if test 1 { echo fine } else { echo broken }
    try {
      show 99
    } else {
      echo ${error.code}
    }
    list --plugin jira --json && echo both
    show github/1 --output vertical

    """

  @Test func `the same script gives the same bytes through every door`() async throws {
    let files = [
      "a.lake": Self.script, "crlf.lake": "\u{FEFF}" + Self.script.replacing("\n", with: "\r\n"),
    ]
    let harness = ScriptHarness(files: files)
    let expected = try await harness.run(["-f", "a.lake"])
    #expect(expected.code == 0)
    #expect(expected.output.contains("platform is next"))
    let doors = [
      try await harness.run(["-c", Self.script]),
      try await harness.run([], input: Self.script),
      try await harness.run(["-f", "-"], input: Self.script),
      try await harness.run(["-f", "crlf.lake"]),
      try await harness.run(["include", "a.lake"]),
      try await harness.prompt(Self.script),
    ]
    for door in doors {
      #expect(door.output == expected.output)
      #expect(door.code == 0)
    }
  }

  @Test func `what is piped in runs up to a mistake, and ends with 2`() async throws {
    let outcome = try await ScriptHarness().run([], input: "echo a\nlst; echo b\necho c\n")
    #expect(outcome.output == "a\n")
    #expect(outcome.messages.hasPrefix("<stdin>:2:1-3: error: no command named 'lst'"))
    #expect(outcome.code == 2)
    let open = try await ScriptHarness().run([], input: "echo a\nif true {\necho b\n")
    #expect(open.output == "a\n")
    #expect(open.messages.hasPrefix("<stdin>:2:9: error: this block is never closed"))
    #expect(open.code == 2)
  }

  @Test func `--check reads what is piped in as a whole, and runs nothing`() async throws {
    let outcome = try await ScriptHarness().run(["--check"], input: "echo a\nlst\nlsit\n")
    #expect(outcome.output.isEmpty)
    #expect(outcome.messages.contains("<stdin>:2:1-3: "))
    #expect(outcome.messages.contains("<stdin>:3:1-4: "))
    #expect(outcome.code == 2)
  }

  @Test
  func `at the prompt a mistake is told and the session goes on; abbreviations count there only`()
    async throws
  {
    let outcome = try await ScriptHarness().prompt(
      "lst\necho $nothing\nec on\nshow github/99\necho z\n"
    )
    #expect(outcome.output == "on\nz\n")
    #expect(outcome.code == 0)
    #expect(outcome.messages.contains("\nerror: no variable named 'nothing'\n"))
  }

  @Test func `an included file must spell its commands out, also at the prompt`() async throws {
    let harness = ScriptHarness(files: ["a.lake": "ec in\n"])
    for line in ["include a.lake", "let f = a.lake; include $f"] {
      let outcome = try await harness.prompt("\(line)\nec on\n")
      #expect(outcome.output == "on\n")
      #expect(outcome.messages.contains("a.lake:1:1-2: error: no command named 'ec'"))
      #expect(!outcome.messages.contains("<terminal>"))
    }
  }

  @Test func `the start-up file runs before the first prompt, and its mistakes keep nobody out`()
    async throws
  {
    let harness = ScriptHarness(files: ["rc.lake": "let team = core\n", "bad.lake": "lst\n"])
    let outcome = try await harness.prompt("echo $team\n", startupFile: "rc.lake")
    #expect(outcome.output == "core\n")
    let bad = try await harness.prompt("echo on\n", startupFile: "bad.lake")
    #expect(bad.output == "on\n")
    #expect(bad.messages.contains("bad.lake:1:1-3: error: "))
  }

  @Test func `errors are JSON where results are, also for one command that asks for it`()
    async throws
  {
    for arguments in [
      ["--json", "-c", "show github/99"], ["-c", "show github/99 --json"],
      ["show", "github/99", "--json"], ["-c", "show github/99 -o ndjson"],
      ["list", "--json", "--plugin", "githbu"],
    ] {
      let outcome = try await ScriptHarness().run(arguments)
      let data = Data(outcome.messages.utf8)
      let object = try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
      let error = try #require(object?["error"], "\(arguments)")
      #expect(error["code"] is String)
      #expect((error["source"] as? [String: Any])?["line"] as? Int == 1)
    }
  }

  /// Hands out a statement only when the result of the one before was flushed.
  @MainActor
  final class Driver: LineSource {
    let name = "<stdin>"
    let isInteractive = false
    let results: FlushedText
    private(set) var answers: [String] = []
    private var asked = 0

    init(_ results: FlushedText) { self.results = results }

    func next(prompt: String) -> LineRead {
      if asked > 0 { answers.append(results.takeFlushed()) }
      guard asked < 200 else { return .end }
      asked += 1
      return .line("echo \"answer $(echo \(asked))\"")
    }
  }

  @Test
  @MainActor
  func `200 exchanges: each result is flushed before the next statement is awaited`() async throws {
    let results = FlushedText()
    let driver = Driver(results)
    let console = Console(results: results, messages: CollectedText())
    let (outcome, _) = try await ScriptHarness().run([], lines: driver, console: console)
    #expect(outcome.code == 0)
    #expect(driver.answers == (1...200).map { "answer \($0)\n" })
  }

  @Test func `when nobody reads the results any more the script ends quietly`() async throws {
    let (results, messages) = (CollectedText(), CollectedText())
    results.fail(with: .readerLeft)
    let console = Console(results: results, messages: messages)
    let lines = await TextLines("")
    let (outcome, made) = try await ScriptHarness().run(
      ["-c", "echo a; echo b > made"],
      lines: lines,
      console: console,
      inspecting: { FileManager.default.fileExists(atPath: $0 + "/made") }
    )
    #expect(outcome.code == 141)
    #expect(messages.text.isEmpty)
    #expect(!made)
  }
}

/// A sink that tells what was flushed.
final class FlushedText: TextSink {
  private let state = Mutex((waiting: "", flushed: ""))
  var failure: OutputFailure? { nil }

  func write(_ text: String) { state.withLock { $0.waiting += text } }

  func flush() {
    state.withLock { state in
      state.flushed += state.waiting
      state.waiting = ""
    }
  }

  func takeFlushed() -> String {
    state.withLock { state in
      defer { state.flushed = "" }
      return state.flushed
    }
  }
}
