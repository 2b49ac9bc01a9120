import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct SyntaxMistakeTests {
  @Test(
    "Reports what cannot be read, at its place",
    arguments: [
      // Operators inside words.
      ("if $x⟦>⟧100 { a }", ["quote '>', or put blanks around it"]),
      ("⟦{⟧echo", ["quote '{', or put blanks around it"]),
      ("api POST /x ⟦{⟧\"a\":1}", ["quote '{', or put blanks around it"]),
      ("echo a⟦&⟧b", ["quote '&', or put blanks around it"]),
      ("echo a ⟦&⟧", ["quote '&', or put blanks around it"]),
      ("list ⟦>⟧out.txt", ["quote '>', or put blanks around it"]),
      ("list 2⟦>⟧out.txt", ["quote '>', or put blanks around it"]),
      ("list ⟦|⟧sort", ["quote '|', or put blanks around it"]),
      ("echo ⟦`⟧date`", ["quote '`'"]),
      ("echo ⟦(⟧a)", ["quote '(', or put blanks around it"]),
      ("echo a⟦)⟧", ["quote ')', or put blanks around it"]),
      ("echo $(show a⟦(⟧b)) c", ["quote '(', or put blanks around it"]),
      ("echo a⟦\0⟧b", ["a control character (U+0000) stands here"]),
      ("echo ⟦\u{1B}⟧[0m", ["a control character (U+001B) stands here"]),
      ("!echo 'a⟦\r⟧b'", ["a control character (U+000D) stands here"]),
      ("echo a ⟦\r⟧b", ["a control character (U+000D) stands here"]),
      ("list⟦\u{A0}⟧--wide", ["an invisible character (U+00A0) stands here"]),
      ("list a⟦\u{200B}⟧ b", ["an invisible character (U+200B) stands here"]),
      // Braces without blanks are taken as what they were meant to be.
      ("if a { b ⟦}⟧else⟦{⟧ c }", ["put blanks around '}'", "put blanks around '{'"]),
      ("if a⟦{⟧\n b\n}", ["quote '{', or put blanks around it"]),
      ("if a { b⟦}⟧", ["quote '}', or put blanks around it"]),
      ("try⟦{⟧ b }", ["put blanks around '{'"]),
      ("if a { b } else⟦{⟧ c }", ["put blanks around '{'"]),
      // Operators out of place.
      ("echo ⟦}⟧ b", ["'}' closes nothing here"]),
      ("⟦}⟧\nlist", ["'}' closes nothing here"]),
      ("echo $(a ⟦}⟧)", ["'}' closes nothing here"]),
      ("until x ⟦{⟧ list }", ["'until' takes no block"]),
      ("⟦{⟧ list }", ["a block cannot stand here alone"]),
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
      ("a && ⟦!⟧ls", ["'!' begins a statement of its own"]),
      ("a && ⟦let⟧ x = 1", ["'let' begins a statement of its own"]),
      ("try { a } ⟦&&⟧ b", ["';' or a new line is missing here"]),
      ("try { a } > f ⟦>⟧ g", ["';' or a new line is missing here"]),
      ("$x ⟦y⟧ z", ["a value stands alone in its statement"]),
      ("⟦$x⟧ = 3", ["a variable is set with 'let', and without '$'"]),
      ("⟦x⟧ = 3", ["a variable is set with 'let'"]),
      ("⟦x=3⟧", ["a variable is set with 'let'"]),
      ("⟦NAME=\"a b\"⟧", ["a variable is set with 'let'"]),
      ("⟦export⟧ X=3", ["a variable is set with 'let'"]),
      ("⟦function⟧ f { list }", ["a command of one's own begins with 'def'"]),
      ("if a { b }\n⟦elif⟧ c { d }", ["'elif' is written 'else if'"]),
      ("if a { b } ⟦elif⟧ c { d }", ["';' or a new line is missing here"]),
      ("⟦done⟧", ["'done' is a word of sh"]),
      // def.
      ("⟦def⟧ ; a", ["a name is missing after 'def'"]),
      ("def ⟦1f⟧ { a }", ["'1f' cannot be a command's name"]),
      ("def ⟦for⟧ { a }", ["'for' is a word of the language"]),
      ("def f⟦()⟧ { a }", ["parameters stand without parentheses"]),
      ("def f ⟦$x⟧ { a }", ["a parameter is written without '$'"]),
      ("def f x ⟦x⟧ { a }", ["'x' is a parameter already"]),
      // Sums.
      ("echo $((1 + ⟦n⟧))", ["a number, a '$name' or '(' is missing here"]),
      ("echo $((1 ⟦2⟧)) b", ["an operator or '))' is missing here"]),
      ("echo $(((1⟦;⟧", ["an operator or ')' is missing here"]),
      (
        "echo $((⟦9223372036854775808⟧))",
        [
          "9223372036854775808 is too large: numbers go to 9223372036854775807"
        ]
      ),
      ("echo $((1⟦.⟧5))", ["'$((' counts in whole numbers"]),
      // Paths outside braces, and typography.
      ("echo ⟦$c.name⟧", ["'$c.name' needs braces"]),
      ("echo \"a ⟦$l[0]⟧\"", ["'$l[0]' needs braces"]),
      ("list ⟦–⟧json", ["'–' is a typographic dash"]),
      ("echo ⟦“⟧a”", ["'“' is a typographic quote"]),
      ("for k, ⟦v⟧ in a b { c }", ["two names walk one record or list"]),
      ("if a { b } ⟦c⟧", ["';' or a new line is missing here"]),
      // Names of commands.
      ("⟦'list'⟧", ["a command's name is written without quotes, '\\' and '$'"]),
      ("$x ⟦--wide⟧", ["a value stands alone in its statement"]),
      ("⟦$x/y⟧ --wide", ["a command's name is written without quotes, '\\' and '$'"]),
      ("⟦\\list⟧", ["a command's name is written without quotes, '\\' and '$'"]),
      // let.
      ("⟦let⟧", ["a name is missing after 'let'"]),
      ("let ⟦x⟧", ["'=' is missing after 'x'"]),
      ("let x ⟦5⟧", ["'=' is missing after 'x'"]),
      ("let x⟦=⟧1", ["put blanks around '='"]),
      ("let x ⟦=⟧1", ["put blanks around '='"]),
      ("let x⟦=⟧ 1", ["put blanks around '='"]),
      ("let x ⟦=⟧ ; a", ["a value is missing after '='"]),
      ("let x ⟦=⟧ && a", ["a value is missing after '='"]),
      ("let x = a ⟦b⟧ c", ["one value only: quote it if it has blanks"]),
      ("let ⟦$x⟧ = 1", ["the name after 'let' is written without '$'"]),
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
      ("if list ⟦|⟧ grep x { a }", ["a pipe cannot stand in a condition"]),
      ("if a { b }\n⟦else⟧ { c }", ["'else' stands on the line of the '}' before it"]),
      ("⟦try⟧ ⟦list⟧", ["'{' is missing here"]),
      ("if a { b } else ⟦c⟧", ["'{' is missing here"]),
      ("try { b } else ⟦c⟧ d", ["'{' is missing here"]),
      ("echo $(if a ⟦{⟧ b)", ["this block is never closed"]),
      // Quotes and expansions.
      (#"echo "a⟦\q⟧b""#, [#"'\q' is no escape"#]),
      ("echo \"a⟦\\⟧\nb\"", ["a backslash cannot end a line inside quotes"]),
      // What was not written in UTF-8 is read as U+FFFD; it is said once.
      ("echo \"a⟦\u{FFFD}⟧b\" \u{FFFD}", ["this character is not UTF-8"]),
      ("update 1 --name '⟦\u{FFFD}⟧quipe'", ["this character is not UTF-8"]),
      ("echo ⟦\u{FFFD}⟧quipe", ["this character is not UTF-8"]),
      ("!echo ⟦\u{FFFD}⟧quipe", ["this character is not UTF-8"]),
      ("list | grep '⟦\u{FFFD}⟧quipe'", ["this character is not UTF-8"]),
      (#"echo "⟦\u{d800}⟧""#, [#"'\u{d800}' is no character"#]),
      (#"echo "⟦\u⟧41""#, [#"'\u' is no character"#]),
      ("echo ⟦$⟧ b", ["a name is missing after '$'"]),
      ("echo \"5⟦$⟧\"", ["a name is missing after '$'"]),
      ("echo pa⟦$⟧$word", ["a name is missing after '$'"]),
      ("echo ⟦${}⟧ b", ["a name is missing after '${'"]),
      ("echo ⟦${a.}⟧", ["a key is missing after '.'"]),
      ("echo ⟦${a[x]}⟧", ["a whole number or a '$name', and ']', follow '['"]),
      ("echo ⟦${a[99999999999999999999]}⟧", ["a whole number or a '$name', and ']', follow '['"]),
      ("echo ⟦${a⟧ b", ["this '${' cannot be read"]),
      ("echo ⟦${a-b}⟧", ["a default stands after ':-'"]),
      ("echo ⟦${#}⟧", ["a name is missing after '${#'"]),
      ("echo ⟦${#a:-b}⟧", ["this '${' cannot be read"]),
      ("echo \"⟦${a:-b⟧\nc\"", ["this '${' has no '}'"]),
      ("echo ${a:-⟦$⟧}", ["a name is missing after '$'"]),
    ] as [(String, [String])]
  )
  func reports(marked: String, messages: [String]) throws {
    let input = try MarkedText(marked)
    let result = Parser.parse(input.source)
    #expect(result.mistakes.map(\.message) == messages)
    #expect(result.mistakes.map(\.span) == input.spans.suffix(messages.count))
    #expect(result.incompleteness == nil)
  }

  @Test("Reports every mistake of a file at once, in order")
  func reportsAll() throws {
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
    "Says what to try",
    arguments: [
      ("let x = my team", "write 'my team', or $(my team) for a command's result"),
      ("let n = $n + 1", "arithmetic is written $(( $n + 1 ))"),
      ("let x = list --plugin github", "a command's result is written $(list --plugin github)"),
      ("x = 3", "let x = 3"),
      ("export X=3", "let X = 3"),
      ("NAME=\"a b\"", "let NAME = \"a b\""),
      ("function f { list }", "def NAME PARAMETER { … }"),
      (
        "if a { b } elif c { d }", "'} else if CONDITION {' stands on the line of the '}' before it"
      ),
      ("for x in a; do b; done", "for … { … }; there is no 'do' and no 'then'"),
      ("echo $c.name", "write ${c.name}; with the text '.name' after it ${c}.name"),
      ("echo ${a-b}", "write ${a:-default}"),
      ("echo $((n + 1))", "a variable is written $n"),
      (
        "list --where name == x",
        "'==' compares after 'if' and 'while'; a condition of --where is one word: 'name == …'"
      ),
      ("api POST /x {\"a\":1}", "quote the JSON: '{…}'"),
      (
        "list 2>/dev/null",
        "messages cannot be redirected here: -q keeps notes quiet; 'devlake-shell … 2> FILE' does it outside"
      ),
      ("let x = 'my' team", "quote it"),
      ("if a { b }\nelse { c }", "write '} else {'"),
      ("echo `date`", "a command's result is written '$(…)'"),
      ("list x> y", "'COMMAND > FILE' writes the result to a file"),
      ("if a { b } && c", "'&&' joins two commands"),
      ("try { b } > c > d", "'>' stands after one command, once"),
      ("echo a & b", "'&&' runs the next command if this one succeeds"),
      ("echo a$", "write '\\$' for the character itself"),
      ("$x/y", "'echo' shows a value"),
      ("echo \u{1}", "write it in double quotes, as \\u{1}"),
      ("if $x = 1 { a }", "'==' compares"),
      ("let --x y = 1", "let --secret NAME = VALUE"),
    ]
  )
  func helps(text: String, help: String) {
    let result = Parser.parse(SourceText(name: "test.lake", text: text))
    #expect(result.mistakes.first?.help == help)
  }

  @Test("A sign that is wrong is told once", arguments: ["echo a {", "echo a{", "{", "list } {"])
  func tellsOnce(text: String) {
    let mistakes = Parser.parse(SourceText(name: "test.lake", text: text)).allMistakes
    #expect(Set(mistakes.map(\.span.lower)).count == mistakes.count)
  }

  @Test("A comment may be in any encoding")
  func leavesComments() {
    let text = "# \u{FFFD}t\u{FFFD}\nlist # \u{FFFD}\n!ls # \u{FFFD}\n"
    #expect(Parser.parse(SourceText(name: "test.lake", text: text)).allMistakes == [])
  }

  @Test(
    "Refuses to nest without end",
    arguments: ["$(", "if a { ", "try { ", "\"$(", "not ", "$[ ", "while a { ", "$((("]
  )
  func boundsNesting(opener: String) {
    let prefix = opener == "not " ? "if " : "echo "
    let count = opener == "$(((" ? 1_000 : 3_000
    let text = (opener.contains("{") ? "" : prefix) + String(repeating: opener, count: count)
    let result = Parser.parse(SourceText(name: "test.lake", text: text))
    #expect(result.mistakes.map(\.message) == ["nested more than 200 levels deep"])
    #expect(result.incompleteness == nil)
  }
}
