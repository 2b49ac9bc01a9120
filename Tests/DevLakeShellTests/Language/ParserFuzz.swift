import Testing

@testable import DevLakeShell

/// Throws random inputs at the parser and checks what must hold for every one of them.
struct ParserFuzz {
  private var generator: Seeded

  init(seed: UInt64) { generator = Seeded(seed: seed) }

  /// Tries that many inputs; every failure shows the input, so that it can become a test.
  mutating func run(iterations: Int) {
    for _ in 0..<iterations { check(input()) }
  }

  /// Tries inputs until the time is over and returns how many there were.
  mutating func run(for time: Duration) -> Int {
    let end = ContinuousClock.now + time
    var count = 0
    while ContinuousClock.now < end {
      run(iterations: 100)
      count += 100
    }
    return count
  }

  private func check(_ text: String) {
    let source = SourceText(name: "fuzz.lake", text: text)
    let result = Parser.parse(source)
    let range = 0...text.utf8.count
    for mistake in result.allMistakes {
      let span = mistake.span
      let isInside = range.contains(span.lower) && range.contains(span.upper)
      #expect(isInside && span.lower <= span.upper, "\(text.debugDescription): \(mistake)")
      #expect(!mistake.message.isEmpty)
    }
    let isOpen = result.incompleteness != nil
    #expect(isOpen == !result.closingMistakes.isEmpty, "\(text.debugDescription)")
    if result.allMistakes.isEmpty { checkPrinting(result.script, of: text) }
    checkCompletion(in: source)
  }

  private func checkPrinting(_ script: Script, of text: String) {
    let printed = ScriptPrinter.print(script)
    let again = Parser.parse(SourceText(name: "printed.lake", text: printed))
    #expect(again.allMistakes == [], "\(text.debugDescription) printed \(printed.debugDescription)")
    // A tree fills pages; the two texts are enough to see what went wrong.
    let isSame = again.script.withoutSpans == script.withoutSpans
    #expect(isSame, "\(text.debugDescription) printed \(printed.debugDescription)")
  }

  private func checkCompletion(in source: SourceText) {
    let bytes = Array(source.text.utf8)
    let cursor = bytes.count / 2
    let context = CompletionContext.at(cursor: cursor, in: source)
    #expect(context.partial.span.upper == cursor, "\(source.text.debugDescription)")
    #expect(
      context.partial.span.lower <= cursor && context.partial.span.lower >= 0,
      "\(source.text.debugDescription)"
    )
  }

  private mutating func input() -> String {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: tokens()
    case 1: randomBytes()
    default: mutation()
    }
  }

  private mutating func tokens() -> String {
    let count = Int.random(in: 1...24, using: &generator)
    return (0..<count).map { _ in Self.tokens.randomElement(using: &generator) ?? "" }.joined()
  }

  private mutating func randomBytes() -> String {
    let count = Int.random(in: 0...60, using: &generator)
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Cuts, doubles, swaps or replaces a few pieces of a good script.
  private mutating func mutation() -> String {
    var bytes = Array((Self.corpus.randomElement(using: &generator) ?? "").utf8)
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      let lower = Int.random(in: 0...bytes.count, using: &generator)
      let upper = min(bytes.count, lower + Int.random(in: 0...5, using: &generator))
      let token = Array((Self.tokens.randomElement(using: &generator) ?? "").utf8)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes.removeSubrange(lower..<upper)
      case 1: bytes.insert(contentsOf: Array(bytes[lower..<upper]), at: lower)
      case 2: bytes.replaceSubrange(lower..<upper, with: token)
      default: bytes.insert(contentsOf: token, at: lower)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let tokens = [
    " ", " ", " ", "\n", ";", "\\\n", "\r\n", "\r", "\t", "\\", "'", "\"", "$", "${", "}", "{",
    " { ",
    " } ", "$(", "(", ")", " && ", " || ", " | ", "|", " > ", " >> ", ">", "<", " == ", " != ",
    " ~ ",
    "let ", "let x = ", "let --secret t = ", "for x in ", "if ", " else ", " else if ", "try ",
    "not ",
    " and ", " or ", "#", " # c", "!", "!ls", "$x", "$1", "${x.y}", "${x[0]}", "${x:-d}", ":-",
    "--a",
    "--a=", "-", "\\n", "\\u{41}", "a", "list", "0", "1.5", "true", "null", "é", "😀", "\u{FEFF}",
    "\0",
    "`", "&", "*", "=", "[", "]", ".", "'a b'", "\"a $x\"", "$(list)", "{ a }", "\u{301}",
  ]

  private static let corpus = [
    "list --plugin jira; use github\n",
    "let team = platform\nlet c = $(show github/1)\nlet --secret t = env:GITHUB_PAT\n",
    "echo $team $1 ${c.name} ${r[0].id} ${team:-core} ${env.HOME}\n",
    "for c in $(list --where 'name ~ acme') { test $c || echo \"${c.name} fails\" }\n",
    "if test github/1 { echo a } else if $x == y { echo b } else { echo c }\n",
    "try {\n  delete 3 --force\n} else {\n  echo ${error.code}; exit 3\n}\n",
    "list --json > out.json && test all || !mail -s 'it fails' ops\n",
    "list | jq '.[] | .name' | sort # names\n!ls -l (a; b) \\; c\n",
    "if not test 3 and $x >= 2.5 or $y ~ \"a*\" {\n  rotate 1 --token=$t \\\n    --name='a b'\n}\n",
    "echo \"a\\tb $(show \"x y\" | cat) \\u{1f600}\" a'b'\"c\"d\\ e '' \"\"\n",
    "include team.lake; watch 5 test all --parallel 4 > log >> b\n",
    "for i in 1 2 'x y' { if $i != 2 { echo $i$i-${i}x \"$i\"\"$i\" } }\n",
  ]
}
