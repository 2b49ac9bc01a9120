import DevLakeSimulator
import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct CheckTests {
  static let sixMistakes = """
    use ⟦githbu⟧
    list ⟦--colour⟧ red
    if test github/1 { ⟦lst⟧ } else { echo ⟦$teem⟧ }
    list --output ⟦jsn⟧
    let team = ⟦{⟧x
    for c in $(show ⟦github/0⟧) { echo $c }

    """

  @Test func `six mistakes are told at once, with their places, and nothing is sent`() async throws
  {
    let marked = try MarkedText(Self.sixMistakes)
    let outcome = try await ScriptHarness(files: ["six.lake": marked.source.text])
      .run(["-f", "six.lake"])
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.requests.isEmpty)
    let table = LineTable(marked.source)
    let places = marked.spans.map { "six.lake:\(table.place(of: $0).text): error: " }
    let told = outcome.messages.split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix("six.lake:") }
    #expect(told.count == places.count, "\(outcome.messages)")
    for (line, place) in zip(told, places) { #expect(line.hasPrefix(place), "\(line)") }
  }

  @Test(
    arguments: [
      ("list --plugin ⟦githbu⟧", "did you mean 'github'?"),
      ("show ⟦githbu/1⟧", "did you mean 'github'?"),
      ("⟦lsit⟧", "did you mean 'list'?"),
      ("⟦delet⟧ 3", "see 'help'"),
      ("⟦tes⟧ 3", "write the full word 'test'"),
      ("delete github/1 ⟦--forse⟧", "see 'help delete'"),
      ("test ⟦github/0⟧", "1 to"),
      ("test ⟦5-1⟧", "'5-1' is descending; write 1-5"),
      ("echo $(⟦lst⟧)", "did you mean 'list'?"),
      ("if $(list) == ⟦$nothing⟧ { echo a }", "let nothing"),
      ("let team = a; echo ⟦$taem⟧", "did you mean '$team'?"),
      ("if ⟦3⟧ { echo a }", "not a number"),
      ("if 'a' ⟦<⟧ 3 { echo a }", "not the text 'a' and the number 3"),
      ("let --secret t = \"cmd:echo '⟦$1⟧'\"".replacing("$1", with: "$status"), "sh's quotes"),
      ("rotate github/1 --token \"cmd:a \\\"⟦$status⟧\\\"\"", "sh's quotes"),
      ("create --plugin github --field token=\"cmd:a '⟦$status⟧'\"", "sh's quotes"),
      ("show ⟦github/-1⟧", "name:TEXT"),
      ("let ⟦status⟧ = 3", "is set by the shell"),
      ("for ⟦env⟧ in a b { echo a }", "is set by the shell"),
      ("echo ${⟧error.cod}".replacing("⟧", with: ""), "did you mean 'code'?"),
      ("echo ⟦$env⟧", "${env.NAME}"),
      ("include ⟦nowhere.lake⟧", "no such file"),
      ("echo ⟦$1⟧", "the number of arguments is 0"),
      ("try { ⟦lst⟧ } else { echo a }", "did you mean 'list'?"),
      ("echo a && ⟦ech⟧ b", "write the full word 'echo'"),
      ("list --where 'name ⟦acme⟧'", "comparisons are"),
      ("exit ⟦300⟧", "from 0 to 255"),
    ]
  )
  func `every mistake is found where it stands`(marked: String, words: String) async throws {
    let text = try MarkedText(marked)
    let outcome = try await ScriptHarness().run(["--check", "-c", text.source.text])
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains(words), "\(outcome.messages)")
    #expect(outcome.messages.components("error: ") == 1, "\(outcome.messages)")
    if let span = text.spans.first {
      let place = LineTable(text.source).place(of: span).text
      #expect(outcome.messages.hasPrefix("<argument>:\(place): "), "\(outcome.messages)")
    }
  }

  @Test func `a good script passes --check without any server`() async throws {
    let script = """
      let team = platform
      for c in $(list --where 'name ~ acme') { test $c && echo ${c.name} }
      if $team == platform { use github } else { let other = 1 }
      try { delete $other --force } else { echo ${error.code} ${env.HOME} $status }
      test github/*; test 'GitHub - x/y'; show name:3
      """
    let outcome = try await ScriptHarness().run(["--check", "-c", script])
    #expect(outcome.messages.isEmpty)
    #expect(outcome.code == 0)
    #expect(outcome.requests.isEmpty)
  }

  @Test func `a plugin's name that stands alone is told where it belongs`() async throws {
    let outcome = try await ScriptHarness().run(["-c", "create github; create teapot"])
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains("help: write '--plugin github', or run 'use github' first"))
    #expect(outcome.messages.contains("help: quote text with spaces; see 'help create'"))
  }

  @Test func `mistakes in included files show how they were reached`() async throws {
    let files = [
      "a.lake": "echo a\ninclude sub/b.lake\n", "sub/b.lake": "include c.lake\n",
      "sub/c.lake": "\nlst\n",
    ]
    let outcome = try await ScriptHarness(files: files).run(["-f", "a.lake"])
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.messages == """
        sub/c.lake:2:1-3: error: no command named 'lst'
          lst
          ^~~
        sub/b.lake:1:9-14: note: included from here
        a.lake:2:9-18: note: included from here
        help: did you mean 'list'?

        """
    )
    let failing = files.merging(["sub/c.lake": "show github/99\n"]) { $1 }
    let later = try await ScriptHarness(files: failing).run(["-f", "a.lake"])
    #expect(later.output == "a\n")
    #expect(later.messages.contains("a.lake:2:9-18: note: included from here"))
  }

  @Test func `a file that includes itself is refused, also when its name is computed`() async throws
  {
    let files = ["a.lake": "include b.lake\n", "b.lake": "include ./a.lake\n"]
    let outcome = try await ScriptHarness(files: files).run(["-f", "a.lake"])
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains("would include itself"))
    let computed = ["a.lake": "let f = a.lake\ninclude $f\n"]
    let later = try await ScriptHarness(files: computed).run(["-f", "a.lake"])
    #expect(later.code == 2)
    #expect(later.messages.contains("would include itself"))
  }

  @Test(arguments: [1, 150])
  func `files and blocks in one another without end are refused`(blocks: Int) async throws {
    let opening = String(repeating: "echo $(", count: blocks)
    let closing = String(repeating: ")", count: blocks)
    var files = ["f3.lake": "echo there\n"]
    for index in 0..<3 {
      files["f\(index).lake"] = "\(opening)include f\(index + 1).lake\(closing)\n"
    }
    let outcome = try await ScriptHarness(files: files).run(["-f", "f1.lake"])
    #expect(outcome.output == "there\n")
    for index in 3..<500 {
      files["f\(index).lake"] = "\(opening)include f\(index + 1).lake\(closing)\n"
    }
    let refused = try await ScriptHarness(files: files).run(["-f", "f0.lake"])
    #expect(
      refused.messages.contains("more than 400 levels deep"),
      "\(refused.messages.prefix(500))"
    )
    #expect(refused.code == 2)
    #expect(refused.output.isEmpty)
  }

  @Test func `a computed include is checked whole before it runs`() async throws {
    let files = ["b.lake": "echo ran\nlst\n"]
    let outcome = try await ScriptHarness(files: files)
      .run(["-c", "let f = b.lake; echo first; include $f"])
    #expect(outcome.output == "first\n")
    #expect(outcome.code == 2)
    #expect(outcome.messages.contains("<argument>:1:37-38: note: included from here"))
  }

  @Test func `-c and -f are one program: what one defines the next may use`() async throws {
    let harness = ScriptHarness(files: ["b.lake": "echo $x\nlet y = 2\n"])
    let outcome = try await harness.run(["-c", "let x = 1", "-f", "b.lake", "-c", "echo $y"])
    #expect(outcome.messages.contains("unexpected argument") == false)
    #expect(outcome.output == "1\n2\n")
    let wrong = try await harness.run(["-c", "echo first", "-c", "echo $y", "-f", "b.lake"])
    #expect(wrong.output.isEmpty)
    #expect(wrong.code == 2)
  }

  @Test func `--restricted refuses what leaves the shell, before anything runs`() async throws {
    for script in [
      "!ls", "list | cat", "list > x", "list >> x", "rotate github/1 --token cmd:ls",
      "let --secret t = cmd:ls", "if list > x { echo a }",
    ] {
      let outcome = try await ScriptHarness().run(["--restricted", "-c", "echo a; " + script])
      #expect(outcome.code == 2, "\(script)")
      #expect(outcome.output.isEmpty, "\(script)")
      #expect(outcome.messages.contains("is not allowed with --restricted"), "\(script)")
    }
  }
}

extension String {
  fileprivate func components(_ separator: String) -> Int { ranges(of: separator).count }
}
