import Testing

@testable import DevLakeKit

struct ServerTextTests {
  @Test(arguments: [
    ("GitHub - acme", "GitHub - acme"), ("a\n\tb", "a b"), ("\u{1B}[2Ja", "[2Ja"),
    ("a\u{2028}b\u{85}c", "a b c"), ("\na", "a"), ("a\u{202E}b\u{2066}c\u{200F}", "abc"),
    ("a\u{200B}b\u{FEFF}c\u{2060}d", "abcd"), ("می\u{200C}خواهم 👩‍👧", "می\u{200C}خواهم 👩‍👧"),
  ])
  func `a text of the server is one line of what can be seen`(_ text: String, _ line: String) {
    #expect(ServerText.line(text) == line)
  }

  @Test(arguments: [
    ("at http://u:pw@h/x", "at http://***@h/x"), ("http://h:80/a@b", "http://h:80/a@b"),
    ("http://h/a@b", "http://h/a@b"), ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
    ("'http://u:p/w#x@h:1' no", "'http://***@h:1' no"), ("http://[::1]/a@b", "http://[::1]/a@b"),
    ("http://u@h http://u:p/w@h", "http://***@h http://***@h"),
    ("ada@example.com", "ada@example.com"),
  ])
  func `users and passwords of URLs are hidden`(_ text: String, _ shown: String) {
    #expect(ServerText.withoutCredentials(text) == shown)
  }
}
