import Testing

@testable import DevLakeShell

@Suite struct SuggestionTests {
  private static let commands = [
    "list", "show", "test", "update", "delete", "rotate", "use", "set",
  ]

  @Test(arguments: [
    ("lst", "list"), ("lsit", "list"), ("tset", "test"), ("LIST", "list"), ("rotaet", "rotate"),
    ("updaet", "update"), ("uptdae", "update"), ("ues", "use"), ("shwo", "show"), ("usse", "use"),
    ("xyzzy", nil), ("a", nil), ("", nil), ("xse", "use"), ("xye", nil), ("lists", "list"),
    ("liiist", "list"), ("liiiist", nil), ("configure", nil),
    ("delet", nil), ("dlete", nil), ("deelte", nil),
  ])
  func `the nearest name is found, or none`(word: String, expected: String?) {
    let found = Suggestion.closest(to: word, among: Self.commands, avoiding: ["delete"])
    #expect(found == expected)
  }

  @Test func `the first of equally near names wins`() {
    #expect(Suggestion.closest(to: "github", among: ["githux", "githuy"]) == "githux")
    #expect(Suggestion.closest(to: "githu", among: ["gitlab", "GitHub", "github"]) == "GitHub")
  }

  @Test func `a destructive name gives way to one as near`() {
    let names = ["delete", "relate"]
    #expect(Suggestion.closest(to: "relete", among: names, avoiding: ["delete"]) == "relate")
  }

  @Test func `letters of every script count as one`() {
    #expect(Suggestion.closest(to: "платфрома", among: ["платформа"]) == "платформа")
    #expect(Suggestion.closest(to: "👩‍👩‍👧", among: ["ab"]) == nil)
  }
}
