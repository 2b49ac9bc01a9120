import DevLakeKit
import Testing

@testable import DevLakeShell

/// Words that fingers type, at the prompt and elsewhere.
struct PromptWordTests {
  @Test(arguments: [
    ("ls --plugin github --fields name", "list --plugin github --fields name"),
    ("? set", "help set"), ("man rotate", "help rotate"), ("help ro", "help rotate"),
    ("help keyb", "help keyboard"), ("source ~/hello.lake", "echo hello"),
    (". ~/hello.lake", "echo hello"), ("include ~/hello.lake", "echo hello"),
  ])
  func `at the prompt a word of another shell means ours`(typed: String, meant: String) async throws
  {
    let harness = ScriptHarness(files: ["hello.lake": "echo hello\n"])
    let wanted = try await harness.prompt(meant + "\n")
    let found = try await harness.prompt(typed + "\n")
    #expect(found.output == wanted.output)
    #expect(found.code == 0)
    #expect(!wanted.output.isEmpty)
  }

  @Test(arguments: [
    ("rm github/1", "no command named 'rm'", "'delete SEL' deletes connections"),
    ("q", "no command named 'q'", "'quit' leaves the shell"),
    ("version", "no command named 'version'", "'status' shows"),
  ])
  func `what is better not guessed says what is meant`(
    typed: String,
    message: String,
    help: String
  ) async throws {
    let outcome = try await ScriptHarness().prompt(typed + "\necho still here\n")
    #expect(outcome.messages.contains(message))
    #expect(outcome.messages.contains(help))
    #expect(outcome.output == "still here\n")
    #expect(!outcome.requests.contains { $0.hasPrefix("DELETE") })
  }

  @Test(arguments: ["ls", "?", "source x.lake", "help ro"])
  func `in a script words are whole`(line: String) async throws {
    let outcome = try await ScriptHarness().run(["-c", line])
    #expect(outcome.code == 2)
    #expect(outcome.requests.isEmpty)
  }

  @Test func `help set names every setting and its values`() async throws {
    let page = try await ScriptHarness().run(["help", "set"]).output
    // The page breaks its lines at blanks.
    let help = page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for entry in Settings.entries { #expect(help.contains(entry.name)) }
    #expect(help.contains("timing on|off"))
    #expect(help.contains("color auto|always|never"))
    #expect(help.contains("parallel 1-256"))
  }

  @Test func `set timing on tells how long a line took, at the prompt`() async throws {
    let outcome = try await ScriptHarness().prompt(
      "set timing on\necho a\nset timing off\necho b\n"
    )
    let told = outcome.messages.split(separator: "\n").filter { $0.hasPrefix("Time: ") }
    // The line that turns it on, and the one behind it.
    #expect(told.count == 2)
    #expect(told.allSatisfy { $0.hasSuffix(" ms") })
    #expect(outcome.output == "a\nb\n")
  }

  @Test(arguments: [
    (Duration.milliseconds(7), "7 ms"), (.milliseconds(9_999), "9999 ms"),
    (.milliseconds(12_345), "12.3 s"),
  ])
  func `a time is told in milliseconds, a long one in seconds`(time: Duration, text: String) {
    #expect(Shell.shown(time) == text)
  }

  @Test func `at the prompt a grep that finds nothing is no alarm`() async throws {
    let typed = try await ScriptHarness().prompt("list | grep nothing-has-this\necho $status\n")
    #expect(typed.messages.contains("exited with code") == false)
    #expect(typed.output == "1\n")
    let script = try await ScriptHarness().run(["-c", "list | grep nothing-has-this"])
    #expect(script.messages.contains("the shell command exited with code 1"))
    #expect(script.code == 1)
  }

  @Test func `the place of a failed connect is the address`() async throws {
    let outcome = try await ScriptHarness().prompt("connect http://127.0.0.1:1\n")
    #expect(outcome.messages.contains("\n          ^~~~~"))
  }

  @Test(arguments: ["edit", "edit github/1"])
  func `edit needs a person`(line: String) async throws {
    let outcome = try await ScriptHarness().run(["-c", line])
    #expect(outcome.code == 5)
    #expect(outcome.messages.contains("'edit' needs a person at a terminal"))
    #expect(outcome.requests.isEmpty)
  }
}
