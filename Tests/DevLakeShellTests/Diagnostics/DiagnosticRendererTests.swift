import Testing

@testable import DevLakeShell
@testable import LineEditing
@testable import ShellLanguage

@Suite struct DiagnosticRendererTests {
  private func render(_ diagnostic: Diagnostic, for medium: Medium = .file) -> String {
    var renderer = DiagnosticRenderer(for: medium)
    return renderer.render(diagnostic)
  }

  @Test func `a long message is broken at words below where it begins`() {
    let error = Diagnostic(
      message: "the token of github/1 has ended and nothing was changed",
      help: "make a new one and give it with --token"
    )
    #expect(
      render(error, for: Medium(width: 32, isTerminal: true)) == """
        error: the token of github/1 has
               ended and nothing was
               changed
        help: make a new one and give it
              with --token

        """
    )
    // Behind a place that is far to the right, further rows begin near the edge.
    let placed = MarkedSource("a ⟦b⟧", name: "long/folder/rotate.lake").error("one two three four")
    let rows = render(placed, for: Medium(width: 40, isTerminal: true)).split(separator: "\n")
    #expect(rows.prefix(2) == ["long/folder/rotate.lake:1:3: error: one", "    two three four"])
  }

  @Test func `a mistake in a file is drawn under its line`() {
    let text = MarkedSource("echo 1\n\n  use ⟦githbu⟧; list\n", name: "rotate.lake")
    let error = text.error("no plugin named 'githbu'", help: "did you mean 'github'?")
    #expect(
      render(error) == """
        rotate.lake:3:7-12: error: no plugin named 'githbu'
            use githbu; list
                ^~~~~~
        help: did you mean 'github'?

        """
    )
  }

  @Test(arguments: [
    ("⟦list⟧", "1:1-4", "list", "^~~~"), ("list ⟦}⟧", "1:6", "list }", "     ^"),
    ("list⟦⟧", "1:5", "list", "    ^"), ("list⟦⟧\nnext", "1:5", "list", "    ^"),
    ("a\r\nuse ⟦b⟧\r\nc", "2:5", "use b", "    ^"), ("a⟦\r\n⟧b", "1:2", "a", " ^"),
    ("\t⟦x⟧", "1:2", "        x", "        ^"),
    ("a\t⟦x\ty⟧", "1:3-5", "a       x       y", "        ^~~~~~~~~"),
    ("use платформа ⟦ты⟧", "1:15-16", "use платформа ты", "              ^~"),
    ("日本 ⟦語x⟧ y", "1:4-5", "日本 語x y", "     ^~~"),
    ("👩‍👩‍👧 ⟦🇩🇪⟧", "1:3", "👩‍👩‍👧 🇩🇪", "   ^~"), ("e\u{301} ⟦x⟧", "1:3", "e\u{301} x", "  ^"),
    ("for c in ⟦$(list {\n  x\n}⟧ y", "1:10-17", "for c in $(list {", "         ^~~~~~~~"),
    ("a\u{1B}[2J ⟦b⟧", "1:7", "a?[2J b", "      ^"), ("a \u{202E}⟦b⟧", "1:4", "a ?b", "   ^"),
    ("⟦⟧", "1:1", "", "^"),
  ])
  func `the place is underlined by cells`(
    marked: String,
    place: String,
    line: String,
    marks: String
  ) {
    let expected = "a.lake:\(place): error: m\n  \(line)\n  \(marks)\n"
    #expect(render(MarkedSource(marked).error()) == expected)
  }

  @Test(arguments: [
    ("rotate --token ⟪ghp_12345⟫ ⟦--plugn⟧ x", "rotate --token *** --plugn x", 19, 7),
    ("rotate --token ⟦⟪ghp_12345⟫⟧ x", "rotate --token *** x", 15, 3),
    ("rotate ⟦--token=⟪秘密⟫⟧", "rotate --token=***", 7, 11),
    ("a ⟪b⟫⟪c⟫ ⟦d⟧", "a *** d", 6, 1),
  ])
  func `a secret is never drawn`(marked: String, line: String, indent: Int, length: Int) {
    let lines = render(MarkedSource(marked).error()).split(separator: "\n")
    let marks =
      String(repeating: " ", count: indent) + "^"
      + String(repeating: "~", count: length - 1)
    #expect(lines.dropFirst().map { String($0.dropFirst(2)) } == [line, marks])
  }

  @Test(arguments: [0, 1, 50, 5_000, 400_000])
  func `a very long line is cut around the place`(before: Int) throws {
    let left = String(repeating: "ab ", count: before)
    let right = String(repeating: " yz", count: 100_000)
    let text = MarkedSource(left + "⟦wrong⟧" + right)
    let lines = render(text.error(), for: Medium(width: 60)).split(separator: "\n")
    try #require(lines.count == 3)
    #expect(lines[0] == "a.lake:1:\(before * 3 + 1)-\(before * 3 + 5): error: m")
    #expect(lines.dropFirst().allSatisfy { DisplayWidth.cells(of: $0) <= 60 })
    #expect(lines[1].hasSuffix("…"))
    #expect(lines[1].dropFirst(2).hasPrefix("…") == (before >= 50))
    let start = try #require(lines[2].firstIndex(of: "^"))
    let column = lines[2].distance(from: lines[2].startIndex, to: start)
    #expect(lines[1].dropFirst(column).hasPrefix("wrong"))
    #expect(lines[2][start...] == "^~~~~")
  }

  @Test func `a cut line ends where the source ends`() {
    let text = MarkedSource(String(repeating: "日", count: 500) + "⟦x⟧")
    let lines = render(text.error(), for: Medium(width: 40)).split(separator: "\n")
    #expect(lines[1].hasSuffix("日x"))
    #expect(lines[2].hasSuffix(" ^"))
    #expect(DisplayWidth.cells(of: lines[1]) == DisplayWidth.cells(of: lines[2]))
  }

  @Test func `a secret at the cut is hidden whole`() {
    let secret = String(repeating: "s3cret", count: 2_000)
    let text = MarkedSource("a ⟪\(secret)⟫ ⟦b⟧")
    #expect(render(text.error()).contains("\n  …*** b\n"))
  }

  @Test(arguments: [
    ("⟦githbu⟧", "error: m\n"), ("  ⟦githbu⟧\n", "error: m\n"),
    ("use ⟦githbu⟧", "error: m\n  use githbu\n      ^~~~~~\n"),
    ("if a {\n  ⟦b⟧\n}", "error: m\n    b\n    ^\n"),
  ])
  func `the prompt needs no file and line, one word no drawing`(marked: String, expected: String) {
    #expect(render(MarkedSource(marked, name: "<terminal>").error()) == expected)
  }

  @Test func `a message without a place is one line`() {
    let warning = Diagnostic(.warning, message: "plain http\u{1B}[2J", help: "use https")
    #expect(render(warning) == "warning: plain http\nhelp: use https\n")
  }

  @Test func `includes are told from the inside out`() {
    let (outer, inner) = (
      MarkedSource("⟦include b⟧", name: "a"), MarkedSource("\n⟦x⟧ y", name: "b")
    )
    var error = inner.error()
    error.includeChain = outer.spans.map { .init(source: outer.source, span: $0) }
    #expect(render(error) == "b:2:1: error: m\n  x y\n  ^\na:1:1-9: note: included from here\n")
  }

  @Test func `the whole answer is for those who ask`() {
    let error = Diagnostic(message: "m", detail: "one\n\u{1B}[1mtwo")
    var verbose = DiagnosticRenderer(showsDetail: true)
    #expect(render(error) == "error: m\n")
    #expect(verbose.render(error) == "error: m\n  one\n  two\n")
  }

  @Test func `colour marks severity and place`() {
    let text = render(MarkedSource("a ⟦b⟧").error(), for: Medium(hasColor: true))
    #expect(text.contains("\u{1B}[1;31merror: \u{1B}[0mm\n"))
    #expect(text.contains("\u{1B}[1;31m  ^\u{1B}[0m\n"))
  }

  @Test(arguments: [
    SourceSpan(lower: 90, upper: 99), .init(lower: -5, upper: 2), .init(lower: 3, upper: 1),
  ])
  func `a span outside the text is drawn at its edge`(span: SourceSpan) {
    let source = SourceText(name: "a", text: "ж日")
    let error = Diagnostic(message: "m", span: span, source: source)
    #expect(render(error).hasPrefix("a:1:"))
  }

  @Test func `many mistakes in a large file find their lines`() {
    let count = 100_000
    let source = SourceText(
      name: "big",
      text: (1...count).map { "list --plugin p\($0)\n" }.joined()
    )
    let table = LineTable(source)
    var renderer = DiagnosticRenderer()
    for line in stride(from: 0, to: count, by: 100) {
      let start = table.bytes(ofLine: line).lowerBound
      let error = Diagnostic(
        message: "m",
        span: SourceSpan(lower: start, upper: start + 4),
        source: source
      )
      #expect(renderer.render(error).hasPrefix("big:\(line + 1):1-4: error: m\n  list"))
    }
  }
}

