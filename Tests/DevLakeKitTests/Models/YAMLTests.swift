import Testing

@testable import DevLakeKit

/// That YAML is read and written without a value changing its kind.
struct YAMLTests {
  @Test(
    arguments: [
      ("a: 1", #"{"a":1}"#),
      ("a: no\nb: on\nc: 12:30\nd: 0o17", #"{"a":"no","b":"on","c":"12:30","d":"0o17"}"#),
      ("- true\n- False\n- ~\n-\n- 1.50", "[true,false,null,null,1.50]"),
      ("a: '1'\nb: \"true\"\nc: !!str 5", #"{"a":"1","b":"true","c":"5"}"#),
      ("x: &d {p: 1, q: 2}\ny: {<<: *d, q: 3}", #"{"x":{"p":1,"q":2},"y":{"p":1,"q":3}}"#),
      ("", "null"),
      ("# only a comment", "null"),
      ("007: bond", #"{"007":"bond"}"#),
    ]
  )
  func `a document is read by YAML 1.2's core schema`(yaml: String, json: String) throws {
    #expect(try YAML.parse(yaml).text == json)
  }

  @Test(
    arguments: [
      ("a: [", 2, "did not find expected"), ("a: 1\nb: 2\na: 3", 3, "'a' is listed twice"),
      ("a: 1\n---\nb: 2", 2, "a second document"), ("a: *nothing", 1, "undefined alias"),
      ("? [a]\n: 1", 1, "a key is not text"), ("a:\n\t- b", 2, ""),
      ("a: b\nc: \u{1}", 2, "control characters"),
      (String(repeating: "[", count: 100_000), 1, "nested deeper"),
    ]
  )
  func `a mistake has its line`(yaml: String, line: Int, reason: String) {
    let mistake = #expect(throws: YAMLMistake.self) { try YAML.parse(yaml) }
    #expect(mistake?.line == line)
    #expect(mistake?.reason.contains(reason) == true || reason.isEmpty)
  }

  @Test func `anchors that unfold to billions are refused`() {
    var yaml = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let names = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
      yaml += "l\(level): &l\(level) [\(names)]\n"
    }
    #expect(throws: YAMLMistake.self) { try YAML.parse(yaml) }
  }

  @Test func `what is written is block style`() {
    let value: JSONValue = [
      ["plugin": "github", "id": 1, "proxy": nil, "tags": ["a", "b"], "none": [], "empty": [:]]
    ]
    #expect(
      YAML.write(value) == """
        - plugin: github
          id: 1
          proxy: null
          tags:
          - a
          - b
          none: []
          empty: {}

        """
    )
  }

  @Test(
    arguments: [
      "yes", "no", "NO", "null", "~", "true", "1", "1.5", "0x1F", "1e3", ".5", "12:30",
      "2026-11-22",
      "", " lead", "trail ", "a: b", "a #b", "- x", "***", "&a", "!t", "@x", "`x`", "%x", "{a",
      "[a",
      "it's", "\"q\"", "two\nlines", "tab\t", "\u{7}bell", "日本", "🔑 key", "ключ", "http://x:8080/a",
      "a:", "<<", "=", "-", "?", "env:NAME", "\u{FEFF}mark", "a\u{FEFF}b", "\u{85}", "\u{2028}",
      "\u{FFFE}", "\0",
    ]
  )
  func `every text comes back as the text it was`(text: String) throws {
    let value: JSONValue = ["k": .string(text), "l": [.string(text)]]
    #expect(try YAML.parse(YAML.write(value)) == value)
    let keyed = JSONValue.object(JSONObject([(text, .integer(1))]))
    #expect(try YAML.parse(YAML.write(keyed)) == keyed)
  }

  @Test(arguments: [
    ("team", "team"), ("Team a", "Team a"), ("a:b", "a:b"), ("env:NAME", "env:NAME"),
    ("http://x:8080/a", "http://x:8080/a"), ("a#b", "a#b"), ("/a (b)=c,d+e@f", "/a (b)=c,d+e@f"),
    ("ключ", "ключ"), ("nulls", "nulls"), ("falsey", "falsey"), ("a: b", "'a: b'"),
    ("a #b", "'a #b'"), ("é: x", "'é: x'"), ("é #x", "'é #x'"), ("a:", "'a:'"), ("a ", "'a '"),
    ("1a", "'1a'"), ("-a", "'-a'"), ("Yes", "'Yes'"), ("OFF", "'OFF'"), ("False", "'False'"),
    ("a*b", "'a*b'"), ("", "''"),
  ])
  func `text is quoted only where a reader could take it for something else`(
    text: String,
    written: String
  ) {
    #expect(YAML.write(.string(text)) == written + "\n")
  }

  @Test func `marks of direction are written as escapes, and read back`() throws {
    let value: JSONValue = ["na\u{200F}me": "a\u{202E}b\u{2066}c"]
    let text = YAML.write(value)
    #expect(text == "\"na\\u200fme\": \"a\\u202eb\\u2066c\"\n")
    try #expect(YAML.parse(text) == value)
  }

  @Test(arguments: [
    "\u{FEFF}", "\u{FEFF}a", "\u{FEFF}\u{FEFF}a b", "a\u{FEFF}", "\u{200B}a\u{2060}",
  ])
  func `marks nobody sees are written as escapes, and read back`(_ name: String) throws {
    let value = JSONValue.object(JSONObject([(name, .array([.string(name)]))]))
    let text = YAML.write(value)
    #expect(!text.unicodeScalars.contains { $0 == "\u{FEFF}" || $0 == "\u{200B}" }, "\(text)")
    #expect(try YAML.parse(text) == value)
    #expect(try YAML.parse("\u{FEFF}" + text) == value)
    #expect(try YAML.parse("é: 1\r\nlist:\r\n- '\(name)'\r\n")["list"]?.array == [.string(name)])
    #expect(try YAML.parse(value.text) == value)
  }

  @Test func `numbers keep their spelling`() throws {
    let value: JSONValue = [.number("9223372036854775807"), .number("1.50"), .number("1e5")]
    #expect(try YAML.parse(YAML.write(value)) == value)
  }
}
