import AsyncHTTPClient
import Testing

@testable import DevLakeKit

/// What is an address of a server, and which server it is.
struct ServerURLTests {
  /// An address, and its canonical spelling.
  static let good: [(String, String)] = [
    ("http://localhost:8080", "http://localhost:8080"),
    ("http://localhost", "http://localhost"),
    ("http://localhost/", "http://localhost"),
    ("http://localhost//", "http://localhost"),
    ("http://localhost:80", "http://localhost"),
    ("https://localhost:443/", "https://localhost"),
    ("https://localhost:80", "https://localhost:80"),
    ("http://localhost:443", "http://localhost:443"),
    ("http://localhost:1", "http://localhost:1"),
    ("http://localhost:65535", "http://localhost:65535"),
    ("http://localhost:08080", "http://localhost:8080"),
    ("HTTP://LocalHost:8080", "http://localhost:8080"),
    ("hTTpS://DevLake.Corp/API", "https://devlake.corp/API"),
    ("http://devlake.corp.", "http://devlake.corp"),
    ("http://devlake.corp.:8080/", "http://devlake.corp:8080"),
    ("http://devlake_api:8080", "http://devlake_api:8080"),
    ("http://dev-lake:8080", "http://dev-lake:8080"),
    ("http://a-.b:8080", "http://a-.b:8080"),
    ("http://4000.example", "http://4000.example"),
    ("http://1.2.3.4.example", "http://1.2.3.4.example"),
    ("http://xn--bcher-kva.example", "http://xn--bcher-kva.example"),
    ("http://XN--BCHER-KVA.example", "http://xn--bcher-kva.example"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("http://255.255.255.255", "http://255.255.255.255"),
    ("http://127.0.0.1.:8080", "http://127.0.0.1:8080"),
    ("http://[::1]", "http://[::1]"),
    ("http://[::1]:8080/api", "http://[::1]:8080/api"),
    ("http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"),
    ("http://[2001:DB8::A]:8080", "http://[2001:db8::a]:8080"),
    ("http://[::ffff:192.0.2.1]", "http://[::ffff:192.0.2.1]"),
    ("http://[::FFFF:C000:201]", "http://[::ffff:192.0.2.1]"),
    ("http://[fe80::1%25eth0]:8080", "http://[fe80::1%25eth0]:8080"),
    ("http://[fe80::1%eth0]:8080", "http://[fe80::1%25eth0]:8080"),
    ("http://[FE80::1%25Eth0.5]", "http://[fe80::1%25Eth0.5]"),
    ("http://[fe80::1%2]", "http://[fe80::1%252]"),
    ("http://lake/devlake/api", "http://lake/devlake/api"),
    ("http://lake/devlake/api/", "http://lake/devlake/api"),
    ("http://lake/%64evlake", "http://lake/devlake"),
    ("http://lake/a%20b", "http://lake/a%20b"),
    ("http://lake/a%c3%a9", "http://lake/a%C3%A9"),
    ("http://lake/a%40b", "http://lake/a%40b"),
    ("http://lake/a%3fb", "http://lake/a%3Fb"),
    ("http://lake/a;b=c,d/~e!$&'()*+:f", "http://lake/a;b=c,d/~e!$&'()*+:f"),
    ("http://lake/...", "http://lake/..."),
    ("http://ada:word@lake:8080", "http://lake:8080"),
    ("http://ada@lake", "http://lake"),
    ("http://ada:@lake", "http://lake"),
    ("http://:word@lake", "http://lake"),
    ("http://ada:p%40ss%3A%2F@lake", "http://lake"),
    ("http://ada:a:b:c@lake", "http://lake"),
    ("http://devlake.corp:8080@192.0.2.2:19191", "http://192.0.2.2:19191"),
    ("http://devlake.corp@evil.example", "http://evil.example"),
  ]

  @Test(arguments: good)
  func `an address has one spelling, and the client connects to that host and port`(
    text: String,
    canonical: String
  ) throws {
    let url = try ServerURL(text)
    #expect(url.text == canonical)
    #expect(try ServerURL(canonical).text == canonical)
    let request = try HTTPClient.Request(url: url.text + "/version")
    #expect(request.host.filter { $0 != "[" && $0 != "]" } == url.host)
    #expect(request.port == url.port)
  }

  /// A text that is none, and what is said of it.
  static let bad: [(String, String)] = [
    ("", "it is empty"),
    ("lake", "start with https:// or http://"),
    ("lake.example", "start with https:// or http://"),
    ("lake:8080", "start with https:// or http://"),
    ("//lake:8080", "start with https:// or http://"),
    ("http:/lake", "start with https:// or http://"),
    ("http:lake", "start with https:// or http://"),
    ("ftp://lake", "start with https:// or http://"),
    ("file:///etc/passwd", "start with https:// or http://"),
    ("unix:///var/run/x", "start with https:// or http://"),
    ("http+unix://%2Ftmp", "start with https:// or http://"),
    ("javascript://lake", "start with https:// or http://"),
    ("xhttp://lake", "start with https:// or http://"),
    ("://lake", "start with https:// or http://"),
    ("http://", "it has no host"),
    ("http:///", "it has no host"),
    ("http:///lake", "it has no host"),
    ("http://:8080", "it has no host"),
    ("http://ada:word@", "it has no host"),
    ("http://ada:word@:8080", "it has no host"),
    ("http://lake:", "no port follows ':'"),
    ("http://lake:/api", "no port follows ':'"),
    ("http://lake:0", "the port is 0; ports are 1 to 65535"),
    ("http://lake:00000", "the port is 00000"),
    ("http://lake:65536", "the port is 65536; ports are 1 to 65535"),
    ("http://127.0.0.1:65536", "the port is 65536"),
    ("http://[::1]:65536", "the port is 65536"),
    ("http://lake:70000", "the port is 70000"),
    ("http://localhost:73616", "the port is 73616"),
    ("http://lake:000080", "the port is 000080"),
    ("http://lake:18446744073709551696", "the port is a number of 20 digits"),
    ("http://lake:99999999999999999999", "the port is a number of 20 digits"),
    ("http://lake:-1", "the port is not a number"),
    ("http://lake:+80", "the port is not a number"),
    ("http://lake:8080x", "the port is not a number"),
    ("http://lake:http", "the port is not a number"),
    ("http://lake:8O80", "the port is not a number"),
    ("http://lake:٨٠", "the port is not a number"),
    ("http://lake:80:80", "an IPv6 address needs brackets"),
    ("http://::1", "an IPv6 address needs brackets"),
    ("http://2001:db8::1:8080", "an IPv6 address needs brackets"),
    ("http://[::1", "is not closed"),
    ("http://[::1]8080", "only a port can follow the bracket"),
    ("http://[::1].example", "only a port can follow the bracket"),
    ("http://[]", "no IPv6 address in the brackets"),
    ("http://[lake]", "no IPv6 address in the brackets"),
    ("http://[127.0.0.1]", "no IPv6 address in the brackets"),
    ("http://[::g]", "no IPv6 address in the brackets"),
    ("http://[::1%25]", "the zone of its IPv6 address"),
    ("http://[::1%]", "the zone of its IPv6 address"),
    ("http://[fe80::1%25eth0%25x]", "the zone of its IPv6 address"),
    ("http://[fe80::1%25a/b]", "is not closed"),
    ("http://127.1", "an IPv4 address is four numbers"),
    ("http://127.0.0.256", "an IPv4 address is four numbers"),
    ("http://127.0.0.01", "an IPv4 address is four numbers"),
    ("http://0177.0.0.1", "an IPv4 address is four numbers"),
    ("http://2130706433", "an IPv4 address is four numbers"),
    ("http://0x7f000001", "an IPv4 address is four numbers"),
    ("http://0x7F.1", "an IPv4 address is four numbers"),
    ("http://lake.0x10", "an IPv4 address is four numbers"),
    ("http://1.2.3.4.5", "an IPv4 address is four numbers"),
    ("http://lake..example", "a part of the host is empty"),
    ("http://.lake", "a part of the host is empty"),
    ("http://lake..", "a part of the host is empty"),
    ("http://.", "a part of the host is empty"),
    ("http://-lake", "a part of the host starts with '-'"),
    ("http://la%6Be", "'%' in the host"),
    ("http://lake%2Fx", "'%' in the host"),
    ("http://lake%00.example", "'%' in the host"),
    ("http://la,ke", "may contain only letters"),
    ("http://la*ke", "may contain only letters"),
    ("http://<lake>", "may contain only letters"),
    ("http://lake;x", "may contain only letters"),
    ("http://lake&x=y", "may contain only letters"),
    ("http://bücher.example", "the host is not ASCII"),
    ("http://lаke.example", "the host is not ASCII"),
    ("http://lake．example", "the host is not ASCII"),
    ("http://lake。example", "the host is not ASCII"),
    ("http://ℓake", "the host is not ASCII"),
    ("http://\(String(repeating: "a", count: 64)).example", "host name is too long"),
    ("http://\(String(repeating: "a.", count: 127))b", "host name is too long"),
    ("http://lake?", "'?' and the text after it"),
    ("http://lake:8080?x=y", "'?' and the text after it"),
    ("http://lake/api?key=word", "'?' and the text after it"),
    ("http://lake#", "'#' and the text after it"),
    ("http://lake/api#top", "'#' and the text after it"),
    ("http://devlake.corp:8080?@192.0.2.2:19191", "'@' after the host"),
    ("http://devlake.corp:8080#@192.0.2.2:19191", "'@' after the host"),
    ("http://devlake.corp:8080/@192.0.2.2:19191", "'@' after the host"),
    ("http://gateway.example/team@192.0.2.2:19191", "'@' after the host"),
    ("https://gateway.corp/team@eu/devlake/api", "'@' after the host"),
    ("http://ada:wo/rd@lake", "'@' after the host"),
    ("http://ada:wo?rd@lake", "'@' after the host"),
    ("http://ada:wo#rd@lake", "'@' after the host"),
    ("http://ada:wo@rd@lake", "as %40"),
    ("http://devlake.corp@192.0.2.2@192.0.2.3", "as %40"),
    ("http://@lake", "no user name before '@'"),
    ("http://ada:wo%rd@lake", "%25"),
    ("http://ada:wo%0Ard@lake", "control characters are not"),
    ("http://ada%00@lake", "control characters are not"),
    ("http://ada:%FF@lake", "%25"),
    ("http://lake\\@evil", "a backslash"),
    ("http://lake\\evil", "a backslash"),
    ("http:\\\\lake", "a backslash"),
    ("http://lake/a\\b", "a backslash"),
    (" http://lake", "a space"),
    ("http://lake ", "a space"),
    ("http://la ke", "a space"),
    ("http://lake/a b", "a space"),
    ("http://lake\t", "a control character or a space"),
    ("http://lake\n", "a control character or a space"),
    ("http://lake\r\nHost: evil", "a control character or a space"),
    ("http://lake\0.evil", "a control character or a space"),
    ("http://lake\u{7F}", "a control character or a space"),
    ("http://lake\u{85}", "a control character or a space"),
    ("http://lake\u{A0}", "a control character or a space"),
    ("http://lake\u{200B}.evil", "a control character or a space"),
    ("http://lake\u{202E}live", "a control character or a space"),
    ("http://lake@\u{301}evil", "the host is not ASCII"),
    ("http://lake/\u{301}@evil", "percent-encode a user name or password that is not ASCII"),
    ("http://ada:pä@lake", "percent-encode a user name or password that is not ASCII"),
    ("http://lake/é", "the path is not ASCII"),
    ("http://lake/x@\u{301}evil", "the path is not ASCII"),
    ("http://lake/..", "'..' in the path"),
    ("http://lake/a/../b", "'..' in the path"),
    ("http://lake/./a", "'.' in the path"),
    ("http://lake/%2e%2E/a", "'..' in the path"),
    ("http://lake/a/.%2e", "'..' in the path"),
    ("http://lake//a", "two adjacent slashes"),
    ("http://lake/a//b", "two adjacent slashes"),
    ("http://lake/a%2Fb", "is encoded in the path"),
    ("http://lake/a%5cb", "is encoded in the path"),
    ("http://lake/a%0d%0a", "is encoded in the path"),
    ("http://lake/a%1Fb", "is encoded in the path"),
    ("http://lake/a%7f", "is encoded in the path"),
    ("http://lake/a%", "'%' in the path"),
    ("http://lake/a%2", "'%' in the path"),
    ("http://lake/a%zz", "'%' in the path"),
    ("http://lake/a%+1", "'%' in the path"),
    ("http://lake/a[b]", "percent-encoded"),
    ("http://lake/a{b}", "percent-encoded"),
    ("http://lake/a|b", "percent-encoded"),
    ("http://lake/\"a\"", "percent-encoded"),
    ("http://lake/<a>", "percent-encoded"),
    ("http://lake/a^b", "percent-encoded"),
  ]

  @Test(arguments: bad)
  func `what is no address is refused with the reason`(text: String, reason: String) {
    let mistake = #expect(throws: ServerURLMistake.self) { try ServerURL(text) }
    #expect(mistake?.reason.contains(reason) == true, "\(mistake?.reason ?? "")")
  }

  @Test(arguments: ["wo/rd", "wo?rd", "wo#rd", "wo@rd", "wo\\rd", "wo rd", "wo%rd", "wo\nrd"])
  func `a password that is not written right is not shown`(word: String) {
    let mistake = #expect(throws: ServerURLMistake.self) {
      try ServerURL("http://ada:\(word)@lake")
    }
    #expect(mistake?.shown == nil)
    #expect(mistake?.description.contains("ada") == false)
    #expect(mistake?.description.hasPrefix("the URL cannot be used: ") == true)
  }