@Suite struct DiagnosticJSONTests {
  @Test func `an error is one object on one line`() {
    let text = MarkedSource("\nuse ⟦githbu⟧", name: "a.lake")
    var error = text.error("no plugin named 'githbu'", help: "did you mean 'github'?")
    error.detail = "more\n"
    var renderer = DiagnosticRenderer()
    #expect(
      renderer.renderJSON(error) == #"""
        {"error":{"code":"usage","message":"no plugin named 'githbu'","detail":"more\n","help":"did \#
        you mean 'github'?","source":{"name":"a.lake","line":2,"column":5,"endColumn":10}}}

        """#
    )
  }

  @Test func `the includes are told from the inside out`() {
    let (outer, inner) = (
      MarkedSource("⟦include b⟧", name: "a"), MarkedSource("\n⟦x⟧ y", name: "b")
    )
    var error = inner.error()
    error.includeChain = outer.spans.map { .init(source: outer.source, span: $0) }
    var renderer = DiagnosticRenderer()
    let chain = #""includedFrom":[{"name":"a","line":1,"column":1,"endColumn":9}]"#
    #expect(renderer.renderJSON(error).contains(chain))
  }

  @Test func `what is absent is left out`() {
    var renderer = DiagnosticRenderer()
    let warning = Diagnostic(.warning, code: .notFound, message: "m")
    #expect(
      renderer.renderJSON(warning) == #"{"warning":{"code":"not-found","message":"m"}}"# + "\n"
    )
  }
}
