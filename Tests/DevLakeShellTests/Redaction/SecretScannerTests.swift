import Testing

@testable import DevLakeShell

@Suite struct SecretScannerTests {
  @Test(
    "an entry is kept without its secrets",
    arguments: [
      ("rotate 1 --token ghp_secretsecret", "rotate 1 --token <redacted>"),
      ("rotate 1 --tokn=geheim", "rotate 1 --tokn=<redacted>"),
      ("rotate 1 --token env:NEW", "rotate 1 --token env:NEW"),
      ("let --secret t = geheim", "let --secret t = <redacted>"),
      ("let --secret t = env:NEW", "let --secret t = env:NEW"),
      ("connect http://u:geheim@h", "connect http://<redacted>@h"),
      ("ghp_secretsecret", "<redacted>"),
      ("list --plugin github", "list --plugin github"),
      ("api POST /x --secret token=geheim", "api POST /x --secret <redacted>"),
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
      ("rotate 1 token=geheim", "rotate 1 <redacted>"),
      ("lett --secret t = geheim", "lett --secret t = <redacted>"),
      ("let --secrt t = geheim", "let --secrt t = <redacted>"),
      ("let --secret t=geheim", "let --secret t=<redacted>"),
      ("create --field token=geheim", "create --field <redacted>"),
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
      // Not everything that looks near is one.
      ("test 'Bearer of names'", "test 'Bearer of names'"),
      ("list --where 'name = a'", "list --where 'name = a'"),
      ("let t = 5", "let t = 5"),
      ("for x in 1 2 { echo $x }", "for x in 1 2 { echo $x }"),
    ]
  )
  func redacts(entry: String, kept: String) {
    #expect(SecretScanner(registry: .standard).redacted(entry) == kept)
  }
}
