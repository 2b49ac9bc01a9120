import Foundation
import ShellLanguage
import Testing

@testable import DevLakeShell

/// What `sh` makes of a `cmd:` reference with values in it: the values, byte for byte, and no command.
@Suite struct CommandReferenceTests {
  @Test(
    arguments: [
      "plain", "a b", "", "'", "''", "it's", "\"", "\\", "\\'", "$HOME", "$(touch made)",
      "`touch made`",
      "; touch made", "&& touch made", "| touch made", "> made", "#", "*", "~", "!!", "a\nb",
      "a\tb",
      "-n", "'; touch made; '", "\"; touch made; \"", "${IFS}", "é", "\u{2019}", "${lake_1}",
    ]
  )
  func `a value reaches the command as one word, whatever it contains`(value: String) throws {
    var reference = CommandReference(head: "cmd:")
    reference.add(written: "cmd:printf '%s|' before ")
    reference.add(value: value)
    reference.add(written: " ")
    reference.add(value: value + value)
    reference.add(written: " after")
    let folder = try TestFolder()
    #expect(reference.text.hasPrefix("cmd:"))
    let output = try Self.sh(String(reference.text.dropFirst(4)), in: folder.path(""))
    #expect(output == "before|\(value)|\(value + value)|after|")
    #expect(!FileManager.default.fileExists(atPath: folder.path("made")))
  }

  @Test func `a value next to text is one word with it`() throws {
    var reference = CommandReference(head: "token=cmd:")
    reference.add(written: "token=cmd:printf '%s|' /run/")
    reference.add(value: "a b")
    reference.add(written: "/x")
    #expect(reference.text.hasPrefix("token=cmd:"))
    let command = String(reference.text.dropFirst("token=cmd:".count))
    #expect(try Self.sh(command, in: "/") == "/run/a b/x|")
  }

  @Test func `a command without values is left as it is written`() {
    var reference = CommandReference(head: "cmd:")
    reference.add(written: "cmd:pass show 'a b' | head -1")
    #expect(reference.text == "cmd:pass show 'a b' | head -1")
  }

  @Test(
    arguments: [
      ("\"cmd:echo $t\"", false), ("\"cmd:echo a $t b\"", false), ("\"cmd:echo '$t'\"", true),
      ("\"cmd:echo \\\"$t\\\"\"", true), ("\"cmd:echo 'a' $t\"", false),
      ("\"cmd:echo 'a\\\"b' $t\"", false), ("\"cmd:echo \\\\\\\\ $t\"", false),
      ("\"cmd:echo \\\\$t\"", true), ("\"cmd:echo 'a $u' $t\"", true), ("\"env:$t\"", false),
    ]
  )
  func `an expansion inside quotes of sh is refused`(word: String, isRefused: Bool) throws {
    let script = try parsed("rotate github/1 --token \(word)")
    guard case .list(.command(let piped))? = script.statements.first else {
      Issue.record("no command")
      return
    }
    let last = try #require(piped.command.words.last)
    #expect((CommandReference.misplacedPart(in: last, as: .secret) != nil) == isRefused)
  }

  private static func sh(_ command: String, in folder: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(filePath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
