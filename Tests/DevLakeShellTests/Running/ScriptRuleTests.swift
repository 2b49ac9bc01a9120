import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell
@testable import ShellLanguage

/// What the rules of the grammar promise, good and bad, rule by rule.
@Suite struct ScriptRuleTests {
  @Test(
    arguments: [
      // A value as a statement, and where results go.
      ("let x = a; $x; ${x}; $(echo b); $(( 1 + 1 ))", "a\na\nb\n2\n"),
      ("let l = $(list --plugin github); ${l[0].name}; ${#l}", "GitHub - my-org\n2\n"),
      ("for i in 1 2 { echo $i } > f; echo $(!cat f)", "1\n2\n"),
      ("echo $( { echo a; echo b } | tr ab cd )", "c\nd\n"),
      ("if true { echo a } else { echo b } >> f; try { echo c } >> f; echo $(!cat f)", "a\nc\n"),
      ("let x = a; $x > f; echo $( $x | tr a b ); echo $(!cat f)", "b\na\n"),
      // while, break, continue.
      ("let n = 0; while $n < 3 { let n = $(( $n + 1 )); echo $n }", "1\n2\n3\n"),
      ("while true { echo a; break; echo b }", "a\n"),
      ("for x in 1 2 3 { if $x == 2 { continue }; echo $x }", "1\n3\n"),
      ("for x in 1 2 { for y in 1 2 { if $y == 2 { break }; echo $x$y } }", "11\n21\n"),
      ("for x in 1 2 { try { break } }; echo end", "end\n"),
      ("let n = 0; while $n < 2 and true { let n = $(( $n + 1 )) }; echo $n", "2\n"),
      // def, return, and scopes.
      ("def twice X { echo $X; echo $X }; twice a", "a\na\n"),
      ("def f X { return $(( $X * 2 )); echo never }; let y = $(f 21); echo $y", "42\n"),
      ("def f { echo a; return b }; let l = $[ f ]; echo ${#l} ${l[1]}", "2 b\n"),
      ("let x = 1; def f X { let X = 9; let x = $X }; f 2; echo $x", "9\n"),
      ("def f X { let X = 9 }; let X = 1; f 2; echo $X", "1\n"),
      ("def f N { if $N > 0 { echo $N; f $(( $N - 1 )) } }; f 3", "3\n2\n1\n"),
      (
        "def ok X { test $X }; if ok github/1 { echo fine }; if not ok jenkins/2 { echo bad }",
        "fine\nbad\n"
      ),
      ("def f X { for y in 1 2 { return $X } }; f a", "a\n"),
      // $[ ], $(( )), lengths and indexes.
      ("let l = $[ ]; echo ${#l}; let l = $[ echo a ]; echo ${#l}", "0\n1\n"),
      ("let l = $[ list ]; echo ${#l}; let m = $[ list; list ]; echo ${#m}", "14\n28\n"),
      ("let l = $[ for c in $(list) { if not test $c { $c } } ]; echo ${l[0].plugin}", "jenkins\n"),
      ("echo $[ ![ -d / ] && echo yes ]", "[\"yes\"]\n"),
      (
        "echo $((2 + 3 * 4)) $(( (2 + 3) * 4 )) $((7 / 2)) $((-7 / 2)) $((7 % 3))", "14 20 3 -3 1\n"
      ),
      ("let n = 4; let t = '6'; echo $(( $n * $t - ${n} )) x$((1+1))y", "20 x2y\n"),
      (
        "echo $((9223372036854775806 + 1)) $((-9223372036854775807))",
        "9223372036854775807 -9223372036854775807\n"
      ),
      ("let t = 'aé😀'; let z = null; let r = $(show github/1); echo ${#t} ${#z}", "3 0\n"),
      ("let l = $[ echo a; echo b ]; let i = 1; echo ${l[$i]}", "b\n"),
      ("let r = $(parse '{\"a b\":1}' --as json); let k = 'a b'; echo ${r[$k]}", "1\n"),
      // for k, v.
      ("for k, v in $(parse '{\"x\":1,\"y\":\"z\"}' --as json) { echo $k=$v }", "x=1\ny=z\n"),
      ("for i,e in $[ echo a; echo b ] { echo $i$e }", "0a\n1b\n"),
      ("for k , v in $(status) { if $k == ready { echo $v } }", "true\n"),
      // Defaults that expand.
      (
        "let x = a; echo ${none:-$x} ${none:-\"<$x>\"} ${none:-$(echo b)} ${none:-${env.NO:-c}}",
        "a <a> b c\n"
      ),
      ("let l = ${none:-$[ echo a; echo b ]}; echo ${#l}", "2\n"),
      // Built-in variables.
      ("echo ${#args}; for a in $args { echo $a }", "0\n"),
      // read and parse.
      (
        "echo 'a,b' > t.csv; echo '1,\"x, y\"' >> t.csv; for r in $(read t.csv) { echo ${r.b} }",
        "x, y\n"
      ),
      ("for l in $(parse $(!seq 3) --as lines) { echo $l }", "1\n2\n3\n"),
      ("let r = $(parse '[{\"a\":1}]' --as json); echo ${r.a}", "1\n"),
      ("let r = $(parse \"a: 1\\nb: x\" --as yaml); echo ${r.b}", "x\n"),
      (
        "for r in $(parse \"{\\\"a\\\":1}\\n{\\\"a\\\":2}\\n\" --as ndjson) { echo ${r.a} }",
        "1\n2\n"
      ),
      ("let t = $(!echo '[1,2]'); echo ${#t}", "5\n"),
      ("!printf 'a\\nb' > /dev/null; let t = $(!printf 'a\\nb\\n'); echo \"[$t]\"", "[a\nb]\n"),
      ("let n = 0; for l in $(parse '' --as lines) { let n = 1 }; echo $n", "0\n"),
      // What leaves is what it was.
      (
        "echo \"a\\tb\\u{7f}\\u{200b}c\" > f; echo $(!od -An -tx1 f)",
        " 61 09 62 7f e2 80 8b 63 0a\n"
      ),
      ("echo $( echo \"a\\tb\" | od -An -c )", "   a  \\t   b  \\n\n"),
      ("echo a --output csv; echo 'b,c' --output csv", "a\n\"b,c\"\n"),
      (
        "echo a --output yaml; echo 😀 --output yaml; echo c --output yaml >> f; echo d --output yaml >> f; echo $(!cat f)",
        "a\n---\n'😀'\nc\n---\nd\n"
      ),
      // Conditions.
      (
        "if test github/1 { echo yes }; if not test jenkins/2 { echo no }; echo ${error.code}",
        "yes\nno\ntest-failed\n"
      ),
      ("let l = $[ if show github/1 { echo a } ]; echo ${#l}", "1\n"),
      // Failures as data.
      ("let r = $(try { test all }); echo ${#r}", "14\n"),
      ("try { !exit 3 } else { echo ${error.exit} $status }", "3 3\n"),
      ("try { echo a | sh -c 'exit 7' } else { echo ${error.exit} }", "7\n"),
    ]
  )
  func `a script writes what its statements come to`(script: String, output: String) async throws {
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(
      outcome.messages.isEmpty || script.contains("not test") || script.contains("try"),
      "\(outcome.messages)"
    )
    #expect(outcome.output == output, "\(outcome.messages)")
    #expect(outcome.code == 0, "\(outcome.messages)")
  }

