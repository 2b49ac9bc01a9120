import Foundation
import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct LeavingTests {
  private func files(
    after script: String,
    _ given: [String: String] = [:],
    look: @escaping @Sendable (String) throws -> Void
  ) async throws -> ScriptHarness.Outcome {
    let lines = await TextLines("")
    return try await ScriptHarness(files: given).run(
      ["-c", script],
      lines: lines,
      inspecting: look
    )
    .outcome
  }

  @Test func `> writes a new file only its owner can read, >> adds to it`() async throws {
    let outcome = try await files(after: "echo a > x; echo b >> x; echo c > y; echo d > y") {
      folder in
      let x = try String(contentsOfFile: folder + "/x", encoding: .utf8)
      #expect(x == "a\nb\n")
      let y = try String(contentsOfFile: folder + "/y", encoding: .utf8)
      #expect(y == "d\n")
      let mode = try FileManager.default.attributesOfItem(atPath: folder + "/x")[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
    #expect(outcome.code == 0)
    #expect(outcome.output.isEmpty)
  }

  @Test func `a command without a result leaves the file as it was`() async throws {
    let outcome = try await files(
      after: "try { show github/99 > old }; try { show github/99 > new }",
      ["old": "kept\n"]
    ) { folder in
      let old = try String(contentsOfFile: folder + "/old", encoding: .utf8)
      #expect(old == "kept\n")
      #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
    }
    #expect(outcome.code == 0)
  }

  @Test(
    arguments: [
      ("delete github/1 --force > ⟦nowhere/x⟧", "cannot write 'nowhere/x': no such file"),
      ("echo a > ⟦\"made\\u{0}x\"⟧", "'>' needs a file name"),
      ("echo a > ⟦.⟧", "cannot write '.': is a directory"),
      ("echo a > ⟦/dev/full⟧", "cannot write '/dev/full': no space left"),
    ]
  )
  func `a file that cannot be written is told with its place, before the command runs`(
    marked: String,
    message: String
  ) async throws {
    let text = try MarkedText(marked)
    let outcome = try await ScriptHarness().run(["-c", text.source.text])
    let place = LineTable(text.source).place(of: try #require(text.spans.first)).text
    #expect(
      outcome.messages.hasPrefix("<argument>:\(place): error: \(message)"),
      "\(outcome.messages)"
    )
    #expect(outcome.code == 1 || outcome.code == 2)
    #expect(!outcome.requests.contains { $0.hasPrefix("DELETE") })
  }

  @Test(
    arguments: [
      ("let x = $(echo 'b a' | tr a-z A-Z); echo $x", "B A\n", 0),
      ("let n = $(list | head -1); echo $n", "Plugin", 0),
      ("let x = $(echo a | exit 3)", "", 1),
      ("let x = $(!cat); echo \"[$x]\"", "[]\n", 0),
      (
        "let t = $(!echo '[{\"a\":1},{\"a\":2}]'); for r in $(parse $t --as json) { echo ${r.a} }",
        "1\n2\n", 0
      ),
      ("!exit 7", "", 1),
      (
        "try { !exit 7 } else { echo ${error.message} }",
        "the shell command exited with code 7\n", 0
      ),
    ]
  )
  func `a pipe hands the result to sh; the command's status counts first`(
    script: String,
    output: String,
    code: Int32
  ) async throws {
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.output.hasPrefix(output), "\(outcome.output)\(outcome.messages)")
    #expect(outcome.code == code)
  }

  @Test func `a reader that leaves early is no failure`() async throws {
    let script = "let big = $(!seq 200000); let x = $(echo $big | true); echo done"
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.output == "done\n")
    #expect(outcome.code == 0)
  }
}
