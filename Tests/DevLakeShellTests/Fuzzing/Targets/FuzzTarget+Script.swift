import Testing

@testable import DevLakeShell
@testable import ShellLanguage

extension FuzzTarget {
  /// The parser: places inside the text, and what is accepted prints back to the same tree and is
  /// the same script line by line.
  static let script = FuzzTarget(
    name: "script",
    words: [
      " ", " ", " ", "\n", ";", "\\\n", "\r\n", "\r", "\t", "\\", "'", "\"", "$", "${", "}", "{",
      " { ", " } ", "$(", "(", ")", " && ", " || ", " | ", "|", " > ", " >> ", ">", "<", " == ",
      " != ", " ~ ", "let ", "let x = ", "let --secret t = ", "for x in ", "if ", " else ",
      " else if ", "try ", "not ", " and ", " or ", "#", " # c", "!", "!ls", "$x", "$1", "${x.y}",
      "${x[0]}", "${x:-d}", ":-", "--a", "--a=", "-", "\\n", "\\u{41}", "a", "list", "0", "1.5",
      "true", "null", "é", "😀", "\u{FEFF}", "\0", "`", "&", "*", "=", "[", "]", ".", "'a b'",
      "\"a $x\"", "$(list)", "{ a }", "\u{301}", "$[", " ] ",
      "$[ a ]", "$((", "))", "$((1 + $x))", "${#x}", "${x[$i]}", "${x:-$y}", "while ", "def f x ",
      "for k, v in ", "break", "return ", ", ",
    ],
    check: { { ScriptCheck(input: $0).run() } }
  )
}

private struct ScriptCheck {
  let input: [UInt8]
  let text: String

  init(input: [UInt8]) {
    self.input = input
    text = String(decoding: input, as: UTF8.self)
  }

  func run() {
    let source = SourceText(name: "fuzz.lake", text: text)
    let result = Parser.parse(source)
    let range = 0...text.utf8.count
    for mistake in result.allMistakes {
      let span = mistake.span
      let isInside = range.contains(span.lower) && range.contains(span.upper)
      #expect(isInside && span.lower <= span.upper, "\(mistake): \(shown(input))")
      #expect(!mistake.message.isEmpty, shown(input))
    }
    let isOpen = result.incompleteness != nil
    #expect(isOpen == !result.closingMistakes.isEmpty, shown(input))
    if result.allMistakes.isEmpty {
      checkPrinting(result.script)
      checkLines(against: result.script)
    }
    let cursor = text.utf8.count / 2
    let span = CompletionContext.at(cursor: cursor, in: source).partial.span
    #expect(span.upper == cursor && span.lower <= cursor && span.lower >= 0, shown(input))
  }

  private func checkPrinting(_ script: Script) {
    let printed = ScriptPrinter.print(script)
    let again = Parser.parse(SourceText(name: "printed.lake", text: printed))
    #expect(again.allMistakes == [], "printed \(printed.debugDescription): \(shown(input))")
    // A tree fills pages; the two texts are enough to see what went wrong.
    let isSame = again.script.withoutSpans == script.withoutSpans
    #expect(isSame, "printed \(printed.debugDescription): \(shown(input))")
  }

  /// Line by line, as a pipe brings them, the same statements are read.
  private func checkLines(against script: Script) {
    var statements: [Statement] = []
    var entry = ""
    var open: Incompleteness?
    for bytes in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let line = String(decoding: bytes, as: UTF8.self)
      entry += open == nil ? line : "\n" + line
      if let open, !open.mayEnd(with: line) { continue }
      let result = Parser.parse(SourceText(name: "<stdin>", text: entry))
      open = result.incompleteness
      guard open == nil else { continue }
      #expect(result.mistakes == [], "line by line: \(shown(input))")
      statements += result.script.statements
      entry = ""
    }
    #expect(open == nil, "open line by line: \(shown(input))")
    let isSame = Script(statements: statements).withoutSpans == script.withoutSpans
    #expect(isSame, "another script line by line: \(shown(input))")
  }
}
