import Testing

@testable import DevLakeShell

@Suite struct SecretScannerTests {
  @Test(
    arguments: [
      ("rotate 1 --token ghp_secretsecret", "rotate 1 --token <redacted>"),
      ("rotate 1 --tokn=geheim", "rotate 1 --tokn=<redacted>"),
      ("rotate 1 --token env:NEW", "rotate 1 --token env:NEW"),
      ("let --secret t = geheim", "let --secret t = <redacted>"),
      ("let --secret t = env:NEW", "let --secret t = env:NEW"),
      ("connect http://u:geheim@h", "connect http://<redacted>@h"),
      ("ghp_secretsecret", "<redacted>"),
      ("list --plugin github", "list --plugin github"),
      ("api POST /x --secret token=geheim", "api POST /x --secret token=<redacted>"),
      ("api POST /x --secret token=env:T", "api POST /x --secret token=env:T"),
      (#"api POST /x '{"token":"geheim"}'"#, "api POST /x <redacted>"),
      (#"api POST /x '{"name":"offen"}'"#, #"api POST /x '{"name":"offen"}'"#),
      // In rows of an entry, and in lines that are continued.
      (
        "if test 1 {\n  rotate 1 --token geheim\n}", "if test 1 {\n  rotate 1 --token <redacted>\n}"
      ),
      ("rotate 1 --token \\\n  geheim", "rotate 1 --token \\\n  <redacted>"),
      ("rotate 1 --token 'ge\nheim'", "rotate 1 --token <redacted>"),
      ("rotate 1 --token 'geheim", "rotate 1 --token <redacted>"),
      ("let --secret t = \\\n geheim", "let --secret t = \\\n <redacted>"),
      // Mistyped in many ways.
      ("rotat 1 -token geheim", "rotat 1 -token <redacted>"),
      ("rotate 1 token=geheim", "rotate 1 token=<redacted>"),
      ("lett --secret t = geheim", "lett --secret t = <redacted>"),
      ("let --secrt t = geheim", "let --secrt t = <redacted>"),
      ("let --secret t=geheim", "let --secret t=<redacted>"),
      ("create --field token=geheim", "create --field token=<redacted>"),
      (
        "configure connection update --token geheim",
        "configure connection update --token <redacted>"
      ),
      ("connect --api-key=geheim", "connect --api-key=<redacted>"),
      // Inside words.
      (
        "!curl -H 'Authorization: Bearer geheim1234'", "!curl -H 'Authorization: Bearer <redacted>'"
      ),
      ("echo x:ghp_0123456789abcdef,y", "echo x:<redacted>,y"),
      // By the name of what holds them.
      ("let token = geheim", "let token = <redacted>"),
      ("let password = 'ge heim'", "let password = <redacted>"),
      ("let GITHUB_PAT=geheim", "let GITHUB_PAT=<redacted>"),
      ("let db_pwd = x", "let db_pwd = <redacted>"),
      ("export TOKEN=geheim", "export TOKEN=<redacted>"),
      ("rotate 1 --tok geheim", "rotate 1 --tok <redacted>"),
      ("rotate 1 --pas=geheim", "rotate 1 --pas=<redacted>"),
      ("rotate 1 token geheim", "rotate 1 token <redacted>"),
      ("rotate 1 —token geheim", "rotate 1 —token <redacted>"),
      ("rotate 1 –-token=geheim", "rotate 1 –-token=<redacted>"),
      ("list | curl -H \"PRIVATE-TOKEN: geheim\"", "list | curl -H \"PRIVATE-TOKEN: <redacted>\""),
      ("!curl -H 'X-Anything: geheim' x", "!curl -H 'X-Anything: <redacted>' x"),
      ("!curl -u bob:geheim https://h", "!curl -u bob:<redacted> https://h"),
      ("!curl --user bob:geheim https://h", "!curl --user bob:<redacted> https://h"),
      (
        "!curl 'https://h/x?access_token=geheim&y=1'",
        "!curl 'https://h/x?access_token=<redacted>&y=1'"
      ),
      ("!psql \"password=geheim host=h\"", "!psql \"password=<redacted> host=h\""),
      ("connect u:geheim@host", "connect <redacted>@host"),
      (#"api POST /api-keys '{"key":"geheim"}'"#, "api POST /api-keys <redacted>"),
      ("api POST /x --secret token:geheim", "api POST /x --secret <redacted>"),
      ("rotate 1 --token 'cmd:echo geheim'", "rotate 1 --token <redacted>"),
      ("echo squ_0123456789abcdef CCIPAT_0123456789", "echo <redacted> <redacted>"),
      ("echo ATATT3xFfGF0abcdefgh", "echo <redacted>"),
      ("echo eyJhbGciOiJIUzI1NiJ9.e30", "echo <redacted>"),
      // References and what is no secret stay.
      ("let token = env:NEW", "let token = env:NEW"), ("let token = $t", "let token = $t"),
      ("let --foo x = 3", "let --foo x = 3"), ("let key = PROJ", "let key = PROJ"),
      ("rotate 1 --token file:/nope", "rotate 1 --token file:/nope"),
      ("rotate 1 --token 'cmd:gh auth token'", "rotate 1 --token 'cmd:gh auth token'"),
      ("rotate $c --token $t", "rotate $c --token $t"),
      ("update $c --name x", "update $c --name x"),
      ("list --where 'tokenExpiresAt < 2027-01-01'", "list --where 'tokenExpiresAt < 2027-01-01'"),
      ("list --where 'token == null'", "list --where 'token == null'"),
      ("show name:ada@example.com", "show name:ada@example.com"),
      ("!git clone git@github.com:acme/x", "!git clone git@github.com:acme/x"),
      ("echo keyJar monkeyJune", "echo keyJar monkeyJune"),
      // Not everything that looks near is one.
      ("test 'Bearer of names'", "test 'Bearer of names'"),
      ("list --where 'name = a'", "list --where 'name = a'"),
      ("let t = 5", "let t = 5"),
      ("for x in 1 2 { echo $x }", "for x in 1 2 { echo $x }"),
    ]
  )
  func `an entry is kept without its secrets`(entry: String, kept: String) {
    #expect(SecretScanner(registry: .standard).redacted(entry) == kept)
  }
}