  @Test(
    arguments: [
      ("⟦break⟧", "leaves a loop"), ("for x in a { echo $(⟦continue⟧) }", "leaves a loop"),
      ("for x in a { def f { ⟦break⟧ } }", "leaves a loop"), ("⟦return⟧ 1", "leaves a definition"),
      ("def ⟦list⟧ { echo a }", "is a command of the shell"),
      ("def f { echo a }; def ⟦f⟧ { echo b }", "defined already"),
      ("⟦f⟧ a; def f X { echo $X }", "no command named 'f'"),
      ("def f X { echo $X }; ⟦f⟧", "needs X"),
      ("def f X { echo $X }; f a ⟦b⟧", "unexpected argument"),
      ("def f X { echo $X }; f a ⟦--force⟧", "has no option"),
      ("def f X { echo $X }; echo ⟦$X⟧", "no variable named 'X'"),
      ("let ⟦now⟧ = 2", "is set by the shell"),
      ("for ⟦today⟧ in a { echo a }", "is set by the shell"),
      ("def f ⟦args⟧ { echo a }", "is set by the shell"),
      ("echo $((⟦$nothing⟧ + 1))", "no variable named"), ("echo $((1 ⟦/⟧ 0))", "division by zero"),
      ("let l = a; echo ⟦${l[$i]}⟧", "no variable named 'i'"),
      ("echo ${none:-⟦$other⟧}", "no variable named 'other'"),
      ("for c in ⟦list⟧ { echo $c }", "is a word here"),
      ("for c in ⟦list⟧ --plugin github { echo $c }", "$(list --plugin github)"),
      ("set output ⟦xml⟧", "'xml' is not a value"), ("set timeout ⟦-4⟧", "seconds above 0"),
      ("list --fields ⟦a,,b⟧", "'--fields' must be names"),
      ("plan ⟦nofile.yaml⟧", "no such file"), ("read ⟦nofile.csv⟧", "no such file"),
      ("parse a --as ⟦xml⟧", "'xml' is not a value"),
      ("list --plugin github --where '⟦nam⟧ == x'", "did you mean 'name'?"),
      ("list --plugin jira --fields ⟦nmae⟧", "did you mean 'name'?"),
      ("list --where \"name == ⟦$x⟧\"", "no variable named 'x'"),
      ("sleep ⟦soon⟧", "must be a number of seconds"),
      ("⟦git⟧ status", "$(!git …)"), ("echo $(⟦date⟧)", "!date"), ("set ⟦x⟧ 3", "let x = …"),
    ]
  )
  func `what is wrong is told before anything runs, with its place`(
    marked: String,
    words: String
  ) async throws {
    let text = try MarkedText(marked)
    let outcome = try await ScriptHarness().run(["-c", text.source.text])
    #expect(outcome.code == 2)
    #expect(outcome.requests.isEmpty)
    #expect(outcome.messages.contains(words), "\(outcome.messages)")
    if let span = text.spans.first {
      let place = LineTable(text.source).place(of: span).text
      #expect(outcome.messages.hasPrefix("<argument>:\(place): "), "\(outcome.messages)")
    }
  }

