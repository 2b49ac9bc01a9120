import Testing

@testable import DevLakeKit

/// That no secret is left in what is shown of an answer or a body.
struct HiddenSecretsTests {
  @Test(
    arguments: [
      ("https://git:ghp_x@host/r.git", "https://***@host/r.git"),
      ("clone http://a:b@h1/x and http://c:d@h2/y", "clone http://***@h1/x and http://***@h2/y"),
      ("see https://host/a@b", "see https://host/a@b"), ("mail a@b.c", "mail a@b.c"),
      ("http://host then me@x", "http://host then me@x"), ("no url", "no url"),
    ]
  )
  func `URLs lose their users and passwords, each of them`(_ text: String, _ shown: String) {
    #expect(ServerText.withoutCredentials(text) == shown)
  }

  @Test func `names tell secrets at every depth, and the catalogue knows more`() throws {
    let value = try JSONValue(
      parsing: Array(
        #"""
        {"plan":[[{"options":{"url":"http://git:ghp_x@h/r","TOKEN":"a"}}]],"apiKey":{"apiKey":"b",
        "id":3},"tokens":["c",{"message":"m","token":"d"}],"dbUrl":"e","customHeaders":{"X":"f"},
        "usesApiToken":true,"tokenExpiresAt":"2026-01-01","password":null}
        """#.utf8
      )
    )
    let shown = SecretFields.hiding(value, and: PluginRegistry.standard.secretFields)
    #expect(
      shown.text
        == #"{"plan":[[{"options":{"url":"http://***@h/r","TOKEN":"***"}}]],"apiKey":{"apiKey":"***","#
        + #""id":3},"tokens":["***",{"message":"m","token":"***"}],"dbUrl":"***","#
        + #""customHeaders":{"X":"***"},"usesApiToken":true,"tokenExpiresAt":"2026-01-01","#
        + #""password":null}"#
    )
  }

  @Test func `a body of any shape is sent as it is and shown without secrets`() throws {
    for (text, shown) in [
      (
        #"{"a":1,"token":"t","b":{"secretKey":"s"}}"#,
        #"{"a":1,"token":"***","b":{"secretKey":"***"}}"#
      ),
      (#"[{"token":"t"},2]"#, #"[{"token":"***"},2]"#), ("null", "null"), (#""x""#, #""x""#),
    ] {
      let body = RequestBody(try JSONValue(parsing: Array(text.utf8)))
      #expect(String(decoding: body.bytes, as: UTF8.self) == text)
      #expect(body.shown.text == shown)
      #expect(body.holdsSecret == (text != shown))
    }
  }
}
