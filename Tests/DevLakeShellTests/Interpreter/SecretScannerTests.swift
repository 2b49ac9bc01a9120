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
    ]
  )
  func redacts(entry: String, kept: String) {
    #expect(SecretScanner(registry: .standard).redacted(entry) == kept)
  }
}