  @Test(
    arguments: [
      ("let x = abc; echo $(( ⟦$x⟧ + 1 ))", "the text 'abc'"),
      ("let n = 0; echo $((1 ⟦/⟧ $n))", "division by zero"),
      ("echo $((9223372036854775807 ⟦+⟧ 1))", "exceeds the largest number"),
      ("let n = 1.5; echo $((⟦$n⟧))", "whole number"),
      ("let n = 5; echo ⟦${#n}⟧", "has no length"),
      ("let l = $[ echo a ]; let i = 7; echo ⟦${l[$i]}⟧", "has no element"),
      ("def f { f }; f", "more than 200 levels"),
      ("let l = $(list); !⟦echo \"$l\"⟧", "it is a list"),
      ("let x = \"a\\u{0}b\"; !⟦echo $x⟧", "a NUL"),
      ("for k, v in ⟦abc⟧ { echo a }", "a record or a list"),
      ("parse ⟦'{'⟧ --as json", "no JSON"), ("parse ⟦\"a,b\\n1\"⟧ --as csv", "line 2"),
      ("parse ⟦\"a,a\\n1,2\"⟧ --as csv", "two columns"),
      ("echo x > f; read ⟦-⟧", "the format of standard input is unknown"),
    ]
  )
  func `what is wrong only when it runs says where`(marked: String, words: String) async throws {
    let text = try MarkedText(marked)
    let outcome = try await ScriptHarness().run(["-c", text.source.text])
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains(words), "\(outcome.messages)")
    if let span = text.spans.first {
      let place = LineTable(text.source).place(of: span).text
      #expect(outcome.messages.hasPrefix("<argument>:\(place): "), "\(outcome.messages)")
    }
  }

  @Test(
    arguments: [
      "for x in $(doctor) { echo $x }", "doctor > f", "test all > f", "test all | cat > /dev/null",
      "let r = $(test all)", "def f { test jenkins/2 }; f > f", "for i in 1 { test all } > f",
      "test all",
    ]
  )
  func `whatever stops a script says so in one line, wherever its result went`(
    script: String
  ) async throws {
    for options in [[], ["-q"], ["-o", "json"]] {
      let outcome = try await ScriptHarness().run(options + ["-c", "\(script); echo never"])
      #expect(!outcome.output.contains("never"))
      #expect(outcome.code == 1 || outcome.code == 4)
      let errors = outcome.messages.split(separator: "\n").filter { $0.contains("error") }
      #expect(errors.count == 1, "\(outcome.messages)")
      let isJSON = options.contains("json")
      #expect(
        errors.first?.hasPrefix(isJSON ? "{\"error\":{" : "<argument>:1:") == true,
        "\(errors)"
      )
      #expect(errors.first?.contains("' f") == true, "\(errors)")
    }
  }

  @Test func `a failing result that is data stops nothing and is not told`() async throws {
    for script in [
      "let r = $(try { test all })", "if test jenkins/2 { echo a }",
      "try { test all > f } else { echo b > g }",
      "test jenkins/2 > f || echo c > g",
    ] {
      let outcome = try await ScriptHarness().run(["-q", "-c", "\(script); echo on"])
      #expect(outcome.output == "on\n")
      #expect(outcome.messages.isEmpty, "\(outcome.messages)")
      #expect(outcome.code == 0)
    }
  }

  @Test func `an outage is no answer: it stops the script although it stands in a condition`()
    async throws
  {
    let script = "if test github/1 --url http://127.0.0.1:1 { echo a } else { echo b }; echo never"
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.code == 3)
    #expect(outcome.output.isEmpty)
    let missing = try await ScriptHarness().run(["-c", "while show github/99 { echo a }; echo on"])
    #expect(missing.code == 0)
    #expect(missing.output == "on\n")
  }

  @Test(
    arguments: [
      ("let x = $(!echo all); list $x", "no connection named 'all'"),
      ("let x = $(!echo 'github/*'); list $x", "no connection named 'github/*'"),
      ("let x = $(!echo '1-5'); use github; list $x", "no connection named '1-5'"),
      ("for x in $(parse 'GitHub*' --as lines) { list $x }", "no connection named 'GitHub*'"),
      ("let x = $(!echo '*'); list \"github/$x\"", "no connection named 'github/*'"),
      ("def f X { list $X }; f $(!echo all)", "no connection named 'all'"),
    ]
  )
  func `text from outside selects one id or one exact name, never more`(
    script: String,
    message: String
  ) async throws {
    let outcome = try await ScriptHarness().run(["-c", script])
    #expect(outcome.code == 1)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    #expect(outcome.output.isEmpty)
  }

  @Test func `text of the script, of arguments and of --set selects as it is written`() async throws
  {
    let harness = ScriptHarness(files: ["a.lake": "list $1 --fields plugin,id --output csv\n"])
    let all = "plugin,id\ngithub,1\ngithub,2\n"
    #expect(try await harness.run(["-f", "a.lake", "github/*"]).output == all)
    for script in [
      "let x = 'github/*'; list $x", "for x in 'github/*' { list $x }", "list \"github/$star\"",
      "let id = $(!echo 1); list \"github/1\" github/2", "def f X { list $X }; f 'github/*'",
      "list $(list --plugin github)", "list $(list) --plugin github",
      "let n = github; list --where \"plugin == $n\"",
    ] {
      let outcome = try await harness.run(["--set", "star=*", "-c", script])
      #expect(outcome.code == 0, "\(script): \(outcome.messages)")
    }
    let one = try await harness.run(["-c", "let x = $(!echo github/2); echo ${x}; show $x > f"])
    #expect(one.code == 0, "\(one.messages)")
  }

  @Test func `a value in --where is one operand, whatever it holds`() async throws {
    for value in ["x or id > 0", "x' or 'a' == 'a", "*", "null", "\" or id == 1"] {
      let script = "let n = $(!cat value.txt); let l = $[ list --where \"name == $n\" ]; echo ${#l}"
      let outcome = try await ScriptHarness(files: ["value.txt": value]).run(["-c", script])
      #expect(outcome.output == "0\n", "\(value): \(outcome.messages)")
      let pattern = script.replacing("==", with: "~")
      let like = try await ScriptHarness(files: ["value.txt": value]).run(["-c", pattern])
      #expect(like.output == "0\n", "\(value): \(like.messages)")
    }
    let whole = try await ScriptHarness().run(["-c", "let c = 'id > 0'; list --where $c"])
    #expect(whole.code == 2)
    #expect(whole.messages.contains("write the field's name literally"), "\(whole.messages)")
  }

  @Test
  func
    `where nothing would change, an empty selection is an answer; where something would, it is not`()
    async throws
  {
    for words in ["--where 'name ~ zzz'", "'zzz*'", "$(list --where 'name ~ zzz')"] {
      for command in ["list", "test", "show"] {
        let outcome = try await ScriptHarness().run(["-c", "\(command) \(words)"])
        #expect(outcome.code == 0, "\(command) \(words): \(outcome.messages)")
      }
      let deletion = try await ScriptHarness().run(["-c", "delete \(words) --force"])
      #expect(deletion.code == 1)
    }
    let fields = try await ScriptHarness(seed: .empty)
      .run(["list", "--fields", "plugin,rateLimitPerHour", "-o", "csv"])
    #expect(fields.output == "plugin,rateLimitPerHour\n")
    #expect(fields.code == 0)
  }

  @Test func `a cell under a secret's name is a secret: usable, and never shown`() async throws {
    let harness = ScriptHarness(files: [
      "t.csv": "plugin,id,token\ngithub,1,ghp_0123456789012345678901234567890123456789\n"
    ])
    let script = """
      for r in $(read t.csv) {
        echo ${r.token}; echo $r --json; echo "$r"; let s = ${r.token}; !echo "[$s$r_token]"
        rotate ${r.plugin}/${r.id} --token ${r.token} --dry-run
      }
      """.replacing("rotate ${r.plugin}/${r.id}", with: "rotate \"${r.plugin}/${r.id}\"")
    let outcome = try await harness.run(["-c", script])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(!(outcome.output + outcome.messages).contains("ghp_"), "\(outcome.output)")
    #expect(outcome.output.hasPrefix("***\n"))
    #expect(!outcome.output.contains("held-secret"))
  }

  @Test func `a script reads standard input where no commands come from there, once`() async throws
  {
    let harness = ScriptHarness(files: [
      "a.lake": "for l in $(read - --as lines) { echo \"<$l>\" }\n"
    ])
    let outcome = try await harness.run(["-f", "a.lake"], input: "a\nb\n")
    #expect(outcome.output == "<a>\n<b>\n", "\(outcome.messages)")
    let twice = try await harness.run(["-c", "read - --as text; read - --as text"], input: "a")
    #expect(twice.messages.contains("was read already"))
    let commands = try await harness.run([], input: "read - --as text\n")
    #expect(commands.code == 2)
    #expect(commands.messages.contains("carries the commands"))
  }

  @Test func `thousands of anything are read in one pass`() async throws {
    // In debug code; a hundred thousand of each take a second or two in a release.
    let count = 4_000
    let mistakes = String(repeating: "lsit; ", count: count)
    let outcome = try await ScriptHarness().run(["--check", "-c", mistakes])
    #expect(outcome.messages.contains("more mistakes on this line"))
    #expect(outcome.messages.utf8.count < 40_000)
    let joined = "echo" + String(repeating: " a \\\n", count: count) + " b\n"
    #expect(try await ScriptHarness().run([], input: joined).code == 0)
    let block =
      "if true {\n" + String(repeating: "if false { echo a }\n", count: count) + "}\necho z\n"
    #expect(try await ScriptHarness().run([], input: block).output == "z\n")
    let nested = String(repeating: "if true {\n", count: count)
    let deep = try await ScriptHarness().run([], input: nested)
    #expect(deep.code == 2)
    #expect(deep.messages.contains("nested more than 200 levels deep"))
    let braces = try await ScriptHarness().run([
      "--check", "-c", String(repeating: "{ ", count: count),
    ])
    #expect(braces.code == 2)
    let line = "echo " + String(repeating: "a", count: 10 * count)
    #expect(
      try await ScriptHarness().run([], input: line + "\n").output.utf8.count == 10 * count + 1
    )
  }
}
