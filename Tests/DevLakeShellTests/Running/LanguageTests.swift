import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct LanguageTests {
  @Test(
    arguments: [
      ("let team = platform; echo $team", "platform\n"),
      ("let n = 5; let t = '5'; echo $n $t \"$n\"", "5 5 5\n"),
      ("let n = 5\nif $n == 5 { echo yes } else { echo no }", "yes\n"),
      ("let n = 007; echo $n; echo $n --json; echo '007'", "7\n7\n007\n"),
      ("let n = -0.50; echo $n; let z = 000; echo $z; let v = 1.50; echo $v", "-0.50\n0\n1.50\n"),
      ("let n = null; echo \"[$n]\" ${n:-none}", "[] none\n"),
      ("echo ${nothing:-default} ${nothing:-'a b'}", "default a b\n"),
      ("for x in a b c { echo $x }", "a\nb\nc\n"),
      ("let l = $(list --plugin github); for c in $l { echo ${c.id} }", "1\n2\n"),
      ("for c in $(list --plugin github) { echo \"${c.plugin}/${c.id}\" }", "github/1\ngithub/2\n"),
      ("let c = $(show github/1); echo ${c.name}", "GitHub - my-org\n"),
      ("let r = $(list --plugin github); echo ${r[1].id}", "2\n"),
      ("echo a && echo b || echo c", "a\nb\n"),
      ("exit 0 && echo b", ""),
      ("if test github/1 > /dev/null { echo fine }", "fine\n"),
      (
        "if not test github/1 > /dev/null { echo bad } else if 2 > 10 { echo odd } else { echo ok }",
        "ok\n"
      ),
      ("let x = $(for i in 1 2 3 { echo $i }); for i in $x { echo \"<$i>\" }", "<1>\n<2>\n<3>\n"),
      ("echo $(echo a; echo b)", "[\"a\",\"b\"]\n"),
      ("let a = b; echo 'x $a' \"x $a\" x$a", "x $a x b xb\n"),
      (
        "try { show github/99 } else { echo ${error.code} ${error.exit} ${error.status} }",
        "not-found 1 404\n"
      ),
      ("try { echo a } else { echo b }", "a\n"),
      ("echo $status", "0\n"),
      (
        "try { show github/99 } else { echo $status; echo $status; echo ${error.code} }",
        "1\n0\nnot-found\n"
      ),
      ("let w = 'a  b'; echo $w", "a  b\n"),
      ("let x = --force; echo $x", "--force\n"),
      ("echo ${env.PLACE} ${env.MISSING:-none}", "here none\n"),
      ("let x = 1\nunset x\necho ${x:-gone}", "gone\n"),
      ("if '10' > 9 and 'b' > 'a' and 'acme corp' ~ 'ACME*' { echo all }", "all\n"),
      ("if 1 == 2 or true { echo t }", "t\n"),
      ("for i in 1 2 { for j in a b { echo $i$j } }", "1a\n1b\n2a\n2b\n"),
      ("echo \"$(show github/1 --json)\" '~' > /dev/null", ""),
      (
        "let n = 9007199254740993; if $n == 9007199254740992 { echo wrong } else { echo right }",
        "right\n"
      ),
    ]
  )
  func `a script writes what its statements come to`(script: String, output: String) async throws {
    let outcome = try await ScriptHarness(environment: ["PLACE": "here"]).run(["-c", script])
    #expect(outcome.messages.isEmpty)
    #expect(outcome.output == output)
    #expect(outcome.code == 0)
  }

  @Test(
    arguments: [
      (
        "let c = $(list --plugin github)\necho ${c.name}", "<argument>:2:6-14", "list of 2 elements"
      ),
      ("let c = $(show github/1)\necho ${c.nam}", "<argument>:2:6-13", "'$c' has no 'nam'"),
      ("let c = $(show github/1); echo ${c[3].x}", "<argument>:1:32-40", "has no element [3]"),
      ("let x = 1; echo ${x.y}", "<argument>:1:17-22", "'$x' is a number and has no 'y'"),
      ("let l = $(list)\nif $l < 3 { echo a }", "<argument>:2:7", "not a list and the number 3"),
      ("let x = a; if $x { echo a }", "<argument>:1:15-16", "not a text"),
      ("let x = 1\nunset x\necho $x", "<argument>:3:6-7", "no variable named 'x'"),
      ("echo ${env.NOWHERE}", "<argument>:1:6-19", "no environment variable 'NOWHERE'"),
      ("show github/99", "<argument>:1:6-14", "no connection github/99"),
      ("let id = x-1; use github; show --id $id", "<argument>:1:37-39", "is not a connection ID"),
    ]
  )
  func `a script that fails while it runs says where, and stops`(
    script: String,
    place: String,
    message: String
  ) async throws {
    let outcome = try await ScriptHarness().run(["-c", script + "\necho never"])
    #expect(outcome.messages.hasPrefix("\(place): error: "), "\(outcome.messages)")
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    #expect(!outcome.output.contains("never"))
    #expect(outcome.code == 1 || outcome.code == 2)
  }

  @Test func `--keep-going goes on, sums up, and ends with 4`() async throws {
    let script = "echo a; show github/99; for x in 1 2 { echo $x; show github/98 }; echo z"
    let outcome = try await ScriptHarness().run(["-k", "-c", script])
    #expect(outcome.output == "a\n1\n2\nz\n")
    #expect(outcome.messages.hasSuffix("3 of 7 statements failed\n"))
    #expect(outcome.code == 4)
    let named = try await ScriptHarness().run(["-k", "-c", "show github/99; exit 9"])
    #expect(named.code == 9)
    let unnamed = try await ScriptHarness().run(["-k", "-c", "show github/99; exit; echo no"])
    #expect(unnamed.code == 4)
    #expect(unnamed.output.isEmpty)
  }

  @Test func `a list that is false fails its statement; conditions and try stop nothing`()
    async throws
  {
    let list = try await ScriptHarness().run(["-c", "show github/99 && echo a; echo never"])
    #expect(list.code == 1)
    #expect(list.output.isEmpty)
    let rescued = try await ScriptHarness().run(["-c", "show github/99 || echo b; echo on"])
    #expect(rescued.output == "b\non\n")
    #expect(rescued.code == 0)
    let tried = try await ScriptHarness().run(["-c", "try { show github/99; echo no }; echo on"])
    #expect(tried.output == "on\n")
    #expect(tried.messages.contains("error:"))
    let handled = try await ScriptHarness()
      .run(["-c", "try { show github/99 } else { echo handled }; echo on"])
    #expect(handled.output == "handled\non\n")
    #expect(handled.messages.isEmpty)
    let captured = try await ScriptHarness().run(["-c", "let x = $(show github/99); echo never"])
    #expect(captured.code == 1)
    #expect(captured.output.isEmpty)
    #expect(captured.messages.split(separator: "\n").filter { $0.contains("error:") }.count == 1)
  }

  @Test func `exit ends the script with its code, from inside blocks, captures and includes`()
    async throws
  {
    for script in [
      "exit 7; echo no", "for x in 1 2 { exit 7 }", "try { exit 7 } else { echo no }",
      "if echo a > /dev/null { exit 7 }; echo no", "echo $(exit 7)", "include out.lake; echo no",
    ] {
      let harness = ScriptHarness(files: ["out.lake": "exit 7\n"])
      let outcome = try await harness.run(["-c", script])
      #expect(outcome.code == 7, "\(script)")
      #expect(outcome.output.isEmpty, "\(script)")
    }
  }

  @Test func `script arguments are $1, $2, … of their file alone`() async throws {
    let files = [
      "a.lake": "echo $1 $2 ${3:-none}\ninclude sub/b.lake x\necho $team\n",
      "sub/b.lake": "echo \"b: $1\"\ninclude c.lake\n", "sub/c.lake": "let team = core\n",
    ]
    let outcome = try await ScriptHarness(files: files).run(["-f", "a.lake", "one", "--two"])
    #expect(outcome.output == "one --two none\nb: x\ncore\n")
    #expect(outcome.messages.isEmpty)
    let short = try await ScriptHarness(files: files).run(["-f", "a.lake", "one"])
    #expect(short.messages.hasPrefix("a.lake:1:9-10: error: no argument $2"))
    #expect(short.code == 2)
    let checked = try await ScriptHarness(files: files).run(["--check", "-f", "a.lake"])
    #expect(checked.code == 0)
    #expect(checked.messages.isEmpty)
  }
}
