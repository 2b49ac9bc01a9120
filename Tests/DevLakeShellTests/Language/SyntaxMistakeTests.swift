import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct SyntaxMistakeTests {
  @Test(
    arguments: [
      // Operators inside words.
      ("if $x⟦>⟧100 { a }", ["quote '>', or put spaces around it"]),
      ("⟦{⟧echo", ["quote '{', or put spaces around it"]),
      ("api POST /x ⟦{⟧\"a\":1}", ["quote '{', or put spaces around it"]),
      ("echo a⟦&⟧b", ["quote '&', or put spaces around it"]),
      ("echo a ⟦&⟧", ["quote '&', or put spaces around it"]),
      ("list ⟦>⟧out.txt", ["quote '>', or put spaces around it"]),
      ("list 2⟦>⟧out.txt", ["quote '>', or put spaces around it"]),
      ("list ⟦|⟧sort", ["quote '|', or put spaces around it"]),
      ("echo ⟦`⟧date`", ["quote '`'"]),
      ("echo ⟦(⟧a)", ["quote '(', or put spaces around it"]),
      ("echo a⟦)⟧", ["quote ')', or put spaces around it"]),
      ("echo $(show a⟦(⟧b)) c", ["quote '(', or put spaces around it"]),
      ("echo a⟦\0⟧b", ["unexpected control character (U+0000)"]),
      ("echo ⟦\u{1B}⟧[0m", ["unexpected control character (U+001B)"]),
      ("!echo 'a⟦\r⟧b'", ["unexpected control character (U+000D)"]),
      ("echo a ⟦\r⟧b", ["unexpected control character (U+000D)"]),
      ("list⟦\u{A0}⟧--wide", ["unexpected invisible character (U+00A0)"]),
      ("list a⟦\u{200B}⟧ b", ["unexpected invisible character (U+200B)"]),
      // Braces without blanks are taken as what they were meant to be.
      ("if a { b ⟦}⟧else⟦{⟧ c }", ["put spaces around '}'", "put spaces around '{'"]),
      ("if a⟦{⟧\n b\n}", ["quote '{', or put spaces around it"]),
      ("if a { b⟦}⟧", ["quote '}', or put spaces around it"]),
      ("try⟦{⟧ b }", ["put spaces around '{'"]),
      ("if a { b } else⟦{⟧ c }", ["put spaces around '{'"]),
      // Operators out of place.
      ("echo ⟦}⟧ b", ["unexpected '}'"]),
      ("⟦}⟧\nlist", ["unexpected '}'"]),
      ("echo $(a ⟦}⟧)", ["unexpected '}'"]),
      ("until x ⟦{⟧ list }", ["'until' cannot have a block"]),
      ("⟦{⟧ list }", ["a block is not allowed here"]),
      ("⟦&&⟧ a", ["a command is missing before '&&'"]),
      ("⟦>⟧ a", ["a command is missing before '>'"]),
      ("a ⟦&&⟧ ; b", ["a command is missing after '&&'"]),
      ("if x { a ⟦||⟧ }", ["a command is missing after '||'"]),
      ("a && ⟦||⟧ b", ["a command is missing before '||'"]),
      ("wc ⟦<⟧ file", ["quote '<'"]),
      ("echo a ⟦==⟧ b", ["quote '=='"]),
      ("echo ⟦~⟧ ⟦!=⟧", ["quote '~'", "quote '!='"]),
      ("echo a ⟦>=⟧ b", ["quote '>='"]),
      ("list ⟦>⟧ ;", ["a file is missing after '>'"]),
      ("list > a ⟦b⟧", ["';' or a new line is missing here"]),
      ("list > a ⟦>⟧ b", ["';' or a new line is missing here"]),
      ("list ⟦|⟧ ;", ["a shell command is missing after '|'"]),
      ("⟦!⟧ # nothing", ["a shell command is missing after '!'"]),
      ("a && ⟦!⟧ls", ["'!' must start a statement"]),
      ("a && ⟦let⟧ x = 1", ["'let' must start a statement"]),
      ("try { a } ⟦&&⟧ b", ["';' or a new line is missing here"]),
      ("try { a } > f ⟦>⟧ g", ["';' or a new line is missing here"]),
      ("$x ⟦y⟧ z", ["a value must be a statement of its own"]),
      ("⟦$x⟧ = 3", ["set a variable with 'let', and without '$'"]),
      ("⟦x⟧ = 3", ["set a variable with 'let'"]),
      ("⟦x=3⟧", ["set a variable with 'let'"]),
      ("⟦NAME=\"a b\"⟧", ["set a variable with 'let'"]),
      ("⟦export⟧ X=3", ["set a variable with 'let'"]),
      ("⟦function⟧ f { list }", ["define a command with 'def'"]),
      ("if a { b }\n⟦elif⟧ c { d }", ["'elif' must be 'else if'"]),
      ("if a { b } ⟦elif⟧ c { d }", ["';' or a new line is missing here"]),
      ("⟦done⟧", ["'done' is sh syntax"]),
      // def.
      ("⟦def⟧ ; a", ["a name is missing after 'def'"]),
      ("def ⟦1f⟧ { a }", ["'1f' cannot be a command's name"]),
      ("def ⟦for⟧ { a }", ["'for' is a keyword"]),
      ("def f⟦()⟧ { a }", ["write parameters without parentheses"]),
      ("def f ⟦$x⟧ { a }", ["write a parameter without '$'"]),
      ("def f x ⟦x⟧ { a }", ["'x' is already a parameter"]),
      // Sums.
      ("echo $((1 + ⟦n⟧))", ["a number, a '$name' or '(' is missing here"]),
      ("echo $((1 ⟦2⟧)) b", ["an operator or '))' is missing here"]),
      ("echo $(((1⟦;⟧", ["an operator or ')' is missing here"]),
      (
        "echo $((⟦9223372036854775808⟧))",
        [
          "9223372036854775808 is too large: the largest number is 9223372036854775807"
        ]
      ),
      ("echo $((1⟦.⟧5))", ["'$((' works with whole numbers"]),
      // Paths outside braces, and typography.
      ("echo ⟦$c.name⟧", ["'$c.name' needs braces"]),
      ("echo \"a ⟦$l[0]⟧\"", ["'$l[0]' needs braces"]),
      ("list ⟦–⟧json", ["'–' is a typographic dash"]),
      ("echo ⟦“⟧a”", ["'“' is a typographic quote"]),
      ("for k, ⟦v⟧ in a b { c }", ["two names need one record or list"]),
      ("if a { b } ⟦c⟧", ["';' or a new line is missing here"]),
      // Names of commands.
      ("⟦'list'⟧", ["write a command's name without quotes, '\\' and '$'"]),
      ("$x ⟦--wide⟧", ["a value must be a statement of its own"]),
      ("⟦$x/y⟧ --wide", ["write a command's name without quotes, '\\' and '$'"]),
      ("⟦\\list⟧", ["write a command's name without quotes, '\\' and '$'"]),
      // let.
      ("⟦let⟧", ["a name is missing after 'let'"]),
      ("let ⟦x⟧", ["'=' is missing after 'x'"]),
      ("let x ⟦5⟧", ["'=' is missing after 'x'"]),
      ("let x⟦=⟧1", ["put spaces around '='"]),
      ("let x ⟦=⟧1", ["put spaces around '='"]),
      ("let x⟦=⟧ 1", ["put spaces around '='"]),
      ("let x ⟦=⟧ ; a", ["a value is missing after '='"]),
      ("let x ⟦=⟧ && a", ["a value is missing after '='"]),
      ("let x = [1, ⟦2]⟧", ["only one value is allowed: quote it if it has spaces"]),
      ("for x in ⟦[1, 2]⟧ { a }", ["the words of a list stand without brackets"]),
      ("for x in ⟦[a]⟧ { a }", ["the words of a list stand without brackets"]),
      ("let x = a ⟦b⟧ c", ["only one value is allowed: quote it if it has spaces"]),
      ("let ⟦$x⟧ = 1", ["write the name after 'let' without '$'"]),
      ("let ⟦my-team⟧ = 1", ["'my-team' cannot be a variable's name"]),
      ("let ⟦1x⟧ = 1", ["'1x' cannot be a variable's name"]),
      ("let ⟦команда⟧ = 1", ["'команда' cannot be a variable's name"]),
      ("let ⟦--sercet⟧ x = 1", ["'let' has no option '--sercet'"]),
      // for, if, try, else.
      ("⟦for⟧ ; a", ["a name is missing after 'for'"]),
      ("⟦for⟧ x ; a", ["'in' is missing here"]),
      ("for x ⟦of⟧ a b { c }", ["'in' is missing here"]),
      ("for x ⟦in⟧ { c }", ["a list is missing after 'in'"]),
      ("for x in a ⟦;⟧ b", ["'{' is missing here"]),
      ("while true⟦;⟧ b", ["'{' is missing here"]),
      ("for x in a ⟦&&⟧ { b }", ["'{' is missing here"]),
      ("if a\n⟦b⟧ { c }", ["'{' is missing here"]),
      ("⟦if⟧ { a }", ["a condition is missing after 'if'"]),
      ("if a ⟦and⟧ { b }", ["a condition is missing after 'and'"]),
      ("if ⟦not⟧ { b }", ["a condition is missing after 'not'"]),
      ("if $x ⟦y⟧ { a }", ["a comparison or '{' is missing here"]),
      ("if $x ⟦>>⟧ y { a }", ["a comparison or '{' is missing here"]),
      ("if $x ⟦==⟧ { a }", ["a value is missing after '=='"]),
      ("if $x == y ⟦z⟧ { a }", ["'{' is missing here"]),
      ("if test 1 ⟦==⟧ 2 { a }", ["'==' cannot compare a command"]),
      ("if list ⟦|⟧ grep x { a }", ["a pipe is not allowed in a condition"]),
      ("if a { b }\n⟦else⟧ { c }", ["'else' must be on the line of the preceding '}'"]),
      ("⟦try⟧ ⟦list⟧", ["'{' is missing here"]),
      ("if a { b } else ⟦c⟧", ["'{' is missing here"]),
      ("try { b } else ⟦c⟧ d", ["'{' is missing here"]),
      ("echo $(if a ⟦{⟧ b)", ["this block is never closed"]),
      // Quotes and expansions.
      (#"echo "a⟦\q⟧b""#, [#"'\q' is not an escape"#]),
      ("echo \"a⟦\\⟧\nb\"", ["a backslash cannot end a line inside quotes"]),
      // What was not written in UTF-8 is read as U+FFFD; it is said once.
      ("echo \"a⟦\u{FFFD}⟧b\" \u{FFFD}", ["this character is not UTF-8"]),
      ("update 1 --name '⟦\u{FFFD}⟧quipe'", ["this character is not UTF-8"]),
      ("echo ⟦\u{FFFD}⟧quipe", ["this character is not UTF-8"]),
      ("!echo ⟦\u{FFFD}⟧quipe", ["this character is not UTF-8"]),
      ("list | grep '⟦\u{FFFD}⟧quipe'", ["this character is not UTF-8"]),
      (#"echo "⟦\u{d800}⟧""#, [#"'\u{d800}' is not a character"#]),
      (#"echo "⟦\u⟧41""#, [#"'\u' is not a character"#]),
      ("echo ⟦$⟧ b", ["a name is missing after '$'"]),
      ("echo \"5⟦$⟧\"", ["a name is missing after '$'"]),
      ("echo pa⟦$⟧$word", ["a name is missing after '$'"]),
      ("echo ⟦${}⟧ b", ["a name is missing after '${'"]),
      ("echo ⟦${a.}⟧", ["a key is missing after '.'"]),
      ("echo ⟦${a[x]}⟧", ["a whole number or a '$name', and ']', follow '['"]),
      ("echo ⟦${a[99999999999999999999]}⟧", ["a whole number or a '$name', and ']', follow '['"]),
      ("echo ⟦${a⟧ b", ["malformed '${'"]),
      ("echo ⟦${a-b}⟧", ["a default follows ':-'"]),
      ("echo ⟦${#}⟧", ["a name is missing after '${#'"]),
      ("echo ⟦${#a:-b}⟧", ["malformed '${'"]),
      ("echo \"⟦${a:-b⟧\nc\"", ["this '${' has no '}'"]),
      ("echo ${a:-⟦$⟧}", ["a name is missing after '$'"]),
    ] as [(String, [String])]
  )
  func `reports what cannot be read, at its place`(marked: String, messages: [String]) throws {
    let input = try MarkedText(marked)
    let result = Parser.parse(input.source)
    #expect(result.mistakes.map(\.message) == messages)
    #expect(result.mistakes.map(\.span) == input.spans.suffix(messages.count))
    #expect(result.incompleteness == nil)
  }

  @Test func `reports every mistake of a file at once, in order`() throws {
    let input = try MarkedText(
      """
      let ⟦9x⟧ = 1
      list; echo a⟦&⟧b; use github
      if test 1 ⟦and⟧ } {
        echo "⟦\\q⟧"
        let y⟦=⟧2
      }
      for x in $(show ⟦$⟧) { test $x }
      else⟦⟧
      """.replacing("else⟦⟧", with: "⟦else⟧")
    )
    let result = Parser.parse(input.source)
    #expect(
      result.mistakes.map { input.text(at: $0.span) }
        == input.spans.map { input.text(at: $0) }
    )
    #expect(result.mistakes.map(\.span) == input.spans)
    #expect(result.incompleteness == nil)
    #expect(result.closingMistakes == [])
  }

  @Test(
    arguments: [
      ("let x = my team", "write 'my team', or $(my team) for a command's result"),
      ("let n = $n + 1", "write arithmetic as $(( $n + 1 ))"),
      ("let x = list --plugin github", "write a command's result as $(list --plugin github)"),
      ("x = 3", "let x = 3"),
      ("export X=3", "let X = 3"),
      ("NAME=\"a b\"", "let NAME = \"a b\""),
      ("function f { list }", "def NAME PARAMETER { … }"),
      (
        "if a { b } elif c { d }",
        "'} else if CONDITION {' must be on the line of the preceding '}'"
      ),
      ("for x in a; do b; done", "for … { … }; there is no 'do' and no 'then'"),
      ("echo $c.name", "write ${c.name}; for the literal text '.name' after it ${c}.name"),
      ("echo ${a-b}", "write ${a:-default}"),
      ("echo $((n + 1))", "write a variable as $n"),
      (
        "list --where name == x",
        "'==' compares after 'if' and 'while'; a --where condition is one word: 'name == …'"
      ),
      ("api POST /x {\"a\":1}", "quote the JSON: '{…}'"),
      (
        "list 2>/dev/null",
        "messages cannot be redirected here: -q suppresses notes; 'devlake-shell … 2> FILE' does it outside"
      ),
      ("let x = 'my' team", "quote it"),
      ("if a { b }\nelse { c }", "write '} else {'"),
      ("echo `date`", "write a command's result as $(…), a program's as $(!…)"),
      ("local x=1", "let x = 1"),
      ("declare x=1", "let x = 1"),
      ("if ($x == 1) { a }", "write a condition without parentheses: 'if $x == 1 { … }'"),
      ("while ($x == 1) { a }", "write a condition without parentheses: 'if $x == 1 { … }'"),
      ("let a = {x: 1}", "write data as $(parse '{\"NAME\": \"VALUE\"}' --as json)"),
      (
        "for i in {1..3} { a }",
        "write the words themselves: 1 2 3, or $(parse $(!seq 1 3) --as lines)"
      ),
      (
        "a || { b }",
        "'if COMMAND { … }' and 'if not COMMAND { … }' run one by a command's success"
      ),
      ("list x> y", "'COMMAND > FILE' writes the result to a file"),
      ("if a { b } && c", "'&&' joins two commands"),
      ("try { b } > c > d", "'>' is allowed once, after one command"),
      ("echo a & b", "'&&' runs the next command if this one succeeds"),
      ("echo a$", "write '\\$' for a literal '$'"),
      ("$x/y", "'echo' shows a value"),
      ("echo \u{1}", "write it in double quotes, as \\u{1}"),
      ("if $x = 1 { a }", "'==' compares"),
      ("let --x y = 1", "let --secret NAME = VALUE"),
    ]
  )
  func `says what to try`(text: String, help: String) {
    let result = Parser.parse(SourceText(name: "test.lake", text: text))
    #expect(result.mistakes.first?.help == help)
  }

  @Test(arguments: ["if ($x == 1) { a }", "let a = {x: 1}", "a || { b }"])
  func `what is one mistake is told once`(text: String) {
    #expect(Parser.parse(SourceText(name: "test.lake", text: text)).mistakes.count == 1)
  }

  @Test(arguments: ["echo a {", "echo a{", "{", "list } {"])
  func `a sign that is wrong is told once`(text: String) {
    let mistakes = Parser.parse(SourceText(name: "test.lake", text: text)).allMistakes
    #expect(Set(mistakes.map(\.span.lower)).count == mistakes.count)
  }

  @Test func `a comment may be in any encoding`() {
    let text = "# \u{FFFD}t\u{FFFD}\nlist # \u{FFFD}\n!ls # \u{FFFD}\n"
    #expect(Parser.parse(SourceText(name: "test.lake", text: text)).allMistakes == [])
  }

  @Test(
    arguments: ["$(", "if a { ", "try { ", "\"$(", "not ", "$[ ", "while a { ", "$((("]
  )
  func `refuses to nest without end`(opener: String) {
    let prefix = opener == "not " ? "if " : "echo "
    let count = opener == "$(((" ? 1_000 : 3_000
    let text = (opener.contains("{") ? "" : prefix) + String(repeating: opener, count: count)
    let result = Parser.parse(SourceText(name: "test.lake", text: text))
    #expect(result.mistakes.map(\.message) == ["nested more than 200 levels deep"])
    #expect(result.incompleteness == nil)
  }
}