  @Test func `what is refused is shown without its query and its marks`() {
    let mistake = #expect(throws: ServerURLMistake.self) {
      try ServerURL("http://lake/\u{1B}[2Japi?key=word")
    }
    #expect(mistake?.shown == "http://lake/ [2Japi")
  }

  @Test(
    arguments: [
      ("lake:8080", "http://lake:8080"), ("localhost:4000/api", "http://localhost:4000/api"),
      ("[::1]:8080", "http://[::1]:8080"), ("lake:65536", nil), ("lake:18446744073709551696", nil),
      ("lake", nil), ("lake/api", nil), ("http:8080", nil), ("ada:1@lake:80", nil), (":8080", nil),
      ("lake:8080@evil", nil), ("lake:8080?@evil", nil), ("[::1]", nil),
      ("https://lake", "https://lake"),
    ] as [(String, String?)]
  )
  func `a person may leave out http:// before a host with a port`(text: String, url: String?) {
    #expect((try? ServerURL(typed: text))?.text == url)
  }

  @Test(
    arguments: [
      ("http://ada:word@lake", "ada", "word"), ("http://ada@lake", "ada", ""),
      ("http://ada:@lake", "ada", ""), ("http://:word@lake", "", "word"),
      ("http://a%64a:p%40ss%3A%2F@lake", "ada", "p@ss:/"), ("http://ada:a:b@lake", "ada", "a:b"),
      ("http://ada:p%C3%A4@lake", "ada", "pä"),
    ]
  )
  func `user name and password are kept apart`(text: String, user: String, word: String) throws {
    let url = try ServerURL(text)
    #expect(url.credentials == .init(user: user, password: Secret(word)))
    #expect(url.text == "http://lake")
    #expect(word.isEmpty || !String(reflecting: url).contains(word))
  }

  @Test(
    arguments: [
      ("http://localhost", true), ("http://lab.localhost", true), ("http://127.0.0.53:1", true),
      ("http://[::1]", true), ("http://[::ffff:127.0.0.1]", true),
      ("http://127.example.org", false),
      ("http://localhost.example", false), ("http://notlocalhost", false),
      ("http://0.0.0.0", false),
      ("http://128.0.0.1", false), ("http://[::2]", false), ("http://[fe80::1%25lo]", false),
      ("http://localhost@evil.example", false), ("http://127.0.0.1@evil.example", false),
    ]
  )
  func `this machine is told from others`(text: String, isLoopback: Bool) throws {
    let url = try ServerURL(text)
    #expect(url.isLoopback == isLoopback)
    #expect(url.isOpen == !isLoopback)
  }

  @Test(
    arguments: [
      ("http://lake", "http://lake", "lake"),
      ("https://lake:8443/x", "https://lake:8443", "lake:8443"),
      ("http://[::1]:1/x", "http://[::1]:1", "[::1]:1"),
      ("http://[fe80::1%25lo]", "http://[fe80::1%25lo]", "[fe80::1%lo]"),
    ]
  )
  func `origin and address are parts of it`(text: String, origin: String, address: String) throws {
    #expect(try ServerURL(text).origin == origin)
    #expect(try ServerURL(text).address == address)
  }

  @Test func `a zone is nothing to tell the server`() throws {
    #expect(try ServerURL("http://[fe80::1%25lo]:8080").hostField == "[fe80::1]:8080")
    #expect(try ServerURL("http://[fe80::1]:8080").hostField == nil)
    #expect(try ServerURL("http://lake:8080").hostField == nil)
  }
}
