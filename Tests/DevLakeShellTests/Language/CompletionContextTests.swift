import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct CompletionContextTests {
  @Test(
    arguments: [
      ("‸", .command(.statement)),
      ("⟦li⟧‸", .command(.statement)),
      ("⟦le⟧‸t", .command(.statement)),
      ("⟦let⟧‸", .command(.statement)),
      ("list; ⟦te⟧‸", .command(.statement)),
      ("list;‸", .command(.statement)),
      ("list\n‸", .command(.statement)),
      ("if a { ‸", .command(.statement)),
      ("if a { b } else { ⟦c⟧‸ }", .command(.statement)),
      ("echo $(⟦li⟧‸", .command(.statement)),
      ("echo \"x $(⟦li⟧‸\"", .command(.statement)),
      ("a && ⟦b⟧‸", .command(.list)),
      ("a || ‸", .command(.list)),
      ("a &&\n  ‸", .command(.list)),
      ("if ⟦te⟧‸", .command(.condition)),
      ("if ‸", .command(.condition)),
      ("if not ⟦te⟧‸", .command(.condition)),
      ("if $x == 1 and ⟦te⟧‸", .command(.condition)),
      ("if a { b } else if ⟦t⟧‸", .command(.condition)),
      ("test ‸", .argument),
      ("test 1 ⟦--for⟧‸", .argument),
      ("test ⟦gi⟧‸thub/1", .argument),
      ("test --plugin ⟦gi⟧‸", .argument),
      ("test \\\n  ⟦gi⟧‸", .argument),
      ("if test ⟦1⟧‸", .argument),
      ("if test 1 ⟦an⟧‸", .argument),
      ("for c in $(list ⟦--w⟧‸", .argument),
      ("echo $(a) ⟦x⟧‸", .argument),
      ("test --plugin=⟦gi⟧‸", .optionValue(of: option("--plugin", 5))),
      ("test --plugin=‸", .optionValue(of: option("--plugin", 5))),
      ("test --plugin=⟦'gi⟧‸", .optionValue(of: option("--plugin", 5))),
      ("echo $⟦te⟧‸", .variable),
      ("echo $‸", .variable),
      ("echo \"a $⟦te⟧‸", .variable),
      ("echo ${⟦te⟧‸", .variable),
      ("echo ${‸", .variable),
      ("test --plugin=$⟦p⟧‸", .variable),
      ("echo ${c.⟦na⟧‸", .member(of: VariableReference(name: "c", path: []))),
      ("echo ${r[0].‸", .member(of: VariableReference(name: "r", path: [.index(0)]))),
      ("list > ⟦ou⟧‸", .file),
      ("list >> ‸", .file),
      ("let x = ⟦a⟧‸", .value),
      ("let x = ‸", .value),
      ("for x in ⟦a⟧‸", .value),
      ("if $x == ⟦a⟧‸", .value),
      ("if ⟦\"a⟧‸", .value),
      ("for x ‸", .keyword(["in"])),
      ("let x ‸", .keyword(["="])),
      ("if a { } ‸", .keyword(["else"])),
      ("try ‸", .keyword(["{"])),
      ("list | ⟦gr⟧‸", .shell),
      ("!⟦ls -⟧‸", .shell),
      ("list ⟦# al⟧‸", .nothing),
      ("let ⟦na⟧‸", .nothing),
      ("a ⟦&&⟧‸", .nothing),
      ("list ⟦>⟧‸", .nothing),
    ] as [(String, CompletionContext.Role)]
  )
  func `tells what the cursor's word is for`(marked: String, role: CompletionContext.Role) throws {
    let input = try MarkedText(marked)
    let cursor = try #require(input.cursor)
    let context = CompletionContext.at(cursor: cursor, in: input.source)
    #expect(context.role == role)
    guard role != .nothing else { return }
    #expect(context.partial.span == input.spans.first ?? SourceSpan(lower: cursor, upper: cursor))
    #expect(context.partial.raw == input.text(at: context.partial.span))
  }

  @Test(
    arguments: [
      ("test github/1 --output json ‸", "test", ["github/1", "--output", "json"]),
      ("test github/1 --out‸put json", "test", ["github/1"]),
      ("list; use gi‸", "use", []),
      ("if a { test 1 2‸ }", "test", ["1"]),
      ("echo a $(show b c‸", "show", ["b"]),
      ("echo a $(show b) c‸", "echo", ["a", nil]),
      ("a && update 3 --name‸", "update", ["3"]),
      ("rotate 'GitHub - my' \\\n --token ‸", "rotate", ["GitHub - my", "--token"]),
      ("list > ou‸", "list", []),
      ("list a\nte‸", nil, []),
      ("list a; echo $(te‸", nil, []),
      ("if not test 1 and te‸", nil, []),
    ] as [(String, String?, [String?])]
  )
  func `gives the command's complete words before the cursor`(
    marked: String,
    name: String?,
    words: [String?]
  ) throws {
    let input = try MarkedText(marked)
    let context = CompletionContext.at(cursor: try #require(input.cursor), in: input.source)
    #expect(context.command.name?.value == name)
    #expect(context.command.words.map(\.literal) == words)
  }

  @Test(
    arguments: [
      ("test gi‸", "gi", .none),
      ("test 'GitHub - m‸", "GitHub - m", .single),
      ("test \"GitHub \\\" m‸", "GitHub \" m", .double),
      ("test \"a\"b‸", "ab", .none),
      ("test a\\ b‸", "a b", .none),
      ("test --name='GitHub - ‸", "GitHub - ", .single),
      ("test $x.gi‸", nil, .none),
      ("test \"$x gi‸", nil, .double),
      ("test '‸", "", .single),
      ("test 'two\nlines‸", "two\nlines", .single),
      ("echo \"$(show 'gi‸", "gi", .single),
      ("echo \"$(show gi‸", "gi", .none),
      ("тест гит‸", "гит", .none),
    ] as [(String, String?, CompletionContext.Quote)]
  )
  func `gives the value so far and the open quote`(
    marked: String,
    value: String?,
    quote: CompletionContext.Quote
  ) throws {
    let input = try MarkedText(marked)
    let context = CompletionContext.at(cursor: try #require(input.cursor), in: input.source)
    #expect(context.partial.value == value)
    #expect(context.partial.quote == quote)
  }

  private static func option(_ name: String, _ lower: Int) -> Located<String> {
    let span = SourceSpan(lower: lower, upper: lower + name.utf8.count)
    return Located(value: name, span: span)
  }
}
