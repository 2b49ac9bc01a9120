import DevLakeKit
import Testing

/// What a secret may hold: what is saved is what was meant, or nothing.
struct SecretRulesTests {
  private func checked(_ text: String, _ field: PluginField) throws(FieldMistake) -> String {
    try SecretRules.checked(Secret(text), for: field).reveal { $0 }
  }

  private static let faults = [
    ("two words", "a space"), ("tab\there", "a control character"), ("nul\u{0}", "a control"),
    ("esc\u{1B}[31m", "a control character"), ("del\u{7F}", "a control"),
    ("c1\u{9B}x", "a control"),
    ("two\nlines", "a line break"), ("two\r\nlines", "a line break"),
    ("broken\u{FFFD}", "not UTF-8"), ("zero\u{200B}width", "an invisible"),
    ("mark\u{FEFF}", "an invisible"), ("soft\u{AD}hyphen", "an invisible"),
    ("no\u{A0}break", "an invisible"), ("turn\u{202E}ed", "an invisible"),
    ("line\u{2028}end", "an invisible"), ("tоken", "a non-ASCII character"),
    ("passwört", "a non-ASCII character"),
    ("日本", "a non-ASCII character"), ("e\u{301}", "a non-ASCII character"),
  ]

  @Test(arguments: faults)
  func `a token or password with a character nobody meant is refused, and not shown`(
    text: String,
    reason: String
  ) throws {
    for plugin in ["gitlab", "jenkins", "jira", "github"] {
      let plugin = try #require(PluginRegistry.standard[plugin])
      for field in plugin.fields
      where field.isSecret && field.kind == .text && field.name != "proxy" {
        let error = #expect(throws: FieldMistake.self) { try checked(text, field) }
        #expect(error?.description.contains(reason) == true, "\(plugin.id) \(field.name)")
        #expect(error?.description.contains(text) == false)
      }
    }
  }

  @Test func `every sign of a keyboard may stand in one`() throws {
    let signs = String(String.UnicodeScalarView((0x21..<0x7F).compactMap(Unicode.Scalar.init)))
    let jenkins = try #require(PluginRegistry.standard["jenkins"])
    let field = try #require(jenkins.field("password"))
    #expect(try checked(signs, field) == signs)
  }

  @Test func `a private key keeps its line breaks`() throws {
    let github = try #require(PluginRegistry.standard["github"])
    let field = try #require(github.fields.first { $0.kind == .pem })
    let body = String(repeating: "A", count: 64)
    let key = "-----BEGIN RSA PRIVATE KEY-----\n\(body)\r\n\(body)\n-----END RSA PRIVATE KEY-----\n"
    #expect(try checked(key, field) == key)
    for fault in ["\u{0}", "\u{200B}", "é", "\u{FFFD}"] {
      #expect(throws: FieldMistake.self) { try checked(key + fault, field) }
    }
  }

  @Test func `blanks around the tokens of a list are dropped, those within refused`() throws {
    let github = try #require(PluginRegistry.standard["github"])
    let field = try #require(github.field("token"))
    let tokens = (1...2).map { "ghp_" + String(repeating: "\($0)", count: 36) }
    #expect(try checked("\(tokens[0]) ,  \(tokens[1])", field) == tokens.joined(separator: ","))
    for wrong in ["\(tokens[0]) \(tokens[1])", "\(tokens[0]),\n\(tokens[1])"] {
      #expect(throws: FieldMistake.self) { try checked(wrong, field) }
    }
  }
}
