import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct QuotingTests {
  @Test(
    arguments: [
      ("github/1", "github/1"), ("GitHub - acme", "'GitHub - acme'"), ("", "''"),
      ("it's", "\"it's\""), ("--force", "'--force'"), ("-5", "'-5'"), ("5", "5"),
      ("and", "'and'"), ("true", "'true'"), ("==", "'=='"), ("~", "'~'"), ("#x", "'#x'"),
      ("a#x", "a#x"), ("!x", "'!x'"), ("a$b", "'a$b'"), ("it's $5", "\"it's \\$5\""),
      ("two\nlines", "\"two\\nlines\""), ("\u{1B}[0m", "\"\\e[0m\""), ("a\\b", "'a\\b'"),
      ("команда", "команда"), ("👩‍💻", "👩‍💻"), ("a\u{A0}b", "'a\u{A0}b'"),
      ("\u{202E}x", "\"\\u{202e}x\""), ("a;b", "'a;b'"), ("a\tb", "\"a\\tb\""),
      ("\r", "\"\\u{d}\""),
    ]
  )
  func `writes a text as plainly as it can`(text: String, written: String) throws {
    #expect(Quoting.quote(text) == written)
  }

  @Test func `what it writes is read back as the same literal, and as nothing else`() throws {
    var generator = Seeded(seed: 7)
    let alphabet = Array(
      " \t\r\n'\"\\$`#;&|<>(){}=!~-*?[]abn05éя😀\u{0}\u{1B}\u{85}\u{2028}\u{FFFD}".unicodeScalars
    )
    var texts = ["let", "for", "if", "else", "try", "in", "and", "or", "not", "null", "--", "-"]
    for _ in 0..<2_000 {
      var text = ""
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        text.unicodeScalars.append(alphabet.randomElement(using: &generator) ?? "a")
      }
      texts.append(text)
    }
    for text in texts {
      let written = Quoting.quote(text)
      let script = try parsed("if $x == \(written) { echo \(written) }")
      guard case .conditional(let conditional)? = script.statements.first,
        case .comparison(_, _, let compared)? = conditional.branches.first?.condition,
        case .list(.command(let piped))? = conditional.branches.first?.body.statements.first,
        let word = piped.command.words.first
      else {
        Issue.record("\(written) is not one word")
        continue
      }
      #expect(piped.command.words.count == 1)
      #expect(compared.literal == text && word.literal == text)
      #expect(!word.isOptionLike)
    }
  }
}
