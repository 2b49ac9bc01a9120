import Testing

@testable import DevLakeShell

/// The answer to a question, and how it is drawn.
struct TerminalAnswerTests {
  private func screen(_ width: Int, _ text: String) -> String {
    var screen = ScreenModel(columns: width, rows: 6)
    screen.feed(text.utf8)
    return screen.text
  }

  @Test(arguments: ["abc", "abcdefghijkl", "日本語のなまえ", "a日b本c語d日e本"])
  func `what is erased leaves the question as it was, across the right edge too`(_ typed: String) {
    for width in [8, 9, 10] {
      var answer = TerminalAnswer(after: "Name: ", width: width, dot: nil)
      var written = "Name: "
      for character in typed { written += answer.append(character) }
      #expect(answer.text == typed)
      while !answer.isEmpty { written += answer.erase() }
      written += answer.append("x")
      #expect(screen(width, written) == screen(width, "Name: x"), "\(width)")
    }
  }

  @Test func `a secret shows nothing but dots`() {
    var answer = TerminalAnswer(after: "Token: ", width: 80, dot: "*")
    let shown = "s3cret".map { answer.append($0) }.joined() + answer.breakLine()
    #expect(shown == "*******")
    #expect(answer.text == "s3cret")
  }

  @Test func `a private key is unfinished until its last line`() {
    var answer = TerminalAnswer(after: "Key: ", width: 80, dot: "*")
    for line in ["-----BEGIN RSA PRIVATE KEY-----", "MIIB"] {
      for character in line { _ = answer.append(character) }
      #expect(answer.isUnfinishedKey)
      _ = answer.breakLine()
    }
    for character in "-----END RSA PRIVATE KEY-----" { _ = answer.append(character) }
    #expect(!answer.isUnfinishedKey)
    #expect(
      answer.text
        == "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
    )
  }
}
