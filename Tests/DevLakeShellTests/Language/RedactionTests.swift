import Testing

@testable import DevLakeShell
@testable import ShellLanguage

@Suite struct RedactionTests {
  @Test(
    arguments: [
      ("rotate 1 --token ⟦ghp_x⟧", "rotate 1 --token <redacted>"),
      ("a ⟦b⟧ c ⟦'d\ne'⟧ f", "a <redacted> c <redacted> f"),
      ("⟦é⟧⟦я⟧", "<redacted><redacted>"),
      ("x ⟦a ⟦b⟧ c⟧ y", "x <redacted> y"),
      ("nothing", "nothing"),
    ]
  )
  func `replaces the marked places and nothing else`(marked: String, redacted: String) throws {
    let input = try MarkedText(marked)
    #expect(input.source.redacting(input.spans.reversed()) == redacted)
  }

  @Test func `places that overlap are one, and those outside the text are ignored`() {
    let source = SourceText(name: "<terminal>", text: "0123456789")
    let overlapping = [SourceSpan(lower: 4, upper: 8), SourceSpan(lower: 2, upper: 6)]
    #expect(source.redacting(overlapping) == "01<redacted>89")
    let outside = [SourceSpan(lower: 8, upper: 90), SourceSpan(lower: 50, upper: 60)]
    #expect(source.redacting(outside) == "01234567<redacted>")
    #expect(source.redacting([SourceSpan(lower: 3, upper: 3)]) == "0123456789")
  }
}
