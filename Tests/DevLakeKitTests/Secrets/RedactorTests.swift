import Testing

@testable import DevLakeKit

/// That a secret is hidden however a server writes it, and that nothing else is.
struct RedactorTests {
  private static let secret = "pa\"ss\\w<o>rd&/+=é1"

  private static func redactor(_ secrets: String...) -> Redactor {
    let redactor = Redactor()
    for secret in secrets { redactor.learn(Secret(secret)) }
    return redactor
  }

  /// A way in which a server writes a secret.
  struct Writing: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let write: @Sendable (String) -> String

    init(_ name: String, _ write: @escaping @Sendable (String) -> String) {
      testDescription = name
      self.write = write
    }

    static func each(
      _ name: String,
      _ write: @escaping @Sendable (Unicode.Scalar) -> String
    ) -> Writing {
      Writing(name) { $0.unicodeScalars.map(write).joined() }
    }

    static func bytes(_ name: String, _ write: @escaping @Sendable (UInt8) -> String) -> Writing {
      Writing(name) { $0.utf8.map(write).joined() }
    }
  }

  private static func hex(
    _ number: some BinaryInteger,
    _ digits: Int,
    upper: Bool = false
  ) -> String {
    let text = String(number, radix: 16, uppercase: upper)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func escapes(_ scalar: Unicode.Scalar, upper: Bool) -> String {
    String(scalar).utf16.map { "\\u" + hex($0, 4, upper: upper) }.joined()
  }

  static let writings: [Writing] = [
    Writing("as it is") { $0 },
    Writing("JSON") { String(JSONValue.string($0).text.dropFirst().dropLast()) },
    Writing("JSON of Go") { secret in
      String(JSONValue.string(secret).text.dropFirst().dropLast())
        .replacing("&", with: "\\u0026").replacing("<", with: "\\u003c")
        .replacing(">", with: "\\u003e").replacing("/", with: "\\/")
    },
    .each("every character an escape") { escapes($0, upper: false) },
    .each("every character an escape in capitals") { escapes($0, upper: true) },
    .each("escapes in braces") { "\\u{\(hex($0.value, 1))}" },
    .each("long escapes of Go") { "\\U\(hex($0.value, 8))" },
    .bytes("bytes of Go and JavaScript") { "\\x\(hex($0, 2))" },
    .bytes("percent, every byte") { "%\(hex($0, 2))" },
    .bytes("percent, every byte, in capitals") { "%\(hex($0, 2, upper: true))" },
    Writing("a path segment") { $0.percentEncoded },
    Writing("a path segment in small letters") { secret in
      secret.utf8.map { byte in
        let text = String(decoding: [byte], as: UTF8.self).percentEncoded
        return text.count > 1 ? text.lowercased() : text
      }.joined()
    },
    Writing("percent twice") { $0.percentEncoded.percentEncoded },
    Writing("HTML of Go") { secret in
      secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        .replacing(">", with: "&gt;").replacing("\"", with: "&#34;").replacing("'", with: "&#39;")
    },
    .each("decimal entities") { "&#\($0.value);" },
    .each("hexadecimal entities") { "&#x\(hex($0.value, 2));" },
    .each("hexadecimal entities in capitals") { "&#X\(hex($0.value, 4, upper: true));" },
    Writing("named entities") { secret in
      secret.replacing("&", with: "&amp;").replacing("/", with: "&sol;")
        .replacing("+", with: "&plus;").replacing("=", with: "&equals;")
        .replacing("\\", with: "&bsol;").replacing("\"", with: "&quot;")
    },
    Writing("a URL inside JSON") { secret in
      String(JSONValue.string(secret.percentEncoded).text.dropFirst().dropLast())
    },
    Writing("JSON inside JSON") { secret in
      let once = JSONValue.string(secret).text
      return String(JSONValue.string(once).text.dropFirst(3).dropLast(3))
    },
    Writing("base64") { Base64.encode(Array($0.utf8)) },
    Writing("base64 without padding") { Base64.encode(Array($0.utf8)).replacing("=", with: "") },
    Writing("base64 for URLs") { secret in
      Base64.encode(Array(secret.utf8)).replacing("+", with: "-").replacing("/", with: "_")
    },
    Writing("base64 of user and secret") { Base64.encode(Array("ada:\($0)".utf8)) },
    Writing("base64 of a longer user and secret") { Base64.encode(Array("grace:\($0)".utf8)) },
    Writing("base64 of another user and secret") { Base64.encode(Array("linus:\($0):x".utf8)) },
    .bytes("hexadecimal") { hex($0, 2) },
    .bytes("hexadecimal in capitals") { hex($0, 2, upper: true) },
    .each("blanks between") { "\($0) " },
    .each("lines between") { "\($0)\n" },
    .each("lines of Windows between") { "\($0)\r\n" },
    .each("marks without width between") { "\($0)\u{200B}" },
    .each("soft hyphens between") { "\($0)\u{AD}" },
    .each("marks that turn the direction between") { "\($0)\u{202E}" },
    .each("joiners and selectors between") { "\($0)\u{200D}\u{FE0F}\u{2060}" },
    .each("controls between") { "\($0)\u{1B}" },
    .each("no-break blanks between") { "\($0)\u{A0}" },
    .each("escaped lines between") { $0 == "\\" ? "\\\\\\n" : "\($0)\\n" },
    .each("escaped marks between") { $0 == "\\" ? "\\\\\\u200b" : "\($0)\\u200b" },
    .each("entities of marks between") { "\($0)&#8203;" },
  ]

  @Test(arguments: writings)
  func `a secret is hidden however it is written`(_ writing: Writing) {
    for secret in [Self.secret, "ghp_0123456789abcdefghijABCDEFGHIJ456789", "secret"] {
      let redactor = Self.redactor(secret)
      let text = "bad token '\(writing.write(secret))', try again"
      // By bytes: a mark that is left behind the stars would make one character of both.
      let shown = redactor.hiding(text).utf8
      #expect(shown.starts(with: "bad token '***".utf8), "\(redactor.hiding(text))")
      #expect(
        shown.reversed().starts(with: "', try again".utf8.reversed()),
        "\(redactor.hiding(text))"
      )
    }
  }

  @Test(arguments: [
    ("a b c d e f", "my pass phrase", "it says my+pass+phrase here", "it says *** here"),
    ("", "my pass phrase", "q=my%20pass%20phrase&x=1", "q=***&x=1"),
    ("", "tok+en/1234", "q=tok en/1234", "q=***"),
    ("", "hunter22", "hunter22hunter22 and hunter22", "*** and ***"),
    ("", "0123456789abcdefghijklmn", "cut: 0123456789abcdefghij…", "cut: ***…"),
    ("", "ab", "ab is too short to be searched for", "ab is too short to be searched for"),
    ("", "abcd", "ab cd are two words, abcd is one", "ab cd are two words, *** is one"),
    ("", "hunter22", "the hunter has 22 dogs", "the hunter has 22 dogs"),
    ("", "hunter22", "50% of &c. \\o/ %zz &#; \\u12", "50% of &c. \\o/ %zz &#; \\u12"),
    ("", "hunter22", "имя «Привет» 👩‍👧 é", "имя «Привет» 👩‍👧 é"),
  ])
  func `what is hidden is the secret and nothing else`(
    _: String,
    _ secret: String,
    _ text: String,
    _ shown: String
  ) {
    #expect(Self.redactor(secret).hiding(text) == shown)
  }

  @Test func `each of several tokens and each line of a key is a secret`() {
    let redactor = Self.redactor(
      "ghp_firstfirst,ghp_secondsecond",
      "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nabcdefghijklmnop\n-----END KEY-----"
    )
    #expect(redactor.hiding("no ghp_secondsecond") == "no ***")
    #expect(redactor.hiding("line abcdefghijklmnop") == "line ***")
    #expect(redactor.hiding("a -----END KEY-----") == "a -----END KEY-----")
  }

  @Test func `what lets us in is hidden in every form it is sent in`() {
    var access = Access()
    access.basic = (user: "ada", password: Secret("opensesame"))
    access.extra = [
      ("Authorization", Secret("Bearer headersecret1")),
      ("Cookie", Secret("sid=cookiesecret; a=b")),
      ("X-Env", Secret("prod")),
    ]
    let redactor = Redactor()
    redactor.learn(access)
    redactor.learn(passwordIn: "http://bob:p%40ssw0rd@proxy:3128")
    for text in [
      "opensesame", "YWRhOm9wZW5zZXNhbWU=", "YWRhOm9wZW5zZXNhbWU", "headersecret1",
      "Bearer headersecret1", "cookiesecret", "p@ssw0rd", "p%40ssw0rd",
    ] {
      #expect(redactor.hiding("got '\(text)'") == "got '***'", "\(text)")
    }
    #expect(redactor.hiding("ada on prod") == "ada on prod")
  }

  @Test func `a value loses secrets in texts, numbers and names, and keeps its shape`() throws {
    let redactor = Self.redactor("hunter22", "12345678", "name")
    let value: JSONValue = [
      "name": "x hunter22 y", "pin": .integer(12_345_678), "hunter22": [1, "hunter22", nil],
      "id": 7,
    ]
    #expect(
      redactor.hiding(value).text
        == #"{"name":"x *** y","pin":"***","***":[1,"***",null],"id":7}"#
    )
    let other: JSONValue = ["id": 7, "a": ["b": "c"]]
    #expect(redactor.hiding(other) == other)
  }

  @Test func `an escape before what is hidden stays whole`() throws {
    let redactor = Self.redactor("hunter22")
    let coded = Base64.encode(Array("hunter22".utf8))
    let text = JSONValue.string("a\n\(coded)\tb").text
    let shown = try JSONValue(parsing: Array(redactor.hiding(text).utf8))
    #expect(shown.string == "a\n***\tb")
  }

  @Test func `a thousand secrets are found in one pass`() {
    let redactor = Redactor()
    for number in 0..<1000 { redactor.learn(Secret("token-number-\(number)-x")) }
    #expect(redactor.hiding("a token-number-7-x b token-number-999-x") == "a *** b ***")
  }
}
