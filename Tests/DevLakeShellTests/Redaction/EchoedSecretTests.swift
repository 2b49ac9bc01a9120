import DevLakeKit
import Testing

@testable import DevLakeKit
@testable import DevLakeShell

/// That a server which quotes what it was sent, or what let us in, shows none of it, in whatever part
/// of an answer and however it is written.
struct EchoedSecretTests {
  private static let canary = "Canary<4242>&glpat/Zz+9=Canary"
  private static let marker = "QUOTED"

  /// How a quoted secret is written.
  static let writings: [(name: String, write: @Sendable (String) -> String)] = [
    ("as it is", { $0 }),
    ("percent", { $0.percentEncoded }),
    (
      "escapes of Go",
      { secret in
        secret.replacing("&", with: "\\u0026").replacing("<", with: "\\u003c")
          .replacing(">", with: "\\u003E")
      }
    ),
    ("HTML", { $0.replacing("&", with: "&amp;").replacing("<", with: "&lt;") }),
    ("base64", { Base64.encode(Array($0.utf8)) }),
    ("base64 of a pair", { Base64.encode(Array("ada:\($0)".utf8)) }),
    ("marks", { $0.map { "\($0)\u{200B}" }.joined() }),
    ("lines", { $0.map { "\($0)\n" }.joined() }),
  ]

  /// A part of an answer that quotes, and the commands that show it.
  struct Carrier: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The request that is answered so: the end of its method and path.
    let request: String
    let status: Int
    var headers: [(name: String, value: String)] = []
    var body = "{}"
  }

  static let carriers = [
    Carrier(
      testDescription: "the message of a refused test",
      request: "POST */test",
      status: 400,
      body: #"{"success":false,"message":"bad QUOTED here","code":400}"#
    ),
    Carrier(
      testDescription: "the login of a test",
      request: "POST */test",
      status: 200,
      body: #"{"success":true,"message":"success","login":"QUOTED"}"#
    ),
    Carrier(
      testDescription: "where a redirect leads",
      request: "POST */test",
      status: 302,
      headers: [("Location", "/cb/QUOTED?token=QUOTED#QUOTED")]
    ),
    Carrier(
      testDescription: "the message of a 401",
      request: "PATCH *",
      status: 401,
      body: #"{"success":false,"message":"bad header Authorization: Bearer QUOTED"}"#
    ),
    Carrier(
      testDescription: "the data of an error",
      request: "PATCH *",
      status: 400,
      body: #"{"success":false,"code":400,"message":"no","data":{"a":["QUOTED"],"QUOTED":1}}"#
    ),
    Carrier(
      testDescription: "when to try again",
      request: "PATCH *",
      status: 429,
      headers: [("Retry-After", "QUOTED")]
    ),
    Carrier(
      testDescription: "a name in a list",
      request: "GET */connections",
      status: 200,
      body: #"[{"id":1,"name":"QUOTED","endpoint":"https://QUOTED/","QUOTED":"QUOTED"}]"#
    ),
    Carrier(
      testDescription: "a page",
      request: "PATCH *",
      status: 500,
      headers: [("Content-Type", "text/html")],
      body: "<html><title>QUOTED</title>QUOTED</html>"
    ),
  ]

  @Test(arguments: carriers)
  func `nothing that was sent is shown`(_ carrier: Carrier) async throws {
    let many = ManyConnections(["gitlab": 1])
    for (name, write) in Self.writings {
      try await ShellFixture.with(seed: many.seed) { place in
        var place = place.with([
          "CANARY": Self.canary, "DEVLAKE_API_KEY": "DoorCanary&4242/dlk",
        ])
        place.transport = { options in
          Echo(AsyncHTTPTransport(options: options), carrier) { quoted in
            write(Self.canary) + " and " + write("DoorCanary&4242/dlk") + quoted
          }
        }
        for line in [
          "rotate gitlab/1 --token env:CANARY; list --json; list -o csv; test gitlab/1",
          "api PATCH /plugins/gitlab/connections/1 '{}' --secret token=env:CANARY --json -v",
          "try { update gitlab/1 --token env:CANARY } else { echo ${error.message} }; audit --json",
        ] {
          let shell = await place.run(line, ["-k", "--verbose"])
          expectNothing(in: shell.everything, "\(name): \(line)")
        }
        let log = place.folder.text("state/devlake-shell/audit.ndjson") ?? ""
        expectNothing(in: log, "\(name): the log")
      }
    }
  }

  private func expectNothing(in text: String, _ context: String) {
    let visible = String(String.UnicodeScalarView(text.unicodeScalars.filter { !$0.isInvisible }))
    for secret in [Self.canary, "DoorCanary&4242/dlk"] {
      for (name, write) in Self.writings {
        let written = write(secret).unicodeScalars.filter { !$0.isInvisible }
        #expect(
          !visible.contains(String(String.UnicodeScalarView(written))),
          "\(context): \(name) in \(text)"
        )
      }
    }
  }
}

/// A way to DevLake on which one kind of request is answered by somebody who quotes.
private struct Echo: HTTPTransport {
  let behind: any HTTPTransport
  let carrier: EchoedSecretTests.Carrier
  let quote: @Sendable (String) -> String

  init(
    _ behind: any HTTPTransport,
    _ carrier: EchoedSecretTests.Carrier,
    quote: @escaping @Sendable (String) -> String
  ) {
    self.behind = behind
    self.carrier = carrier
    self.quote = quote
  }

  func send(
    _ request: HTTPRequest,
    within limit: Duration
  ) async throws(TransportError) -> HTTPResponse {
    let words = carrier.request.split(separator: " ")
    let path = request.url.prefix { $0 != "?" }
    guard request.method == words[0], path.hasSuffix(words[1].dropFirst()) else {
      var plain = request
      // The simulator knows no door for keys here.
      plain.url = request.url.replacing("/rest/", with: "/")
      plain.headers.removeAll { $0.name == "Authorization" }
      return try await behind.send(plain, within: limit)
    }
    let text = quote("")
    let inJSON = String(JSONValue.string(text).text.dropFirst().dropLast())
    let isJSON = carrier.body.hasPrefix("{") || carrier.body.hasPrefix("[")
    return HTTPResponse(
      status: carrier.status,
      headers: carrier.headers.map { ($0.name, $0.value.replacing("QUOTED", with: text)) }
        + (carrier.headers.contains { $0.name == "Content-Type" }
          ? [] : [("Content-Type", "application/json")]),
      body: Array(carrier.body.replacing("QUOTED", with: isJSON ? inJSON : text).utf8)
    )
  }
}
