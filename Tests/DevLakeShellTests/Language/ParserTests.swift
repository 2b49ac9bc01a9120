import Testing

@testable import DevLakeShell

@Suite struct ParserTests {
  @Test(
    arguments: [
      // Commands, words and separators.
      ("", ""),
      (" ; ;;\n\n# only a comment", ""),
      ("list", "(run list)"),
      ("list --plugin jira; use github", "(run list --plugin jira) (run use github)"),
      ("\tlist\t--plugin=jira \n", "(run list --plugin=jira)"),
      ("list # all of them\ntest", "(run list) (run test)"),
      ("echo a#b \\#c '#d'", "(run echo a#b \\#+c '#d')"),
      ("list \\\n  --wide", "(run list --wide)"),
      ("list\\\n--wide\\\n # x", "(run list --wide)"),
      ("let\\\n x =\\\n1", "(let x 1)"),
      ("if a {\\\nb }", "(if (run a) {(run b)})"),
      ("exit 3", "(run exit 3)"),
      ("include team.lake", "(run include team.lake)"),
      ("echo let for if else try in and or not", "(run echo let for if else try in and or not)"),
      ("echo a '==' b = c", "(run echo a '==' b = c)"),
      ("echo hi! =x a[0] *?", "(run echo hi! =x a[0] *?)"),
      ("list;", "(run list)"),
      // Quotes and escapes.
      ("echo 'a $b \\n \"'", "(run echo 'a $b \\n \"')"),
      ("echo a'b'\"c\"d", "(run echo a+'b'+'c'+d)"),
      ("echo '' \"\"", "(run echo '' '')"),
      (#"echo "\n\t\\\"\$\e\u{1f600}""#, "(run echo '\n\t\\\"$\u{1B}😀')"),
      (#"echo \> \{ \  \$x \ab"#, "(run echo \\> \\{ \\  \\$+x \\a+b)"),
      ("echo 'two\nlines'", "(run echo 'two\nlines')"),
      ("echo \\-\\-force", "(run echo \\--+force)"),
      // Expansions.
      ("echo $team $1 $12x", "(run echo $team $1 $12+x)"),
      ("echo $team-x ${a}.b $a/$b", "(run echo $team+-x $a+.b $a+/+$b)"),
      ("echo $[ list ] $((1 + 2 * $n)) ${#l}", "(run echo $[(run list)] $(((1 + (2 * $n)))) #$l)"),
      ("for k, v in $r { $v } > f", "(> (for k,v [$r] {(give $v)}) f)"),
      (
        "def f X { return $X }; while true { break }",
        "(def f X {(run return $X)}) (while (is true) {(run break)})"
      ),
      ("echo ${c.name} ${r[0].id} ${1}", "(run echo $c.name $r[0].id $1)"),
      ("echo ${team:-core} ${env.HOME}", "(run echo $team:-<core> $env.HOME)"),
      ("echo ${a:-} ${a:-x y}", "(run echo $a:-<> $a:-<x y>)"),
      (#"echo ${a:-'}'"\$"\}'"'}"#, #"(run echo $a:-<'}'+'$'+\}+'"'>)"#),
      ("echo ${s.connections.gh-copilot}", "(run echo $s.connections.gh-copilot)"),
      ("echo \"a $b ${c} d\"", "(run echo 'a '+\"$b\"+' '+\"$c\"+' d')"),
      ("let c = $(show github/1)", "(let c $((run show github/1)))"),
      ("echo \"$(show \"a b\" | cat)!\"", "(run echo \"$((pipe (run show 'a b') <cat>))\"+'!')"),
      ("test $(list --where 'name ~ acme')", "(run test $((run list --where 'name ~ acme')))"),
      ("echo $(a; b\nc)d", "(run echo $((run a) (run b) (run c))+d)"),
      ("echo $(if a { b })", "(run echo $((if (run a) {(run b)})))"),
      // Lists, redirection, pipes.
      ("a && b || c", "(or (and (run a) (run b)) (run c))"),
      ("a || b && c", "(or (run a) (and (run b) (run c)))"),
      ("a && b && c", "(and (and (run a) (run b)) (run c))"),
      ("a &&\n\n # then\n b", "(and (run a) (run b))"),
      ("list > out.txt", "(> (run list) out.txt)"),
      ("list >> \"${f}.txt\" && b", "(and (>> (run list) \"$f\"+'.txt') (run b))"),
      ("list >\nout.txt", "(> (run list) out.txt)"),
      ("list | grep -c 'a;b' && wc ; use x", "(pipe (run list) <grep -c 'a;b' && wc>) (run use x)"),
      ("list |\n sort", "(pipe (run list) <sort>)"),
      ("a && list | sort # by name", "(and (run a) (pipe (run list) <sort>))"),
      ("!ls -l $HOME | wc", "(sh <ls -l $HOME | wc>)"),
      ("!echo 'it;s' (a;b) \\; # no\nb", "(sh <echo 'it;s' (a;b) \\;>) (run b)"),
      ("!echo ${#x} a#b", "(sh <echo ${#x} a#b>)"),
      ("if a { list | sort }", "(if (run a) {(pipe (run list) <sort>)})"),
      ("echo $(list | sort) x", "(run echo $((pipe (run list) <sort>)) x)"),
      ("!echo }", "(sh <echo }>)"),
      ("!echo a)", "(sh <echo a)>)"),
      // Assignments.
      ("let team = platform", "(let team platform)"),
      ("let --secret t = env:GITHUB_PAT", "(let-secret t env:GITHUB_PAT)"),
      ("let x =\n 5", "(let x 5)"),
      ("let x = ''", "(let x '')"),
      ("let let = let", "(let let let)"),
      // Blocks.
      ("for c in $(list) { test $c }", "(for c [$((run list))] {(run test $c)})"),
      ("for c in a 'b c' $d\n{\n test $c\n}\n", "(for c [a 'b c' $d] {(run test $c)})"),
      ("for in in in { }", "(for in [in] {})"),
      ("try { a } else { b }", "(try {(run a)} else {(run b)})"),
      ("try\n{ a; }\nb", "(try {(run a)}) (run b)"),
      (
        "if test github/1 { a } else if $x == y { b } else { c }",
        "(if (run test github/1) {(run a)} elif (== $x y) {(run b)} else {(run c)})"
      ),
      ("if a { if b { c }; d\n}", "(if (run a) {(if (run b) {(run c)}) (run d)})"),
      ("if a { # why\n b # because\n} # done", "(if (run a) {(run b)})"),
      // Conditions.
      ("if $x { }", "(if (is $x) {})"),
      ("if true { }", "(if (is true) {})"),
      ("if -1.5 < 2 { }", "(if (< -1.5 2) {})"),
      ("if \"a\" ~ 'b' { }", "(if (~ 'a' 'b') {})"),
      ("if test 3 and $x > 2 { }", "(if (and (run test 3) (> $x 2)) {})"),
      (
        "if not a or b and not not c { }",
        "(if (or (not (run a)) (and (run b) (not (not (run c))))) {})"
      ),
      ("if a && b || c { }", "(if (or (and (run a) (run b)) (run c)) {})"),
      ("if list > out.txt { }", "(if (> (run list) out.txt) {})"),
      ("if list >> out.txt and b { }", "(if (and (>> (run list) out.txt) (run b)) {})"),
      ("if\na\n{ }", "(if (run a) {})"),
      ("if $x >= 1 and\n$x <= 2 { }", "(if (and (>= $x 1) (<= $x 2)) {})"),
      ("if $x != 1 { }", "(if (!= $x 1) {})"),
      ("if truely 3x { }", "(if (run truely 3x) {})"),
      ("if $(list) { }", "(if (is $((run list))) {})"),
    ]
  )
  func `reads a statement as the grammar says`(text: String, outline: String) throws {
    #expect(TreeOutline.of(try parsed(text)) == outline)
  }
}
